/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base64_private.h"

#include <stdint.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

int base64_decode(const char *text, size_t length, struct str *ret)
{
    uint32_t bits = 0;
    int n_bits = 0;
    while (length > 0 && text[length - 1] == '=')
        length--;
    if (length % 4 == 1)
        return ERR_DATA;
    for (size_t i = 0; i < length; i++) {
        int value = sextet(text[i]);
        if (value < 0)
            return ERR_DATA;
        bits = bits << 6 | (uint32_t)value;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            int result = str_add_char(ret, (char)(bits >> n_bits & 0xff));
            if (result < 0)
                return result;
        }
    }
    return 0;
}
