/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors. A function that can fail returns 0 or one of the negative codes below; where a reader
 * needs to know more than the code it also fills a caller-owned struct err, its last parameter,
 * which may be NULL. Nothing here allocates, logs or exits, so an error can be reported even when
 * memory is gone.
 */
#ifndef DRIFTOP_BASE_ERR_H
#define DRIFTOP_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* code, short name, message, worth trying again, exit status of a command that ends with it */
#define ERR_LIST(X)                                                                                \
    X(ERR_NOMEM, -1, "nomem", "out of memory", true, 70)                                           \
    X(ERR_INVALID, -2, "invalid", "invalid argument", false, 64)                                   \
    X(ERR_USAGE, -3, "usage", "wrong use of the command", false, 64)                               \
    X(ERR_DATA, -4, "data", "bad data", false, 65)                                                 \
    X(ERR_LIMIT, -5, "limit", "larger than the limit", false, 65)                                  \
    X(ERR_ABSENT, -6, "absent", "no such name", false, 66)                                         \
    X(ERR_IO, -7, "io", "input or output failed", true, 74)                                        \
    X(ERR_FULL, -8, "full", "no space left", true, 74)                                             \
    X(ERR_DENIED, -9, "denied", "permission denied", false, 77)                                    \
    X(ERR_AUTH, -10, "auth", "not authenticated", false, 77)                                       \
    X(ERR_CONFIG, -11, "config", "bad configuration", false, 78)                                   \
    X(ERR_REFUSED, -12, "refused", "refused", false, 4)                                            \
    X(ERR_NOT_VERIFIED, -13, "not_verified", "applied, not verified", false, 5)                    \
    X(ERR_CONFLICT, -14, "conflict", "the world has moved", false, 6)                              \
    X(ERR_TIMEOUT, -15, "timeout", "timed out", true, 7)                                           \
    X(ERR_CHAIN, -16, "chain", "audit chain broken", false, 8)                                     \
    X(ERR_UNKNOWN, -17, "unknown", "outcome unknown", false, 9)                                    \
    X(ERR_REJECTED, -18, "rejected", "rejected by the other side", false, 10)                      \
    X(ERR_PARTIAL, -19, "partial", "only partly done", false, 11)                                  \
    X(ERR_CONNECT, -20, "connect", "cannot connect", true, 74)                                     \
    X(ERR_PROTOCOL, -21, "protocol", "the answer makes no sense", true, 65)                        \
    X(ERR_BUSY, -22, "busy", "busy", true, 74)                                                     \
    X(ERR_VERSION, -23, "version", "made by a newer version", false, 65)                           \
    X(ERR_AGAIN, -24, "again", "not complete yet", true, 74)                                       \
    X(ERR_CANCELLED, -25, "cancelled", "cancelled", false, 74)                                     \
    X(ERR_INTERNAL, -26, "internal", "internal error", false, 70)

enum err_code {
    ERR_OK = 0,
#define X(code, number, name, message, retry, status) code = number,
    ERR_LIST(X)
#undef X
};

/* What went wrong and where. `where` is a file or a source's name, line and column count from 1,
 * 0 means unknown. Texts are cut to fit, never on half a UTF-8 character. */
struct err {
    int code;
    int line, column;
    char where[128];
    char text[384];
};

/* Fill e (which may be NULL) and return code, so that `return err_set(...)` reads well. */
int err_set(struct err *e, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same with a position. */
int err_set_at(struct err *e, int code, const char *where, int line, int column, const char *format,
               ...) __attribute__((format(printf, 6, 7)));
/* The error of a failed system call: maps errno to a code, text is "what: strerror". */
int err_set_errno(struct err *e, int errno_value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

const char *err_name(int code);
const char *err_message(int code);
bool err_retryable(int code);
int err_exit_status(int code);

/* "where:line:column: text", without the parts that are unknown, and nothing in it steers a terminal.
 * Returns buf. */
char *err_format(const struct err *e, char *buf, size_t size);

#endif
