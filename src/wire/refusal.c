/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "refusal_private.h"

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/utf8.h"

int refusal_code(int status)
{
    switch (status) {
    case 401: return ERR_AUTH;
    case 403: return ERR_DENIED;
    case 404: return ERR_ABSENT;
    case 409: return ERR_CONFLICT;
    case 429:
    case 503: return ERR_BUSY;
    case 408:
    case 504: return ERR_TIMEOUT;
    default: return status >= 400 && status <= 599 ? ERR_REJECTED : ERR_PROTOCOL;
    }
}

char *refusal_text(const char *bytes, size_t length, const struct json *root, char *buf,
                   size_t size)
{
    static const char *const members[] = {"message", "error", "detail"};
    size_t n = 0;
    const char *text = json_text(root, &n);
    for (size_t i = 0; i < sizeof members / sizeof *members && !text; i++)
        text = json_text(json_get(root, members[i]), &n);
    if (!text)
        text = json_text(json_get(json_at(json_get(root, "detail"), 0), "msg"), &n);
    if (!text) {
        text = bytes;
        n = length;
    }
    if (n > 0)
        return utf8_clean(buf, size, text, n);
    if (size > 0)
        buf[0] = '\0';
    return buf;
}
