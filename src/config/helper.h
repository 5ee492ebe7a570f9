/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A helper command that prints a secret: no shell, no standard input, standard error thrown away
 * (it would end on the dashboard's screen), a ceiling and a deadline.
 */
#ifndef DRIFTOP_SRC_CONFIG_HELPER_H
#define DRIFTOP_SRC_CONFIG_HELPER_H

#include <stdint.h>

struct err;
struct str;

/* Appends what it prints within deadline_ms from now. ERR_AUTH when it cannot be started or does not end with status 0,
 * ERR_TIMEOUT, ERR_LIMIT. The whole process group is killed when it does not end well. */
int helper_run(char *const *argv, int64_t deadline_ms, struct str *ret, struct err *e);

#endif
