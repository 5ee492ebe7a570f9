/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop show NAME`: one deployment, with its versions, most drifted features, alerts and acts.
 */
#include "driftop/query/deployment.h"

#include <string.h>

#include "driftop/stats/verdict.h"
#include "sheet.h"

#define FEATURES_SHOWN 10

static void print_versions(const struct deployment_view *d, FILE *out)
{
    struct sheet s;
    sheet_init(&s, "VERSION >SET >GETS >SEEN >RQ/S >ERR >P50ms >P99ms READY DRIFT >ROWS AGE");
    for (size_t i = 0; i < d->line.n_versions; i++) {
        const struct version_state *v = &d->line.versions[i];
        const struct version_sum *sum = &d->line.sums[i];
        bool champion = strcmp(v->version, d->line.deployment.champion) == 0;
        sheet_format(&s, "%s%s", v->version, champion ? "*" : "");
        sheet_percent(&s, v->has & VERSION_DESIRED, v->desired_ratio);
        sheet_percent(&s, v->has & VERSION_EFFECTIVE, v->effective_ratio);
        sheet_percent(&s, v->has & VERSION_OBSERVED, v->observed_ratio);
        sheet_number(&s, v->has & VERSION_RATE, v->request_rate);
        sheet_percent(&s, v->has & VERSION_ERRORS, v->error_ratio);
        sheet_ms(&s, v->has & VERSION_P50, v->latency_p50_s);
        sheet_ms(&s, v->has & VERSION_P99, v->latency_p99_s);
        if (!(v->has & VERSION_READY))
            sheet_text(&s, NULL);
        else
            sheet_text(&s, sum->ready_stale ? "stale" : v->ready ? "yes" : "NO");
        sheet_text(&s, d->line.deployment.has_features ? severity_word(sum->drift) : NULL);
        sheet_format(&s, "%llu", (unsigned long long)v->rows_total);
        sheet_age(&s, d->at_ms, v->metrics_at_ms ? v->metrics_at_ms : v->ready_at_ms);
    }
    sheet_print(&s, out);
}

static void print_features(const struct deployment_view *d, FILE *out)
{
    struct sheet s;
    if (!d->drift.n_lines)
        return;
    fprintf(out, "\n");
    sheet_init(&s, "FEATURE VERSION VERDICT WINDOW >N >PSI >JS >KS");
    for (size_t i = 0; i < d->drift.n_lines && i < FEATURES_SHOWN; i++) {
        const struct drift_line *line = &d->drift.lines[i];
        sheet_format(&s, "%s%s", line->feature, line->prediction ? " (score)" : "");
        sheet_text(&s, line->version);
        sheet_text(&s, verdict_name((enum verdict)line->summary.verdict));
        sheet_text(&s, window_span_name((enum window_span)line->summary.span));
        sheet_format(&s, "%u", line->summary.rows);
        sheet_number(&s, true, (double)line->summary.psi_excess);
        sheet_number(&s, true, (double)line->summary.js_excess);
        sheet_number(&s, true, (double)line->summary.ks_low);
    }
    sheet_print(&s, out);
    if (d->drift.n_lines > FEATURES_SHOWN)
        fprintf(out, "... %zu more: driftop drift %s\n", d->drift.n_lines - FEATURES_SHOWN,
                d->line.deployment.name);
}

static void print_rest(const struct deployment_view *d, FILE *out)
{
    char at[CLOCK_TEXT_SIZE];

    fputs(d->n_alerts ? "\n" : "", out);
    for (size_t i = 0; i < d->n_alerts; i++) {
        const struct alert_state *a = &d->alerts[i];
        fprintf(out, "alert %lld %s %s since %s: %s %s%s%s\n", (long long)a->id,
                alert_severity_name(a->severity), alert_phase_name(a->phase),
                clock_format_s(a->since_ms, at), a->version, a->feature, a->feature[0] ? " " : "",
                a->summary);
    }
    fputs(d->n_acts ? "\n" : "", out);
    for (size_t i = 0; i < d->n_acts; i++)
        fprintf(out, "act %s %s %s %s by %s\n", d->acts[i].act,
                clock_format_s(d->acts[i].at_ms, at), d->acts[i].intent, d->acts[i].state,
                d->acts[i].by);
}

static void print(const struct deployment_view *d, FILE *out)
{
    const struct deployment_state *state = &d->line.deployment;

    print_status(out, &d->status, d->at_ms);
    fprintf(out, "%s  %s  champion %s  owner %s  runbook %s\n\n", state->name,
            severity_word(d->line.severity), state->champion[0] ? state->champion : "-",
            state->owner[0] ? state->owner : "-", state->runbook[0] ? state->runbook : "-");
    print_versions(d, out);
    print_features(d, out);
    print_rest(d, out);
}

static int run(struct command_context *c)
{
    struct deployment_view d;
    struct err e = {0};

    if (deployment_view_load(c->store, c->arguments[0], clock_wall(c->clock), &d, &e) < 0)
        return command_fail(c, &e);
    int status = d.status.quiet ? severity_exit(SEVERITY_STALE) : 0;
    if (c->options[0])
        status = print_json(c, deployment_view_json(&d), status);
    else
        print(&d, c->out);
    deployment_view_done(&d);
    return status;
}

static const struct command_option options[] = {
    {"--json", NULL, "Print one JSON object."},
};

extern const struct command command_show;
const struct command command_show = {
    .name = "show",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .flags = COMMAND_STORE | COMMAND_READING,
    .help = "One deployment: versions, drift, alerts, acts.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
