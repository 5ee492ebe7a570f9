/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command line of `driftop compare`.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "compare_private.h"
#include "driftop/base/value.h"
#include "sheet.h"

static int read_alpha(const char *text, double *ret, struct err *e)
{
    struct value v = value_from_text(text, strlen(text));
    if (v.kind != VALUE_NUMBER || !(v.number > 0 && v.number < 1))
        return err_set(e, ERR_USAGE, "--alpha %s: not a number between 0 and 1", text);
    *ret = v.number;
    return 0;
}

/* "512M", "1G", "2GiB", "65536": powers of 1024. */
static int read_size(const char *text, size_t *ret, struct err *e)
{
    static const char units[] = "BKMGT";
    size_t digits = strspn(text, "0123456789."), power = 0;
    struct value v = value_from_text(text, digits);
    const char *unit = text[digits] ? strchr(units, toupper((unsigned char)text[digits])) : units;
    const char *rest = text[digits] ? text + digits + 1 : "";
    double bytes = v.kind == VALUE_NUMBER ? v.number : 0;
    for (power = unit ? (size_t)(unit - units) : 0; power > 0; power--)
        bytes *= 1024;
    bool known = unit && (!*rest || strcasecmp(rest, "b") == 0 || strcasecmp(rest, "ib") == 0);
    if (!known || !(bytes >= 1 && bytes < 1e18))
        return err_set(e, ERR_USAGE, "--memory %s: not a size such as 512M or 1G", text);
    *ret = (size_t)bytes;
    return 0;
}

static int read_delimiter(const char *text, char *ret, struct err *e)
{
    *ret = strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0 ? '\t' : text[0];
    bool one = *ret == '\t' || (text[0] && !text[1]);
    if (!one || strchr("\"\n\r", *ret) || (unsigned char)*ret >= 0x80)
        return err_set(e, ERR_USAGE, "--delimiter %s: not one character", text);
    return 0;
}

/* One of two words: 0 or 1. */
static int read_word(const char *option, const char *text, const char *first, const char *second,
                     struct err *e)
{
    if (strcmp(text, first) == 0)
        return 0;
    if (strcmp(text, second) == 0)
        return 1;
    return err_set(e, ERR_USAGE, "%s %s: one of %s, %s is allowed", option, text, first, second);
}

static int read_chunk(const char *chunk, const char *time, int64_t *ret_ms, struct err *e)
{
    if (!chunk != !time)
        return err_set(e, ERR_USAGE, "--chunk and --time go together");
    if (chunk && (clock_parse_duration(chunk, ret_ms) < 0 || *ret_ms <= 0))
        return err_set(e, ERR_USAGE, "--chunk %s: not a period such as 15m, 1h, 1d or 7d", chunk);
    return 0;
}

/* The words and numbers that can be wrong; names are checked against the files. */
static int read_values(const struct command_context *c, struct compare_request *r, struct err *e)
{
    const char *alpha = command_option(&command_compare, c, "--alpha");
    const char *rows = command_option(&command_compare, c, "--min-rows");
    const char *memory = command_option(&command_compare, c, "--memory");
    const char *delimiter = command_option(&command_compare, c, "--delimiter");
    size_t min_rows = 0;
    int rc = alpha ? read_alpha(alpha, &r->options.judge.alpha, e) : 0;
    if (rc == 0 && rows)
        rc = option_count("--min-rows", rows, &min_rows, e);
    if (rc == 0 && memory)
        rc = read_size(memory, &r->options.memory_bytes, e);
    if (rc == 0 && delimiter)
        rc = read_delimiter(delimiter, &r->options.delimiter, e);
    r->options.judge.min_rows = min_rows;
    return rc;
}

static int read_words(const struct command_context *c, struct compare_request *r, struct err *e)
{
    const char *format = command_option(&command_compare, c, "--format");
    const char *fail_on = command_option(&command_compare, c, "--fail-on");
    int which = format ? read_word("--format", format, "csv", "json", e) : 0;
    if (which < 0)
        return which;
    if (format)
        r->options.format = which ? COMPARE_JSON : COMPARE_CSV;
    which = fail_on ? read_word("--fail-on", fail_on, "warn", "page", e) : 0;
    if (which < 0)
        return which;
    if (fail_on)
        r->fail_on = which ? VERDICT_PAGE : VERDICT_WARN;
    return 0;
}

int compare_request_read(struct command_context *c, struct compare_request *ret, struct err *e)
{
    const struct command *own = &command_compare;
    struct compare_options *o = &ret->options;
    *ret = (struct compare_request){.context = c, .started_ms = clock_mono(c->clock)};
    o->columns = command_option(own, c, "--columns");
    o->categorical = command_option(own, c, "--categorical");
    o->by = command_option(own, c, "--by");
    o->time = command_option(own, c, "--time");
    ret->json = command_option(own, c, "--json");
    ret->html = command_option(own, c, "--html");
    if (isatty(fileno(c->err))) {
        o->progress = compare_progress_draw;
        o->progress_ctx = ret;
    }
    if (strcmp(c->arguments[0], "-") == 0 && strcmp(c->arguments[1], "-") == 0)
        return err_set(e, ERR_USAGE, "only one of the two can be standard input");
    int rc = read_chunk(command_option(own, c, "--chunk"), o->time, &o->chunk_ms, e);
    if (rc == 0)
        rc = read_values(c, ret, e);
    return rc == 0 ? read_words(c, ret, e) : rc;
}
