/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop triage`: what is wrong now, worst first; the exit status says how bad.
 */
#include "driftop/query/triage.h"

#include "sheet.h"

/* "P1!" page, "T2" ticket, "~" stale; in lower case once somebody acknowledged it. */
static const char *mark(const struct triage_line *line)
{
    switch (line->severity) {
    case SEVERITY_PAGE: return line->acked ? "p1" : "P1!";
    case SEVERITY_TICKET: return line->acked ? "t2" : "T2";
    case SEVERITY_STALE: return "~";
    case SEVERITY_OK:
    case SEVERITY_UNKNOWN: break;
    }
    return "?";
}

static void add_line(struct sheet *s, const struct triage_line *line, int64_t now_ms)
{
    sheet_text(s, mark(line));
    if (line->alert_id)
        sheet_format(s, "%lld", (long long)line->alert_id);
    else
        sheet_text(s, NULL);
    sheet_format(s, "%s%s%s", line->deployment, line->version[0] ? "/" : "", line->version);
    sheet_format(s, "%.44s", line->symptom);
    sheet_age(s, now_ms, line->since_ms);
    sheet_percent(s, line->has_share, line->share_ratio);
    sheet_text(s, surface_word(line->surface));
    sheet_text(s, line->changed);
}

static void print(const struct triage *t, size_t limit, FILE *out)
{
    struct sheet s;

    print_status(out, &t->status, t->at_ms);
    sheet_init(&s, "SEV >ID MODEL SYMPTOM >SINCE >TRAF SURFACE CHANGED");
    for (size_t i = 0; i < t->n_lines && (!limit || i < limit); i++)
        add_line(&s, &t->lines[i], t->at_ms);
    if (t->n_lines) {
        sheet_print(&s, out);
        if (limit && t->n_lines > limit)
            fprintf(out, "... %zu more\n", t->n_lines - limit);
        return;
    }
    str_done(&s.cells);
    fputs(triage_severity(t) == SEVERITY_OK ? "nothing fires, every source is fresh\n"
                                            : "nothing fires, but not every source is fresh\n",
          out);
}

static int run(struct command_context *c)
{
    struct triage t;
    struct err e = {0};
    size_t limit = 0;

    if (c->options[1] && option_count("--limit", c->options[1], &limit, &e) < 0)
        return command_fail(c, &e);
    if (triage_load(c->store, clock_wall(c->clock), &t, &e) < 0)
        return command_fail(c, &e);
    int status = severity_exit(triage_severity(&t));
    if (c->options[0])
        status = print_json(c, triage_json(&t, limit), status);
    else
        print(&t, limit, c->out);
    triage_done(&t);
    return status;
}

static const struct command_option options[] = {
    {"--json", NULL, "Print one JSON object."},
    {"--limit", "N", "At most so many lines."},
};

extern const struct command command_triage;
const struct command command_triage = {
    .name = "triage",
    .arguments = "",
    .flags = COMMAND_STORE | COMMAND_READING,
    .help = "What is wrong now, worst first. Exit: 0 nothing, 1 tickets, 2 pages, 3 unknown.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
