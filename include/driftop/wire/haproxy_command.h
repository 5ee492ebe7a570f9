/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HAProxy's runtime API: the commands, each one line with its newline, appended to ret. ERR_INVALID
 * when a name is not [A-Za-z0-9_:.-]{1,255} or a weight is not 0 to 256; ret is then unchanged.
 * Setters are preceded by `set severity-output number;`, so that an error is told from output.
 */
#ifndef DRIFTOP_WIRE_HAPROXY_COMMAND_H
#define DRIFTOP_WIRE_HAPROXY_COMMAND_H

#include <stdbool.h>

struct err;
struct str;

enum haproxy_state { HAPROXY_STATE_READY, HAPROXY_STATE_DRAIN, HAPROXY_STATE_MAINT };

bool haproxy_name_valid(const char *name);

/* backend NULL: all of them. Of `show stat` it may be a number of `show servers state`, and must be
 * where a frontend bears the same name: HAProxy then looks no further than the frontend. */
int haproxy_show_stat(struct str *ret, const char *backend, struct err *e);
int haproxy_show_servers(struct str *ret, const char *backend, struct err *e);
int haproxy_show_info(struct str *ret);
int haproxy_get_weight(struct str *ret, const char *backend, const char *server, struct err *e);
int haproxy_set_weight(struct str *ret, const char *backend, const char *server, int weight,
                       struct err *e);
int haproxy_set_state(struct str *ret, const char *backend, const char *server,
                      enum haproxy_state state, struct err *e);

#endif
