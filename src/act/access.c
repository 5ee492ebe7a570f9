/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/act/access.h"

#include <string.h>

#include "driftop/base/err.h"
#include "driftop/net/auth.h"

static enum auth_source source_of(const struct option_value *v)
{
    switch (v->source) {
    case OPTION_PLAIN: return AUTH_VALUE;
    case OPTION_ENV: return AUTH_ENV;
    case OPTION_FILE: return AUTH_FILE;
    case OPTION_COMMAND: return AUTH_COMMAND;
    }
    return AUTH_VALUE;
}

static int open_auth(const struct option_set *set, struct auth **ret, struct err *e)
{
    const struct option_value *password = option_get(set, "password");
    const struct option_value *token = option_get(set, "token");
    const struct option_value *secret = NULL;
    struct auth_options o = {.kind = AUTH_NONE};

    *ret = NULL;
    if (token && token->present) {
        secret = token;
        o.header_name = option_text(set, "header");
        o.kind = o.header_name ? AUTH_HEADER : AUTH_BEARER;
    } else if (password && password->present) {
        secret = password;
        o.kind = AUTH_BASIC;
        o.user = option_text(set, "user");
    }
    if (!secret)
        return 0;
    o.source = source_of(secret);
    o.secret = secret->text;
    o.argv = (const char *const *)secret->items;
    return auth_new(&o, ret, e);
}

int access_open(const struct config *c, const struct option_set *options,
                const struct option_set *credentials, struct access *ret, struct err *e)
{
    memset(ret, 0, sizeof *ret);
    ret->net.connect_timeout_ms = (int)c->connect_timeout_ms;
    ret->net.timeout_ms = (int)c->timeout_ms;
    ret->net.ca_file = option_text(options, "ca_file");
    ret->net.insecure = option_bool(options, "insecure");
    return open_auth(credentials ? credentials : options, &ret->net.auth, e);
}

void access_close(struct access *a)
{
    auth_free(a->net.auth);
    a->net.auth = NULL;
}
