/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HAProxy through its runtime API: one backend is one deployment, its servers are the targets. All
 * that a poll asks goes over one connection per socket, so that weights, states and counters are
 * of one moment. Each socket is an endpoint of its own: several HAProxy nodes need not agree.
 * desired is uweight (what was set), effective is weight (what counts now), and lbtot counts what
 * the balancer gave out. `show cli level` tells a read-level socket from an admin one.
 */
#include "haproxy_private.h"

#include <stdio.h>
#include <string.h>

#include "../reply_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/wire/haproxy.h"
#include "driftop/wire/haproxy_answer.h"
#include "driftop/wire/haproxy_command.h"

/* clang-format off */
static const struct option_row options[] = {
    {.name = "sockets", .type = OPTION_LIST, .item = OPTION_ADDRESS, .flags = OPTION_REQUIRED,
     .help = "Runtime API sockets, one for each HAProxy node: a path or HOST:PORT.",
     .example = "[/run/haproxy/admin.sock]"},
    {.name = "backend", .type = OPTION_NAME,
     .help = "The backend that splits this deployment's traffic; else the deployment's name."},
};
/* clang-format on */

const char *haproxy_backend(const struct adapt_scope *scope)
{
    const char *backend = option_text(scope->options, "backend");

    return backend ? backend : scope->deployment;
}

const char *haproxy_socket(const struct adapt_scope *scope, unsigned i)
{
    const struct option_value *sockets = option_get(scope->options, "sockets");

    return sockets && i < sockets->n_items ? sockets->items[i] : NULL;
}

/* Four commands on one line, answered one after the other. `proxy` is the backend's name or number;
 * the number is asked for on page 1. */
static int build(const char *proxy, const char *backend, struct str *ret, struct err *e)
{
    int result = haproxy_show_stat(ret, proxy, e);

    if (result < 0)
        return result;
    ret->data[ret->length - 1] = ';';
    haproxy_show_servers(ret, backend, e);
    ret->data[ret->length - 1] = ';';
    haproxy_show_info(ret);
    ret->data[ret->length - 1] = ';';
    return str_add(ret, "show cli level\n");
}

static int add_request(const struct adapt_scope *scope, unsigned endpoint, const char *proxy,
                       unsigned page, struct adapt_requests *ret, struct err *e)
{
    struct adapt_request *r = adapt_requests_add(ret, "show stat, servers state, info");

    if (!r)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    r->endpoint = endpoint;
    r->page = page;
    r->request.transport = NET_STREAM;
    net_request_address(&r->request, "%s", haproxy_socket(scope, endpoint));
    return build(proxy, haproxy_backend(scope), &r->request.body, e);
}

static int requests(const struct adapt_scope *scope, struct adapt_requests *ret, struct err *e)
{
    int result = 0;

    for (unsigned i = 0; result == 0 && haproxy_socket(scope, i); i++)
        result = add_request(scope, i, haproxy_backend(scope), 0, ret, e);
    return result;
}

/* Each command's answer ends with an empty line. */
static struct span take_section(struct span *rest)
{
    const char *end = rest->length ? memmem(rest->data, rest->length, "\n\n", 2) : NULL;
    size_t length = end ? (size_t)(end - rest->data) + 2 : rest->length;
    struct span section = {rest->data, length};

    rest->data += length;
    rest->length -= length;
    return section;
}

static void copy(char *buf, size_t size, struct span text)
{
    utf8_clean(buf, size, text.data ? text.data : "", text.length);
}

static int add_fact(struct observation_list *ret, unsigned endpoint, const char *name,
                    const char *value)
{
    struct observation *o = observation_add(ret, OBSERVATION_CONTROL);

    if (!o)
        return ERR_NOMEM;
    o->endpoint = endpoint;
    snprintf(o->text, sizeof o->text, "%s%s", name, value);
    if (strcmp(name, HAPROXY_FACT_LEVEL) == 0) {
        o->has = HAS_WRITABLE;
        o->writable = strcmp(value, "admin") == 0;
    }
    return 0;
}

static double sum_errors(const struct haproxy_stat *row, bool *ret_any)
{
    static const enum haproxy_column columns[] = {HAPROXY_HRSP_5XX, HAPROXY_ECON, HAPROXY_ERESP};
    double sum = 0;
    int64_t n;

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (haproxy_stat_number(row, columns[i], &n)) {
            sum += (double)n;
            *ret_any = true;
        }
    return sum;
}

static int add_target(const struct haproxy_stat *row, unsigned endpoint,
                      struct observation_list *ret)
{
    struct observation *o = observation_add(ret, OBSERVATION_TARGET);
    bool errors = false;
    int64_t n;

    if (!o)
        return ERR_NOMEM;
    o->endpoint = endpoint;
    copy(o->target.target, sizeof o->target.target, row->svname);
    copy(o->target.state, sizeof o->target.state, row->status_text);
    o->has = HAS_UP;
    o->target.up = haproxy_status_serves(row->status);
    if (haproxy_stat_number(row, HAPROXY_UWEIGHT, &n)) {
        o->has |= HAS_DESIRED;
        o->target.desired_weight = (double)n;
    }
    if (haproxy_stat_number(row, HAPROXY_WEIGHT, &n)) {
        o->has |= HAS_EFFECTIVE;
        o->target.effective_weight = o->target.up ? (double)n : 0;
    }
    if (haproxy_stat_number(row, HAPROXY_LBTOT, &n)) {
        o->has |= HAS_SESSIONS;
        o->target.sessions_total = (double)n;
    }
    if (haproxy_stat_number(row, HAPROXY_SCUR, &n))
        o->target.active = (double)n;
    o->target.errors_total = sum_errors(row, &errors);
    if (errors)
        o->has |= HAS_ERRORS;
    return 0;
}

static int decode_stats(const struct adapt_scope *scope, struct span text, unsigned endpoint,
                        struct observation_list *ret, struct err *e)
{
    const char *backend = haproxy_backend(scope);
    const struct haproxy_stat *whole;
    struct haproxy_stats stats;
    int result = haproxy_parse_stats(text.data, text.length, &stats, e);
    size_t n = 0;

    if (result == ERR_ABSENT)
        err_set(e, result, "HAProxy has no backend %s", backend);
    for (size_t i = 0; result == 0 && i < stats.n_rows; i++) {
        int64_t type;
        if (!span_is(stats.rows[i].pxname, backend) ||
            !haproxy_stat_number(&stats.rows[i], HAPROXY_TYPE, &type) || type != HAPROXY_SERVER)
            continue;
        n++;
        if (add_target(&stats.rows[i], endpoint, ret) < 0)
            result = err_set(e, ERR_LIMIT, "too many servers");
    }
    if (result == 0 && n == 0)
        result = err_set(e, ERR_ABSENT, "the backend %s has no servers", backend);
    whole = result == 0 ? haproxy_find_stat(&stats, backend, "BACKEND") : NULL;
    if (whole && whole->algo.length > 0) { /* left out on a user-level socket */
        char algorithm[64];
        copy(algorithm, sizeof algorithm, whole->algo);
        add_fact(ret, endpoint, HAPROXY_FACT_BALANCE, algorithm);
    }
    haproxy_stats_done(&stats);
    return result;
}

static struct observation *find_target(struct observation_list *list, size_t first,
                                       struct span name)
{
    for (size_t i = first; i < list->n_items; i++)
        if (list->items[i].kind == OBSERVATION_TARGET &&
            span_is(name, list->items[i].target.target))
            return &list->items[i];
    return NULL;
}

/* What the page of counters cannot say: weight 0 and drain look alike there. Best effort, as the
 * command is younger than the others. */
static void decode_servers(const struct adapt_scope *scope, struct span text, size_t first,
                           struct observation_list *ret)
{
    struct haproxy_servers servers;

    if (haproxy_parse_servers(text.data, text.length, &servers, NULL) == 0) {
        for (size_t i = 0; i < servers.n_rows; i++) {
            const struct haproxy_server *s = &servers.rows[i];
            struct observation *o = find_target(ret, first, s->name);
            if (!o || !span_is(s->backend, haproxy_backend(scope)) || !s->has_admin_state)
                continue;
            if (s->admin_state & (HAPROXY_ADMIN_MAINT | HAPROXY_ADMIN_MAINT_CONF))
                str_copy(o->target.state, sizeof o->target.state, HAPROXY_WORD_MAINT);
            else if (s->admin_state & HAPROXY_ADMIN_DRAIN)
                str_copy(o->target.state, sizeof o->target.state, HAPROXY_WORD_DRAIN);
            else if (s->has_op_state && s->op_state == 2 && !o->target.up)
                o->target.up = true; /* running with weight 0: it would serve */
            else
                continue;
            if (s->admin_state)
                o->target.effective_weight = 0;
        }
    }
    haproxy_servers_done(&servers);
}

/* Where a frontend bears the backend's name, `show stat NAME` means the frontend. The backend's number
 * stands in the other answer, and the page is asked for again by it. */
static bool ask_by_number(const struct adapt_scope *scope, const struct adapt_request *request,
                          struct span text, struct adapt_requests *more)
{
    struct haproxy_servers servers;
    char number[24] = "";

    if (request->page > 0)
        return false;
    if (haproxy_parse_servers(text.data, text.length, &servers, NULL) == 0)
        for (size_t i = 0; i < servers.n_rows; i++)
            if (span_is(servers.rows[i].backend, haproxy_backend(scope)))
                copy(number, sizeof number, servers.rows[i].backend_id);
    haproxy_servers_done(&servers);
    return haproxy_name_valid(number) &&
           add_request(scope, request->endpoint, number, 1, more, NULL) == 0;
}

static void decode_facts(struct span info_text, struct span level, unsigned endpoint,
                         struct observation_list *ret)
{
    static const char *const levels[] = {"user", "operator", "admin"};
    struct haproxy_info info;
    char text[128];

    if (haproxy_parse_info(info_text.data, info_text.length, &info, NULL) == 0) {
        snprintf(text, sizeof text, "%lld, HAProxy %s", (long long)info.pid, info.version);
        add_fact(ret, endpoint, HAPROXY_FACT_PROCESS, text);
    }
    while (level.length > 0 && level.data[level.length - 1] == '\n')
        level.length--;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (span_is(level, levels[i]))
            add_fact(ret, endpoint, HAPROXY_FACT_LEVEL, levels[i]);
}

static int decode(const struct adapt_scope *scope, const struct adapt_request *request,
                  const struct net_reply *reply, struct observation_list *ret,
                  struct adapt_requests *more, struct err *e)
{
    size_t first = ret->n_items;
    struct span rest, stats, servers, info, level;
    int result = reply_check(reply, e);

    if (result < 0)
        return result;
    rest = (struct span){reply->body.data, reply->body.length};
    stats = take_section(&rest);
    servers = take_section(&rest);
    info = take_section(&rest);
    level = take_section(&rest);
    result = decode_stats(scope, stats, request->endpoint, ret, e);
    if (result == ERR_ABSENT && ask_by_number(scope, request, servers, more))
        return 0;
    if (result < 0) {
        ret->n_items = first; /* half a list of targets would move shares */
        return result;
    }
    decode_servers(scope, servers, first, ret);
    decode_facts(info, level, request->endpoint, ret);
    return 0;
}

const struct adapter adapter_haproxy = {
    .name = "haproxy",
    .help = "HAProxy's runtime API: weights and requests of one backend",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .requests = requests,
    .decode = decode,
    .controller = &haproxy_controller,
};
