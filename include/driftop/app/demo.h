/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop demo`: a folder, the fleet (libexec's driftop-fleet) and a recorder as processes of
 * their own, and the dashboard in this one. Both processes end with this one, however it ends.
 */
#ifndef DRIFTOP_APP_DEMO_H
#define DRIFTOP_APP_DEMO_H

struct command_context;

/* Options in the order of command_demo's rows: --seed, --speed, --state, --no-screen. Returns the
 * exit status. */
int demo_run(struct command_context *c);

#endif
