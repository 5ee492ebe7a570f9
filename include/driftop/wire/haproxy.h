/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HAProxy's runtime API: the answers to `show stat`, `show servers state`, `show info` and
 * `get weight`, what a setter says, and the commands. Sending and reading to the end of the stream
 * is net/line's. Columns are found by name, never by position.
 *
 * A setter has no status: empty is success, and the caller always reads back. Anything that is no
 * answer to the question (an error text, half a page) is an error here, told apart by
 * haproxy_refusal(). Names outside [A-Za-z0-9_:.-] never get into a command: the API separates
 * commands by ';' and by newlines.
 */
#ifndef DRIFTOP_WIRE_HAPROXY_H
#define DRIFTOP_WIRE_HAPROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/wire/span.h"

struct err;
struct str;

#define HAPROXY_WEIGHT_MAX 256
#define HAPROXY_NAME_MAX   255

/* Numeric columns of `show stat`. weight is the effective one, uweight the one set by the user;
 * stot counts sessions, lbtot choices by the balancer; rtime_ms is a mean of the last 1024. */
#define HAPROXY_COLUMNS(X)                                                                         \
    X(TYPE, "type")                                                                                \
    X(WEIGHT, "weight")                                                                            \
    X(UWEIGHT, "uweight")                                                                          \
    X(SCUR, "scur")                                                                                \
    X(STOT, "stot")                                                                                \
    X(LBTOT, "lbtot")                                                                              \
    X(REQ_TOT, "req_tot")                                                                          \
    X(HRSP_1XX, "hrsp_1xx")                                                                        \
    X(HRSP_2XX, "hrsp_2xx")                                                                        \
    X(HRSP_3XX, "hrsp_3xx")                                                                        \
    X(HRSP_4XX, "hrsp_4xx")                                                                        \
    X(HRSP_5XX, "hrsp_5xx")                                                                        \
    X(HRSP_OTHER, "hrsp_other")                                                                    \
    X(ECON, "econ")                                                                                \
    X(ERESP, "eresp")                                                                              \
    X(CLI_ABRT, "cli_abrt")                                                                        \
    X(SRV_ABRT, "srv_abrt")                                                                        \
    X(QCUR, "qcur")                                                                                \
    X(QTIME_MS, "qtime")                                                                           \
    X(RTIME_MS, "rtime")                                                                           \
    X(TTIME_MS, "ttime")                                                                           \
    X(ACT, "act")                                                                                  \
    X(BCK, "bck")                                                                                  \
    X(LASTCHG_S, "lastchg")                                                                        \
    X(THROTTLE, "throttle")

enum haproxy_column {
#define X(id, name) HAPROXY_##id,
    HAPROXY_COLUMNS(X) HAPROXY_N_COLUMNS
#undef X
};

enum haproxy_type { HAPROXY_FRONTEND, HAPROXY_BACKEND, HAPROXY_SERVER, HAPROXY_LISTENER };

/* "UP 1/3" is GOING_DOWN (still used), "DOWN 1/2" is GOING_UP (not yet used). */
enum haproxy_status {
    HAPROXY_STATUS_UNKNOWN,
    HAPROXY_UP,
    HAPROXY_GOING_DOWN,
    HAPROXY_NO_CHECK,
    HAPROXY_DOWN,
    HAPROXY_GOING_UP,
    HAPROXY_NOLB,
    HAPROXY_MAINT,
    HAPROXY_DRAIN,
    HAPROXY_OPEN,
};

/* One line of `show stat`. */
struct haproxy_stat {
    struct span pxname, svname, status_text, check_status, addr;
    struct span algo; /* of a backend; absent where the socket's level is user */
    enum haproxy_status status;
    int64_t number[HAPROXY_N_COLUMNS];
    uint64_t present; /* bit i: number[i] was there; see haproxy_stat_number() */
};

struct haproxy_stats {
    struct haproxy_stat *rows;
    size_t n_rows, rows_capacity;
    char *text; /* the spans point in here */
};

/* ret is filled anew: haproxy_stats_done() it also after a failure. ERR_DENIED, ERR_ABSENT,
 * ERR_REJECTED for an error text, ERR_PROTOCOL for what is no such page (an empty answer too),
 * ERR_LIMIT, ERR_NOMEM. */
int haproxy_parse_stats(const char *bytes, size_t length, struct haproxy_stats *ret, struct err *e);
void haproxy_stats_done(struct haproxy_stats *s);
/* NULL when there is no such line. The backend's own line has svname "BACKEND". */
const struct haproxy_stat *haproxy_find_stat(const struct haproxy_stats *s, const char *pxname,
                                             const char *svname);
bool haproxy_stat_number(const struct haproxy_stat *s, enum haproxy_column column, int64_t *ret);
/* May it get new requests when its weight is over 0? */
bool haproxy_status_serves(enum haproxy_status status);

/* The other answers: driftop/wire/haproxy_answer.h. The commands: driftop/wire/haproxy_command.h. */

#endif
