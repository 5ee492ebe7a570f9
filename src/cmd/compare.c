/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop compare REFERENCE CURRENT`: the statistics of two files, without a fleet and without a
 * configuration.
 */
#include "driftop/compare/compare.h"

#include <langinfo.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "compare_private.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/compare/print.h"
#include "sheet.h"

static int write_html(const struct compare_report *r, const char *path, struct err *e)
{
    struct str page;
    str_init(&page, 0);
    compare_html(r, &page);
    int rc = page.failed ? err_set(e, ERR_NOMEM, "no memory for the page")
                         : path_write(path, page.data, page.length, 0644, e);
    str_done(&page);
    return rc;
}

static bool wants_ascii(const struct command_context *c)
{
    if (c->glyphs && strcmp(c->glyphs, "auto") != 0)
        return strcmp(c->glyphs, "ascii") == 0;
    return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

/* In a pipe, what every terminal can show. */
static int columns_of(FILE *out)
{
    struct winsize size;
    bool known = isatty(fileno(out)) && ioctl(fileno(out), TIOCGWINSZ, &size) == 0;
    return known && size.ws_col > 0 ? size.ws_col : 80;
}

static int print_text(struct command_context *c, const struct compare_report *r, int status)
{
    struct str text;
    str_init(&text, 0);
    compare_text(r, columns_of(c->out), wants_ascii(c), &text);
    bool failed = text.failed;
    fwrite(text.data, 1, text.length, c->out);
    str_done(&text);
    return failed ? err_exit_status(ERR_NOMEM) : status;
}

/* 0 ok, 1 warn, 2 page, 3 unknown; --fail-on lets pass what is better than it says. */
static int status_of(enum verdict verdict, enum verdict fail_on)
{
    static const int statuses[] = {
        [VERDICT_OK] = 0, [VERDICT_UNKNOWN] = 3, [VERDICT_WARN] = 1, [VERDICT_PAGE] = 2};
    return verdict < fail_on ? 0 : statuses[verdict];
}

static int run(struct command_context *c)
{
    struct compare_request request;
    struct compare_report report = {.n_groups = 0};
    struct err e = {0};

    int rc = compare_request_read(c, &request, &e);
    if (rc == 0) {
        rc = compare_run(c->arguments[0], c->arguments[1], &request.options, &report, &e);
        compare_progress_end(&request);
    }
    if (rc == 0 && request.html)
        rc = write_html(&report, request.html, &e);
    int status = rc < 0 ? command_fail(c, &e) : status_of(report.verdict, request.fail_on);
    if (rc == 0 && request.json)
        status = print_json(c, compare_json(&report), status);
    else if (rc == 0)
        status = print_text(c, &report, status);
    compare_done(&report);
    return status;
}

static const struct command_option options[] = {
    {"--columns", "A,B", "Only these columns; a name with a comma in quotes."},
    {"--categorical", "A,B", "Columns of categories, even when all values are numbers."},
    {"--alpha", "P", "Chance that counts as none, over all columns (0.001)."},
    {"--min-rows", "N", "Rows that a side needs before it can be called ok (200)."},
    {"--by", "COLUMN", "Compare also each segment: the rows with the same value."},
    {"--chunk", "PERIOD", "Compare also each period of the current file: 1h, 1d, 7d."},
    {"--time", "COLUMN", "The column of the time, for --chunk."},
    {"--memory", "SIZE", "Values beyond this go to temporary files (1G)."},
    {"--fail-on", "LEVEL", "warn or page: exit with 0 below it."},
    {"--delimiter", "CHARACTER", "Of CSV: a comma, unless the file ends with .tsv."},
    {"--format", "FORMAT", "csv or json (lines), whatever the files' endings say."},
    {"--json", NULL, "Print one JSON object."},
    {"--html", "FILE", "Write also a page with the histograms."},
};

extern const struct command command_compare;
const struct command command_compare = {
    .name = "compare",
    .arguments = "REFERENCE CURRENT",
    .min_arguments = 2,
    .max_arguments = 2,
    .help =
        "Compare two files (CSV, JSON lines; - is stdin). Exit: 0 ok, 1 warn, 2 page, 3 unknown.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
