/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Log lines. Only app, record and cmd log, and each event once. A line is
 * "2026-11-21T03:07:41Z level: text" with control characters replaced; the sink is standard error
 * until log_open() names a file. The sink is one of the few writable globals of the program.
 */
#ifndef DRIFTOP_BASE_LOG_H
#define DRIFTOP_BASE_LOG_H

struct err;

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Append to path from now on (0600). NULL goes back to standard error. */
int log_open(const char *path, struct err *e);
void log_set_level(enum log_level level);
void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
