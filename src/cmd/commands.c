/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every command once, in the order of the help. A new one: its file, one declaration and one row
 * here.
 */
#include "driftop/cmd/command.h"

extern const struct command command_ack;
extern const struct command command_alerts;
extern const struct command command_audit;
extern const struct command command_completion;
extern const struct command command_compare;
extern const struct command command_config;
extern const struct command command_demo;
extern const struct command command_doctor;
extern const struct command command_document;
extern const struct command command_drift;
extern const struct command command_ls;
extern const struct command command_record;
extern const struct command command_rollback;
extern const struct command command_screen;
extern const struct command command_show;
extern const struct command command_traffic;
extern const struct command command_triage;
extern const struct command command_undo;

/* One row a line. */
/* clang-format off */
const struct command *const commands[] = {
    &command_triage,
    &command_ls,
    &command_show,
    &command_drift,
    &command_alerts,
    &command_ack,
    &command_audit,
    &command_doctor,
    &command_rollback,
    &command_traffic,
    &command_undo,
    &command_screen,
    &command_record,
    &command_compare,
    &command_config,
    &command_demo,
    &command_completion,
    &command_document,
    NULL,
};
/* clang-format on */
