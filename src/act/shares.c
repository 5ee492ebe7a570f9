/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/act/shares.h"

#include <stdlib.h>
#include <string.h>

int shares_parse(const char *text, struct plan_wish *ret, struct err *e)
{
    text += strspn(text, ", ");
    while (*text) {
        size_t length = strcspn(text, ", ");
        const char *equals = memchr(text, '=', length);
        struct control_share *share = &ret->shares[ret->n_shares];
        char *end;
        if (!equals || equals == text || ret->n_shares >= PLAN_SHARES_MAX)
            return err_set(e, ERR_USAGE, "%.*s: VERSION=PERCENT is expected", (int)length, text);
        if ((size_t)(equals - text) >= sizeof share->version)
            return err_set(e, ERR_USAGE, "the version's name is too long");
        memcpy(share->version, text, (size_t)(equals - text));
        share->version[equals - text] = '\0';
        double percent = strtod(equals + 1, &end);
        /* Of a number only what people write: no sign, no exponent, no hexadecimal one. */
        bool plain =
            end > equals + 1 && strspn(equals + 1, "0123456789.") == (size_t)(end - equals - 1);
        if (*end == '%')
            end++;
        if (!plain || end != text + length || !(percent >= 0 && percent <= 100))
            return err_set(e, ERR_USAGE, "%.*s: a percentage from 0 to 100 is expected",
                           (int)length, text);
        share->ratio = percent / 100;
        for (size_t i = 0; i < ret->n_shares; i++)
            if (strcmp(ret->shares[i].version, share->version) == 0)
                return err_set(e, ERR_USAGE, "%s stands there twice", share->version);
        ret->n_shares++;
        text += length + strspn(text + length, ", ");
    }
    return ret->n_shares ? 0 : err_set(e, ERR_USAGE, "which shares? (41=75,42=25)");
}
