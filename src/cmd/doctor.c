/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop doctor`: is every source reachable, authenticated and fresh, what was dropped and why,
 * which configuration is in force, and what to do.
 */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/config/config.h"
#include "driftop/query/lists.h"
#include "sheet.h"

static void add_source(struct sheet *s, const struct source_state *source,
                       const struct source_list *list)
{
    bool rows = source->kind == SOURCE_FEATURES || source->kind == SOURCE_SINK;
    bool asked = source->health != SOURCE_UNKNOWN && source->health != SOURCE_SECRET;
    bool refused = source->health == SOURCE_AUTH || source->health == SOURCE_SECRET;
    uint64_t dropped = 0;

    for (int i = 0; i < SOURCE_REFUSALS; i++)
        dropped += source->refused[i];
    sheet_text(s, severity_word(source_severity(source, &list->status, list->at_ms)));
    sheet_text(s, source->name);
    sheet_text(s, !asked ? NULL : source->health == SOURCE_FAILING ? "NO" : "yes");
    sheet_text(s, refused ? "NO" : source->health == SOURCE_OK ? "yes" : NULL);
    sheet_age(s, list->at_ms, source->ok_ms);
    sheet_number(s, rows, source->rows_per_s);
    sheet_number(s, rows, (double)source->bytes_behind);
    if (rows)
        sheet_format(s, "%llu", (unsigned long long)dropped);
    else
        sheet_text(s, NULL);
}

static void print_faults(const struct source_list *list, FILE *out)
{
    for (size_t i = 0; i < list->n_sources; i++) {
        const struct source_state *s = &list->sources[i];
        const char *advice = source_advice(s, list->at_ms);
        if (!s->fault[0] && !advice[0])
            continue;
        fprintf(out, "\n%s (%s %s)\n", s->name, s->type, s->endpoint);
        if (s->fault[0])
            fprintf(out, "  fault: %s\n", s->fault);
        for (int k = 0; k < SOURCE_REFUSALS; k++)
            if (s->refused[k])
                fprintf(out, "  dropped: %llu %s\n", (unsigned long long)s->refused[k],
                        source_refusal_name((enum source_refusal)k));
        if (advice[0])
            fprintf(out, "  do: %s\n", advice);
    }
}

/* "same", or why what the file says is not what is being watched. */
static const char *file_match(const struct command_context *c, const struct status *st)
{
    if (!c->config || !st->config_hash[0])
        return "unknown";
    if (strncmp(c->config->hash, st->config_hash, strlen(st->config_hash)) == 0)
        return "same";
    /* A recorder keeps its environment, as it does its store, for as long as it lives. */
    return strcmp(c->config->environment, st->environment) == 0
               ? "changed: SIGHUP or a restart of the recorder takes it up"
               : "of another environment: a restart of the recorder takes it up";
}

static void print_setup(const struct command_context *c, const struct status *st, int64_t now_ms)
{
    char age[CLOCK_TEXT_SIZE];
    const char *term = getenv("TERM"), *colour = getenv("NO_COLOR");

    fprintf(c->out, "\nconfiguration  %s in force for %s; the file: %s\n",
            st->config_hash[0] ? st->config_hash : "-",
            st->config_at_ms ? clock_format_age(now_ms - st->config_at_ms, age) : "-",
            file_match(c, st));
    fprintf(c->out, "recorder       %s%s%s%s\n", st->recording ? "runs: " : "does not run",
            st->recording ? st->recorder : "", st->fault[0] ? "; " : "", st->fault);
    fprintf(c->out, "store          %s, %s, last written %s ago\n", store_path(c->store),
            store_writable(c->store) ? "writable" : "can only be read",
            st->written_ms ? clock_format_age(now_ms - st->written_ms, age) : "-");
    fprintf(c->out, "terminal       TERM=%s, %s%s\n", term ? term : "-", nl_langinfo(CODESET),
            colour && colour[0] ? ", NO_COLOR" : "");
}

static void print(const struct command_context *c, const struct source_list *list)
{
    struct sheet s;

    print_status(c->out, &list->status, list->at_ms);
    sheet_init(&s, "STATE SOURCE REACHED LET-IN >FRESH >ROWS/S >BEHIND >DROPPED");
    for (size_t i = 0; i < list->n_sources; i++)
        add_source(&s, &list->sources[i], list);
    sheet_print(&s, c->out);
    print_faults(list, c->out);
    print_setup(c, &list->status, list->at_ms);
}

static struct json *doctor_json(const struct command_context *c, const struct source_list *list)
{
    struct json *o = source_list_json(list), *store = json_new_object();
    const char *match = file_match(c, &list->status);

    json_put(o, "schema", json_new_text("driftop.doctor.v1"));
    json_put(store, "path", json_new_text(store_path(c->store)));
    json_put(store, "writable", json_new_bool(store_writable(c->store)));
    json_put(o, "store", store);
    json_put(o, "config_is_current",
             strcmp(match, "unknown") == 0 ? json_new_null()
                                           : json_new_bool(strcmp(match, "same") == 0));
    return o;
}

static int run(struct command_context *c)
{
    struct source_list list;
    struct err e = {0};

    if (source_list_load(c->store, clock_wall(c->clock), &list, &e) < 0)
        return command_fail(c, &e);
    bool well = status_severity(&list.status) == SEVERITY_OK && !list.status.fault[0];
    int status = well ? 0 : severity_exit(SEVERITY_UNKNOWN);
    if (c->options[0])
        status = print_json(c, doctor_json(c, &list), status);
    else
        print(c, &list);
    source_list_done(&list);
    return status;
}

static const struct command_option options[] = {
    {"--json", NULL, "Print one JSON object."},
};

extern const struct command command_doctor;
const struct command command_doctor = {
    .name = "doctor",
    .arguments = "",
    .flags = COMMAND_STORE | COMMAND_READING,
    .help = "Each source: reachable, let in, fresh, behind, dropped, and what to do.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
