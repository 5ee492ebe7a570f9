/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/haproxy_command.h"

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/wire/haproxy.h"

#define SEVERITY "set severity-output number;"

bool haproxy_name_valid(const char *name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:.-";
    size_t length = strlen(name);
    return length > 0 && length <= HAPROXY_NAME_MAX && strspn(name, allowed) == length;
}

/* The name itself is not repeated in the error: it may be an attempt at something. */
static int check_name(const char *what, const char *name, struct err *e)
{
    if (name && haproxy_name_valid(name))
        return 0;
    return err_set(e, ERR_INVALID, "the name of the %s is not one HAProxy could have", what);
}

static int check_names(const char *backend, const char *server, struct err *e)
{
    int result = check_name("backend", backend, e);
    return result < 0 ? result : check_name("server", server, e);
}

int haproxy_show_stat(struct str *ret, const char *backend, struct err *e)
{
    if (!backend)
        return str_add(ret, "show stat\n");
    int result = check_name("backend", backend, e);
    /* 6 = backend lines (2) and server lines (4), -1 = all servers */
    return result < 0 ? result : str_addf(ret, "show stat %s 6 -1\n", backend);
}

int haproxy_show_servers(struct str *ret, const char *backend, struct err *e)
{
    if (!backend)
        return str_add(ret, "show servers state\n");
    int result = check_name("backend", backend, e);
    return result < 0 ? result : str_addf(ret, "show servers state %s\n", backend);
}

int haproxy_show_info(struct str *ret)
{
    return str_add(ret, "show info\n");
}

int haproxy_get_weight(struct str *ret, const char *backend, const char *server, struct err *e)
{
    int result = check_names(backend, server, e);
    return result < 0 ? result : str_addf(ret, "get weight %s/%s\n", backend, server);
}

int haproxy_set_weight(struct str *ret, const char *backend, const char *server, int weight,
                       struct err *e)
{
    int result = check_names(backend, server, e);
    if (result < 0)
        return result;
    if (weight < 0 || weight > HAPROXY_WEIGHT_MAX)
        return err_set(e, ERR_INVALID, "a weight is 0 to %d, not %d", HAPROXY_WEIGHT_MAX, weight);
    return str_addf(ret, SEVERITY "set weight %s/%s %d\n", backend, server, weight);
}

int haproxy_set_state(struct str *ret, const char *backend, const char *server,
                      enum haproxy_state state, struct err *e)
{
    static const char *const words[] = {[HAPROXY_STATE_READY] = "ready",
                                        [HAPROXY_STATE_DRAIN] = "drain",
                                        [HAPROXY_STATE_MAINT] = "maint"};
    int result = check_names(backend, server, e);
    if (result < 0)
        return result;
    return str_addf(ret, SEVERITY "set server %s/%s state %s\n", backend, server, words[state]);
}
