/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sheet.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/utf8.h"

#define CELL_SIZE 320

static void add(struct sheet *s, const char *text, size_t length)
{
    char clean[CELL_SIZE];
    size_t column = s->at++ % s->n_columns;

    utf8_clean(clean, sizeof clean, text, length);
    int columns = utf8_columns(clean);
    if (columns > s->widths[column])
        s->widths[column] = columns;
    str_add_bytes(&s->cells, clean, strlen(clean) + 1);
}

void sheet_init(struct sheet *s, const char *titles)
{
    *s = (struct sheet){0};
    str_init(&s->cells, 0);
    for (const char *at = titles; *at; at += strspn(at, " "), s->n_columns++)
        at += strcspn(at, " ");
    for (size_t i = 0; i < s->n_columns; i++) {
        s->right[i] = titles[0] == '>';
        titles += s->right[i];
        add(s, titles, strcspn(titles, " "));
        titles += strcspn(titles, " ");
        titles += strspn(titles, " ");
    }
}

void sheet_text(struct sheet *s, const char *text)
{
    if (text && text[0])
        add(s, text, strlen(text));
    else
        add(s, "-", 1);
}

void sheet_format(struct sheet *s, const char *format, ...)
{
    char text[CELL_SIZE];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    sheet_text(s, text);
}

void sheet_percent(struct sheet *s, bool has, double ratio)
{
    if (has && isfinite(ratio))
        sheet_format(s, "%.3g%%", ratio * 100);
    else
        sheet_text(s, NULL);
}

void sheet_number(struct sheet *s, bool has, double number)
{
    if (!has || !isfinite(number))
        sheet_text(s, NULL);
    else if (fabs(number) >= 1000)
        sheet_format(s, "%.0f", number);
    else
        sheet_format(s, "%.3g", number);
}

void sheet_ms(struct sheet *s, bool has, double seconds)
{
    sheet_number(s, has, seconds * 1000);
}

void sheet_age(struct sheet *s, int64_t now_ms, int64_t at_ms)
{
    char age[CLOCK_TEXT_SIZE];
    sheet_text(s, at_ms ? clock_format_age(now_ms > at_ms ? now_ms - at_ms : 0, age) : NULL);
}

void sheet_print(struct sheet *s, FILE *out)
{
    const char *cell = s->cells.data, *end = cell + s->cells.length;

    for (size_t i = 0; cell < end; i++, cell += strlen(cell) + 1) {
        size_t column = i % s->n_columns;
        bool last = column + 1 == s->n_columns;
        int blanks = s->widths[column] - utf8_columns(cell);
        if (s->right[column])
            fprintf(out, "%*s%s", blanks, "", cell);
        else
            fprintf(out, "%s%*s", cell, last ? 0 : blanks, "");
        fputs(last ? "\n" : "  ", out);
    }
    str_done(&s->cells);
}

void print_status(FILE *out, const struct status *st, int64_t now_ms)
{
    char age[CLOCK_TEXT_SIZE], at[CLOCK_TEXT_SIZE];

    fprintf(out, "%s  page %d  ticket %d  sources %d/%d", st->environment, st->n_page, st->n_ticket,
            st->n_sources_ok, st->n_sources);
    if (st->worst_source[0])
        fprintf(out, " (%s %s)", st->worst_source, clock_format_age(st->worst_age_ms, age));
    if (!st->written_ms)
        fputs("  nothing recorded", out);
    else if (st->quiet || !st->recording)
        fprintf(out, "  %s, last %s ago", st->recording ? "recorder silent" : "nobody records",
                clock_format_age(now_ms - st->written_ms, age));
    fprintf(out, "  %s\n", clock_format_s(now_ms, at));
    if (st->fault[0])
        fprintf(out, "recorder: %s\n", st->fault);
}

int print_json(struct command_context *c, struct json *value, int status)
{
    struct str text;
    str_init(&text, 0);
    int code = value ? json_write(value, 2, &text) : ERR_NOMEM;
    if (code == 0)
        fprintf(c->out, "%s\n", text.data);
    str_done(&text);
    json_drop(value);
    if (code < 0) {
        struct err e;
        err_set(&e, code, "printing JSON: %s", err_message(code));
        return command_fail(c, &e);
    }
    return status;
}

int option_count(const char *name, const char *text, size_t *ret, struct err *e)
{
    char *end;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (end == text || *end || errno || number < 1)
        return err_set(e, ERR_USAGE, "%s %s: a whole number from 1 on is allowed", name, text);
    *ret = (size_t)number;
    return 0;
}
