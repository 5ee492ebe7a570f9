/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dashboard: the stack of views on a terminal. One loop watches the keyboard, the store and the
 * clock; nothing on it waits for the network, so a dead one delays no key.
 */
#ifndef DRIFTOP_APP_DASHBOARD_H
#define DRIFTOP_APP_DASHBOARD_H

struct backend;
struct command_context;

/* Until somebody leaves it. Returns the exit status. */
int dashboard_run(struct command_context *c);
/* The same on a backend of the caller's, who frees it: for tests. */
int dashboard_run_on(struct command_context *c, struct backend *backend);

#endif
