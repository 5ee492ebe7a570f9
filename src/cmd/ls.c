/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop ls`: every deployment with its versions, the most urgent first.
 */
#include "driftop/query/fleet.h"
#include <string.h>

#include "sheet.h"

static void add_version(struct sheet *s, const struct fleet_line *line, size_t i, bool first,
                        int64_t now_ms)
{
    const struct version_state *v = &line->versions[i];
    const struct version_sum *sum = &line->sums[i];
    bool stale = sum->ready_stale || sum->metrics_stale || sum->traffic_stale;

    sheet_text(s, first ? line->deployment.name : " ");
    sheet_format(s, "%s%s", v->version,
                 strcmp(v->version, line->deployment.champion) == 0 ? "*" : "");
    sheet_percent(s, v->has & VERSION_DESIRED, v->desired_ratio);
    sheet_percent(s, v->has & VERSION_EFFECTIVE, v->effective_ratio);
    sheet_number(s, v->has & VERSION_RATE, v->request_rate);
    sheet_percent(s, v->has & VERSION_ERRORS, v->error_ratio);
    sheet_ms(s, v->has & VERSION_P99, v->latency_p99_s);
    if (!(v->has & VERSION_READY))
        sheet_text(s, NULL);
    else
        sheet_text(s, sum->ready_stale ? "stale" : v->ready ? "yes" : "NO");
    sheet_text(s, line->deployment.has_features ? severity_word(sum->drift) : NULL);
    if (!first)
        sheet_text(s, stale ? "stale" : " ");
    else
        sheet_format(s, "%s%s", severity_word(line->severity), stale ? " stale" : "");
    sheet_age(s, now_ms, v->metrics_at_ms ? v->metrics_at_ms : v->ready_at_ms);
}

/* A deployment of which nothing but the name is known. */
static void add_bare(struct sheet *s, const struct fleet_line *line)
{
    sheet_text(s, line->deployment.name);
    for (int i = 0; i < 8; i++)
        sheet_text(s, NULL);
    sheet_text(s, severity_word(line->severity));
    sheet_text(s, NULL);
}

/* What only the registry knows of has nothing to show here; `show` and --json list it. */
static bool has_readings(const struct version_state *v)
{
    return v->has || v->rows_total;
}

static void print(const struct fleet_view *f, FILE *out)
{
    struct sheet s;

    print_status(out, &f->status, f->at_ms);
    sheet_init(&s, "NAME VERSION >SET >GETS >RQ/S >ERR >P99ms READY DRIFT STATE AGE");
    for (size_t i = 0; i < f->n_lines; i++) {
        const struct fleet_line *line = &f->lines[i];
        bool any = false;
        for (size_t k = 0; k < line->n_versions; k++) {
            if (!has_readings(&line->versions[k]))
                continue;
            add_version(&s, line, k, !any, f->at_ms);
            any = true;
        }
        if (!any)
            add_bare(&s, line);
    }
    sheet_print(&s, out);
}

static int run(struct command_context *c)
{
    struct fleet_view f;
    struct err e = {0};
    int status = 0;

    if (fleet_view_load(c->store, clock_wall(c->clock), &f, &e) < 0)
        return command_fail(c, &e);
    if (f.status.quiet)
        status = severity_exit(SEVERITY_STALE);
    if (c->options[0])
        status = print_json(c, fleet_view_json(&f), status);
    else
        print(&f, c->out);
    fleet_view_done(&f);
    return status;
}

static const struct command_option options[] = {
    {"--json", NULL, "Print one JSON object."},
};

extern const struct command command_ls;
const struct command command_ls = {
    .name = "ls",
    .arguments = "",
    .flags = COMMAND_STORE | COMMAND_READING,
    .help = "List deployments and versions: traffic, requests, errors, readiness, drift.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
