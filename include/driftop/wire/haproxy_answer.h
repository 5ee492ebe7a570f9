/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HAProxy's runtime API: the small answers (see driftop/wire/haproxy.h for its rules). Nothing
 * here allocates but the list of servers.
 */
#ifndef DRIFTOP_WIRE_HAPROXY_ANSWER_H
#define DRIFTOP_WIRE_HAPROXY_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/wire/span.h"

struct err;

/* One line of `show servers state`. The two states are HAProxy's numbers: op 0 stopped, 1 starting,
 * 2 running, 3 stopping; admin is a bit set, below. */
struct haproxy_server {
    struct span backend, backend_id, name, addr; /* backend_id may be absent */
    bool has_op_state, has_admin_state, has_uweight, has_iweight, has_port;
    int64_t op_state, admin_state, uweight, iweight, port;
};

#define HAPROXY_ADMIN_MAINT      0x01
#define HAPROXY_ADMIN_MAINT_CONF 0x04
#define HAPROXY_ADMIN_DRAIN      0x08
#define HAPROXY_ADMIN_RESOLUTION 0x20

struct haproxy_servers {
    struct haproxy_server *rows;
    size_t n_rows, rows_capacity;
    char *text; /* the spans point in here */
};

/* As haproxy_parse_stats(); ERR_VERSION when the first line is not version 1. */
int haproxy_parse_servers(const char *bytes, size_t length, struct haproxy_servers *ret,
                          struct err *e);
void haproxy_servers_done(struct haproxy_servers *s);

/* Of `show info`. A process is another one when pid differs or uptime went back. */
struct haproxy_info {
    bool has_pid, has_uptime, has_max_connections, has_connections;
    int64_t pid, uptime_s, max_connections, connections;
    char version[64], node[64]; /* "" when absent; cleaned */
};

int haproxy_parse_info(const char *bytes, size_t length, struct haproxy_info *ret, struct err *e);

/* Of `get weight`, "10 (initial 10)". */
struct haproxy_weight {
    int current, initial;
    bool has_initial;
};

int haproxy_parse_weight(const char *bytes, size_t length, struct haproxy_weight *ret,
                         struct err *e);

/* The answer to a setter: 0 when it is empty (blank lines count as empty), else as
 * haproxy_refusal(). */
int haproxy_parse_setter(const char *bytes, size_t length, struct err *e);

/* What an error text means: ERR_DENIED ("Permission denied"), ERR_ABSENT (no such backend or
 * server), ERR_REJECTED for all others. With or without a severity ("[3]: "). e gets the first line,
 * cleaned. Call it only for a text that is not the answer. */
int haproxy_refusal(const char *bytes, size_t length, struct err *e);

#endif
