/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop alerts`: what fires, what is about to, what resolved within a day.
 */
#include "driftop/query/lists.h"
#include "sheet.h"

static void print(const struct alert_list *list, FILE *out)
{
    struct sheet s;

    print_status(out, &list->status, list->at_ms);
    if (!list->n_alerts) {
        fputs("no alerts, none in the last 24 h\n", out);
        return;
    }
    sheet_init(&s, ">ID SEV PHASE MODEL SUMMARY >SINCE ACK NOTE");
    for (size_t i = 0; i < list->n_alerts; i++) {
        const struct alert_state *a = &list->alerts[i];
        sheet_format(&s, "%lld", (long long)a->id);
        sheet_text(&s, alert_severity_name(a->severity));
        sheet_text(&s, a->phase == ALERT_RESOLVED ? a->resolution : alert_phase_name(a->phase));
        sheet_format(&s, "%s%s%s", a->deployment, a->version[0] ? "/" : "", a->version);
        sheet_format(&s, "%s%s%s", a->feature, a->feature[0] ? ": " : "", a->summary);
        sheet_age(&s, list->at_ms, a->since_ms);
        sheet_text(&s, a->acked_by);
        sheet_text(&s, a->note);
    }
    sheet_print(&s, out);
}

static enum severity severity_of(const struct alert_list *list)
{
    if (list->status.n_page)
        return SEVERITY_PAGE;
    if (list->status.quiet)
        return SEVERITY_STALE;
    return list->status.n_ticket ? SEVERITY_TICKET : SEVERITY_OK;
}

static int run(struct command_context *c)
{
    struct alert_list list;
    struct err e = {0};

    if (alert_list_load(c->store, clock_wall(c->clock), &list, &e) < 0)
        return command_fail(c, &e);
    int status = severity_exit(severity_of(&list));
    if (c->options[0])
        status = print_json(c, alert_list_json(&list), status);
    else
        print(&list, c->out);
    alert_list_done(&list);
    return status;
}

static const struct command_option options[] = {
    {"--json", NULL, "Print one JSON object."},
};

extern const struct command command_alerts;
const struct command command_alerts = {
    .name = "alerts",
    .arguments = "",
    .flags = COMMAND_STORE | COMMAND_READING,
    .help = "Alerts: firing, pending, and resolved within 24 h. Exit as triage.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
