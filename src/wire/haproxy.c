/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/haproxy.h"

#include <stdlib.h>

#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "driftop/wire/haproxy_answer.h"
#include "haproxy_private.h"
#include "number_private.h"

static const char *const column_names[HAPROXY_N_COLUMNS] = {
#define X(id, name) [HAPROXY_##id] = name,
    HAPROXY_COLUMNS(X)
#undef X
};

/* Where a column of the page goes: a text of the row, a number, or nowhere. */
enum target { TO_NOTHING, TO_PXNAME, TO_SVNAME, TO_STATUS, TO_CHECK, TO_ADDR, TO_ALGO, TO_NUMBER };

struct columns {
    unsigned char target[HAPROXY_CELLS], number[HAPROXY_CELLS];
    size_t n;
};

/* A cell of a line, unquoted in place: "" inside quotes becomes one quote. */
static struct span take_cell(char **at, char *end)
{
    char *p = *at, *out = p, *first = p;
    if (p < end && *p == '"') {
        first = out = ++p;
        while (p < end && (*p != '"' || (p + 1 < end && p[1] == '"'))) {
            p += *p == '"';
            *out++ = *p++;
        }
        p += p < end;
    } else {
        char *comma = memchr(p, ',', (size_t)(end - p));
        p = out = comma ? comma : end;
    }
    struct span cell = {first, (size_t)(out - first)};
    char *comma = memchr(p, ',', (size_t)(end - p));
    *at = comma ? comma + 1 : NULL;
    return cell;
}

static enum target target_of(struct span name, unsigned char *ret_number)
{
    static const struct {
        const char *name;
        enum target target;
    } texts[] = {{"pxname", TO_PXNAME},      {"svname", TO_SVNAME}, {"status", TO_STATUS},
                 {"check_status", TO_CHECK}, {"addr", TO_ADDR},     {"algo", TO_ALGO}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (span_is(name, texts[i].name))
            return texts[i].target;
    for (int i = 0; i < HAPROXY_N_COLUMNS; i++) {
        if (span_is(name, column_names[i])) {
            *ret_number = (unsigned char)i;
            return TO_NUMBER;
        }
    }
    return TO_NOTHING;
}

/* The first line, "# pxname,svname,...". Behind the column "-" nothing is guaranteed. */
static int read_columns(char *line, size_t length, struct columns *c, struct err *e)
{
    unsigned seen = 0;
    char *at = line + 2, *end = line + length;
    *c = (struct columns){.n = 0};
    while (at && c->n < HAPROXY_CELLS) {
        struct span name = take_cell(&at, end);
        if (span_is(name, "-"))
            break;
        enum target target = target_of(name, &c->number[c->n]);
        c->target[c->n++] = (unsigned char)target;
        seen |= 1u << target;
    }
    if ((seen & (1u << TO_PXNAME)) && (seen & (1u << TO_SVNAME)))
        return 0;
    return err_set(e, ERR_PROTOCOL, "the page has no columns pxname and svname");
}

static enum haproxy_status status_of(struct span text)
{
    static const struct {
        const char *word;
        enum haproxy_status alone, more; /* "UP", and "UP 1/3" */
    } words[] = {
        {"UP", HAPROXY_UP, HAPROXY_GOING_DOWN},
        {"DOWN", HAPROXY_DOWN, HAPROXY_DOWN},
        {"MAINT", HAPROXY_MAINT, HAPROXY_MAINT},
        {"DRAIN", HAPROXY_DRAIN, HAPROXY_DRAIN},
        {"NOLB", HAPROXY_NOLB, HAPROXY_NOLB},
        {"OPEN", HAPROXY_OPEN, HAPROXY_OPEN},
        {"no check", HAPROXY_NO_CHECK, HAPROXY_NO_CHECK},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i].word);
        if (!text.data || !span_starts(text, words[i].word))
            continue;
        if (text.length == length)
            return words[i].alone;
        if (text.data[length] != ' ')
            continue;
        /* "DOWN 1/2" is coming back, "DOWN (agent)" is not. */
        bool counting = text.length > length + 1 && text.data[length + 1] >= '0' &&
                        text.data[length + 1] <= '9';
        return words[i].alone == HAPROXY_DOWN && counting ? HAPROXY_GOING_UP : words[i].more;
    }
    return HAPROXY_STATUS_UNKNOWN;
}

static void put_cell(struct haproxy_stat *row, enum target target, unsigned number,
                     struct span cell)
{
    if (cell.length == 0)
        return;
    switch (target) {
    case TO_PXNAME: row->pxname = cell; break;
    case TO_SVNAME: row->svname = cell; break;
    case TO_STATUS:
        row->status_text = cell;
        row->status = status_of(cell);
        break;
    case TO_CHECK: row->check_status = cell; break;
    case TO_ADDR: row->addr = cell; break;
    case TO_ALGO: row->algo = cell; break;
    case TO_NUMBER:
        if (number_int(cell.data, cell.length, &row->number[number]))
            row->present |= (uint64_t)1 << number;
        break;
    case TO_NOTHING: break;
    }
}

/* One line into one row. A cell that is no number leaves its presence bit unset. */
static int read_row(struct haproxy_stats *s, const struct columns *c, char *line, size_t length,
                    struct err *e)
{
    if (s->n_rows >= HAPROXY_ROWS)
        return err_set(e, ERR_LIMIT, "the page has more than %d lines", HAPROXY_ROWS);
    if (VEC_ROOM(s->rows, s->n_rows, s->rows_capacity, 1) < 0)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    struct haproxy_stat *row = &s->rows[s->n_rows];
    *row = (struct haproxy_stat){0};
    char *at = line, *end = line + length;
    for (size_t i = 0; at && i < c->n; i++)
        put_cell(row, (enum target)c->target[i], c->number[i], take_cell(&at, end));
    if (!row->pxname.data || !row->svname.data)
        return err_set(e, ERR_PROTOCOL, "a line of the page has no names");
    s->n_rows++;
    return 0;
}

int haproxy_parse_stats(const char *bytes, size_t length, struct haproxy_stats *ret, struct err *e)
{
    *ret = (struct haproxy_stats){0};
    struct span rest = {bytes, length}, line;
    if (length > HAPROXY_ANSWER_BYTES)
        return err_set(e, ERR_LIMIT, "the answer is larger than %zu bytes", HAPROXY_ANSWER_BYTES);
    if (!haproxy_line(&rest, &line) || !span_starts(line, "# "))
        return haproxy_refusal(bytes, length, e);
    ret->text = malloc(length + 1);
    if (!ret->text)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    memcpy(ret->text, bytes, length);
    struct columns columns;
    bool whole = false; /* the empty line came: nothing was lost on the way */
    int result = read_columns(ret->text, line.length, &columns, e);
    while (result == 0 && !whole && haproxy_line(&rest, &line)) {
        whole = haproxy_blank(line);
        if (!whole)
            result = read_row(ret, &columns, ret->text + (line.data - bytes), line.length, e);
    }
    return result == 0 && !whole ? haproxy_cut_off(e) : result;
}

void haproxy_stats_done(struct haproxy_stats *s)
{
    free(s->rows);
    free(s->text);
    *s = (struct haproxy_stats){0};
}

const struct haproxy_stat *haproxy_find_stat(const struct haproxy_stats *s, const char *pxname,
                                             const char *svname)
{
    for (size_t i = 0; i < s->n_rows; i++)
        if (span_is(s->rows[i].pxname, pxname) && span_is(s->rows[i].svname, svname))
            return &s->rows[i];
    return NULL;
}

bool haproxy_stat_number(const struct haproxy_stat *s, enum haproxy_column column, int64_t *ret)
{
    if (!(s->present >> column & 1))
        return false;
    *ret = s->number[column];
    return true;
}

bool haproxy_status_serves(enum haproxy_status status)
{
    return status == HAPROXY_UP || status == HAPROXY_GOING_DOWN || status == HAPROXY_NO_CHECK ||
           status == HAPROXY_OPEN;
}
