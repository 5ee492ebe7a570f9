/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop screen`: any view as text, without a terminal; and what it shares with the dashboard.
 */
#ifndef DRIFTOP_APP_SCREEN_H
#define DRIFTOP_APP_SCREEN_H

struct command_context;
struct config;
struct err;
struct store;
struct theme;
struct view_frame;

int screen_run(struct command_context *c);
/* `driftop --linear`: Triage as sentences, once. */
int screen_linear(struct command_context *c);

/* The theme that the command line, else the configuration names. */
int screen_theme(const struct command_context *c, struct theme *ret, struct err *e);
/* What does not change while it is looked at: when a reading counts as stale, and read-only. */
void screen_prepare_frame(const struct command_context *c, struct view_frame *frame);
/* Status for the first line; the environment is there even when the store cannot be read. */
int screen_load_status(const struct config *config, struct store *store, struct view_frame *frame,
                       struct err *e);

#endif
