/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop drift`: features by how far they are from their reference; with NAME/FEATURE every
 * number of one of them.
 */
#include "driftop/query/drift.h"

#include <string.h>

#include "drift_print.h"
#include "driftop/query/feature.h"
#include "sheet.h"

enum { OPTION_JSON, OPTION_CSV, OPTION_WINDOW, OPTION_VERSION, OPTION_TOP };

static int read_window(const char *text, enum window_span *ret, struct err *e)
{
    *ret = DRIFT_ANY_SPAN;
    if (!text)
        return 0;
    for (int span = 0; span < WINDOW_LEVELS; span++)
        if (strcmp(text, window_span_name((enum window_span)span)) == 0) {
            *ret = (enum window_span)span;
            return 0;
        }
    return err_set(e, ERR_USAGE, "--window %s: one of 15m, 1h, 24h is allowed", text);
}

/* Only the lines of one version, and the first `top` of them; the counts are of all. */
static void narrow(struct drift_view *d, const char *version, size_t top)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_lines; i++)
        if (!version || strcmp(d->lines[i].version, version) == 0)
            d->lines[n++] = d->lines[i];
    d->n_lines = top && n > top ? top : n;
}

static int run_list(struct command_context *c, const char *name, enum window_span span, size_t top)
{
    struct drift_view d;
    struct err e = {0};

    if (drift_view_load(c->store, name, span, clock_wall(c->clock), &d, &e) < 0)
        return command_fail(c, &e);
    int status = severity_exit(drift_view_severity(&d));
    narrow(&d, c->options[OPTION_VERSION], top);
    if (c->options[OPTION_JSON])
        status = print_json(c, drift_view_json(&d), status);
    else if (c->options[OPTION_CSV])
        drift_print_csv(&d, c->out);
    else
        drift_print(&d, c->out);
    drift_view_done(&d);
    return status;
}

static int run_feature(struct command_context *c, const char *argument, const char *slash,
                       enum window_span span)
{
    char name[MODEL_NAME_SIZE];
    struct feature_view f;
    struct err e = {0};

    if ((size_t)(slash - argument) >= sizeof name) {
        err_set(&e, ERR_ABSENT, "no deployment has such a long name");
        return command_fail(c, &e);
    }
    str_copy(name, (size_t)(slash - argument) + 1, argument);
    if (feature_view_load(c->store, name, slash + 1, c->options[OPTION_VERSION], span,
                          clock_wall(c->clock), &f, &e) < 0)
        return command_fail(c, &e);
    int status = severity_exit(feature_view_severity(&f));
    if (c->options[OPTION_JSON])
        status = print_json(c, feature_view_json(&f), status);
    else
        drift_print_feature(&f, c->out);
    feature_view_done(&f);
    return status;
}

static int run(struct command_context *c)
{
    const char *argument = c->n_arguments ? c->arguments[0] : NULL;
    const char *slash = argument ? strchr(argument, '/') : NULL;
    enum window_span span;
    struct err e = {0};
    size_t top = 0;

    if (read_window(c->options[OPTION_WINDOW], &span, &e) < 0 ||
        (c->options[OPTION_TOP] && option_count("--top", c->options[OPTION_TOP], &top, &e) < 0))
        return command_fail(c, &e);
    return slash ? run_feature(c, argument, slash, span) : run_list(c, argument, span, top);
}

static const struct command_option options[] = {
    [OPTION_JSON] = {"--json", NULL, "Print one JSON object."},
    [OPTION_CSV] = {"--csv", NULL, "Print comma-separated values."},
    [OPTION_WINDOW] = {"--window", "15m|1h|24h", "The window; else the one that alerts judge."},
    [OPTION_VERSION] = {"--version", "V", "Of this version only."},
    [OPTION_TOP] = {"--top", "N", "At most so many features."},
};

extern const struct command command_drift;
const struct command command_drift = {
    .name = "drift",
    .arguments = "[NAME[/FEATURE]]",
    .max_arguments = 1,
    .flags = COMMAND_STORE | COMMAND_READING,
    .help = "Features by their drift; of one feature every number. Exit as triage.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
