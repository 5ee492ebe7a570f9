/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/haproxy.h"

#include <string.h>

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/wire/haproxy_answer.h"

static const char *const columns[] = {
#define X(id, name) [HAPROXY_##id] = name,
    HAPROXY_COLUMNS(X)
#undef X
};

static struct json *print_row(const struct haproxy_stat *s)
{
    struct json *row = json_new_object();
    int64_t number;
    put_span(row, "pxname", s->pxname);
    put_span(row, "svname", s->svname);
    put_span(row, "status", s->status_text);
    json_put(row, "status_code", json_new_int(s->status));
    json_put(row, "serves", json_new_bool(haproxy_status_serves(s->status)));
    put_span(row, "check_status", s->check_status);
    put_span(row, "addr", s->addr);
    for (int i = 0; i < HAPROXY_N_COLUMNS; i++)
        if (haproxy_stat_number(s, (enum haproxy_column)i, &number))
            json_put(row, columns[i], json_new_int(number));
    return row;
}

static int print_stats(struct json *out, const char *input, size_t length, struct err *e)
{
    struct haproxy_stats stats;
    int code = haproxy_parse_stats(input, length, &stats, e);
    struct json *rows = json_new_array();
    for (size_t i = 0; code == 0 && i < stats.n_rows; i++)
        json_append(rows, print_row(&stats.rows[i]));
    json_put(out, "rows", rows);
    haproxy_stats_done(&stats);
    return code;
}

static int print_servers(struct json *out, const char *input, size_t length, struct err *e)
{
    struct haproxy_servers servers;
    int code = haproxy_parse_servers(input, length, &servers, e);
    struct json *rows = json_new_array();
    for (size_t i = 0; code == 0 && i < servers.n_rows; i++) {
        const struct haproxy_server *s = &servers.rows[i];
        struct json *row = json_new_object();
        put_span(row, "backend", s->backend);
        put_span(row, "backend_id", s->backend_id);
        put_span(row, "name", s->name);
        put_span(row, "addr", s->addr);
        put_number(row, "op_state", s->has_op_state, (double)s->op_state);
        put_number(row, "admin_state", s->has_admin_state, (double)s->admin_state);
        put_number(row, "uweight", s->has_uweight, (double)s->uweight);
        put_number(row, "iweight", s->has_iweight, (double)s->iweight);
        put_number(row, "port", s->has_port, (double)s->port);
        json_append(rows, row);
    }
    json_put(out, "rows", rows);
    haproxy_servers_done(&servers);
    return code;
}

static int print_info(struct json *out, const char *input, size_t length, struct err *e)
{
    struct haproxy_info info;
    int code = haproxy_parse_info(input, length, &info, e);
    put_number(out, "pid", info.has_pid, (double)info.pid);
    put_number(out, "uptime_s", info.has_uptime, (double)info.uptime_s);
    put_number(out, "max_connections", info.has_max_connections, (double)info.max_connections);
    put_number(out, "connections", info.has_connections, (double)info.connections);
    put_text(out, "version", info.version);
    put_text(out, "node", info.node);
    return code;
}

static int print_weight(struct json *out, const char *input, size_t length, struct err *e)
{
    struct haproxy_weight weight;
    int code = haproxy_parse_weight(input, length, &weight, e);
    put_number(out, "current", code == 0, weight.current);
    put_number(out, "initial", weight.has_initial, weight.initial);
    return code;
}

/* args says which question the input answers. */
static struct json *print(const char *input, size_t length, const char *args)
{
    struct json *out = json_new_object();
    struct err e;
    int code = ERR_INTERNAL;
    if (strcmp(args, "stat") == 0)
        code = print_stats(out, input, length, &e);
    else if (strcmp(args, "servers") == 0)
        code = print_servers(out, input, length, &e);
    else if (strcmp(args, "info") == 0)
        code = print_info(out, input, length, &e);
    else if (strcmp(args, "weight") == 0)
        code = print_weight(out, input, length, &e);
    else if (strcmp(args, "setter") == 0)
        code = haproxy_parse_setter(input, length, &e);
    put_error(out, code, &e);
    return out;
}

int main(void)
{
    return cases_main("haproxy", print);
}
