/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What may be shown of a URL. It takes the URL apart by its separators alone, because it is also
 * used for addresses that are wrong.
 */
#include <string.h>
#include <strings.h>

#include "driftop/base/str.h"
#include "driftop/net/auth.h"

#define HIDDEN "***"

/* True when a name contains one of the words that secrets go by. */
static bool names_a_secret(const char *name, size_t length)
{
    static const char *const words[] = {"token", "key",  "secret", "passw", "pwd",
                                        "sig",   "auth", "cred",   "code",  "session"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        for (size_t at = 0; at + n <= length; at++)
            if (strncasecmp(name + at, words[i], n) == 0)
                return true;
    }
    return false;
}

static void add_query(struct str *s, const char *query)
{
    while (*query != '\0') {
        size_t length = strcspn(query, "&;#");
        size_t name = strcspn(query, "=&;#");
        if (name < length && names_a_secret(query, name)) {
            str_add_bytes(s, query, name + 1);
            str_add(s, HIDDEN);
        } else {
            str_add_bytes(s, query, length);
        }
        query += length;
        if (*query == '#')
            break; /* a fragment is never sent; what it holds is nobody's business */
        if (*query != '\0')
            str_add_char(s, *query++);
    }
}

int auth_redact_url(struct str *s, const char *url)
{
    const char *scheme_end = strstr(url, "://");
    const char *authority = scheme_end != NULL ? scheme_end + 3 : url;
    size_t authority_length = strcspn(authority, "/?#");
    const char *host = authority;
    for (const char *p = authority; p < authority + authority_length; p++)
        if (*p == '@')
            host = p + 1;
    str_add_bytes(s, url, (size_t)(authority - url));
    if (host != authority)
        str_add(s, HIDDEN "@");
    size_t length = strcspn(host, "?#");
    str_add_bytes(s, host, length);
    if (host[length] == '?') {
        str_add_char(s, '?');
        add_query(s, host + length + 1);
    }
    return s->failed ? ERR_LIMIT : 0;
}

bool auth_is_secret_header(const char *name)
{
    return strcasecmp(name, "cookie") == 0 || strcasecmp(name, "set-cookie") == 0 ||
           names_a_secret(name, strlen(name));
}
