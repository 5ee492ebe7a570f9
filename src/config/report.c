/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/base/vec.h"

#define NEAR_LENGTH   40
#define NEAR_DISTANCE 2

void names_add(struct names *names, const char *text, size_t length)
{
    for (size_t i = 0; i < names->n_items; i++)
        if (names->items[i].length == length && !memcmp(names->items[i].text, text, length))
            return;
    if (names->n_items == NAMES_MAX)
        return;
    names->items[names->n_items].text = text;
    names->items[names->n_items++].length = length;
}

void names_add_words(struct names *names, const char *words)
{
    for (const char *p = words; *p;) {
        p += strspn(p, " ");
        size_t length = strcspn(p, " ");
        if (length)
            names_add(names, p, length);
        p += length;
    }
}

static int order(const void *left, const void *right)
{
    const struct err *a = left, *b = right;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

void report_sort(struct config_errors *errors)
{
    size_t n = errors->n_errors;
    if (n == REPORT_MAX) /* the last one only counts: it stays last */
        n--;
    /* Few and mostly in order: insertion keeps equal places as they came. */
    for (size_t i = 1; i < n; i++) {
        struct err e = errors->errors[i];
        size_t j = i;
        for (; j > 0 && order(&errors->errors[j - 1], &e) > 0; j--)
            errors->errors[j] = errors->errors[j - 1];
        errors->errors[j] = e;
    }
}

int report(struct config_errors *errors, int code, const char *where, int line, int column,
           const char *format, ...)
{
    if (errors->n_errors >= REPORT_MAX ||
        VEC_ROOM(errors->errors, errors->n_errors, errors->errors_capacity, 1) < 0)
        return code;
    struct err *e = &errors->errors[errors->n_errors++];
    char text[sizeof e->text];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (errors->n_errors == REPORT_MAX)
        return err_set_at(e, code, where, 0, 0, "there are more mistakes; these come first");
    /* Parts of the text came from the file, and it may go to a terminal. */
    char clean[sizeof text];
    utf8_clean(clean, sizeof clean, text, strlen(text));
    return err_set_at(e, code, where, line, column, "%s", clean);
}

int report_file(struct config_errors *errors, int code, const char *path, const struct err *e)
{
    const char *at = strstr(e->text, path);
    if (!at)
        return report(errors, code, path, e->line, e->column, "%s", e->text);
    const char *rest = at + strlen(path);
    int before = (int)(at - e->text);
    if (before > 0 && at[-1] == ' ')
        before--;
    return report(errors, code, path, e->line, e->column, "%.*s%s", before, e->text,
                  before == 0 && *rest == ' ' ? rest + 1 : rest);
}

void config_errors_done(struct config_errors *errors)
{
    free(errors->errors);
    *errors = (struct config_errors){0};
}

const char *report_quote(char buf[REPORT_QUOTED], const char *text)
{
    size_t length = strlen(text), room = REPORT_QUOTED - 6; /* quotes, dots and NUL */
    buf[0] = '\'';
    str_copy(buf + 1, room + 1, text);
    size_t used = strlen(buf);
    snprintf(buf + used, REPORT_QUOTED - used, "%s'", length > room ? "..." : "");
    return buf;
}

static int fold(char c)
{
    return c == '-' ? '_' : tolower((unsigned char)c);
}

/* Edits (insert, delete, replace, swap neighbours) that turn a into b. Both are at most NEAR_LENGTH
 * long. */
static int distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
    int rows[3][NEAR_LENGTH + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= n_b; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= n_a; i++) {
        now[0] = (int)i;
        for (size_t j = 1; j <= n_b; j++) {
            int best = last[j - 1] + (fold(a[i - 1]) != fold(b[j - 1]));
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1]) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        int *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[n_b];
}

/* The index of the nearest name, or names->n_items. Of a short name only one edit is forgiven. */
static size_t nearest(const struct names *names, const char *given)
{
    size_t length = strlen(given), result = names->n_items;
    int best = length > 3 ? NEAR_DISTANCE : 1;
    if (length > NEAR_LENGTH)
        return result;
    for (size_t i = 0; i < names->n_items; i++) {
        if (names->items[i].length > NEAR_LENGTH)
            continue;
        int d = distance(given, length, names->items[i].text, names->items[i].length);
        if (d < best || (d == best && result == names->n_items)) {
            best = d;
            result = i;
        }
    }
    return result;
}

bool names_near(const struct names *names, const char *given)
{
    return nearest(names, given) < names->n_items;
}

const char *report_advice(char *buf, size_t size, const struct names *names, const char *given)
{
    size_t used = 0, near = nearest(names, given);
    buf[0] = '\0';
    if (near < names->n_items)
        used = (size_t)snprintf(buf, size, "; did you mean '%.*s'?", (int)names->items[near].length,
                                names->items[near].text);
    for (size_t i = 0; i < names->n_items && used < size; i++)
        used += (size_t)snprintf(buf + used, size - used, "%s%.*s",
                                 i ? ", " : (used ? " allowed: " : "; allowed: "),
                                 (int)names->items[i].length, names->items[i].text);
    if (!names->n_items)
        snprintf(buf, size, "; there is none");
    return buf;
}
