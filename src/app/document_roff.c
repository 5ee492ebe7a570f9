/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <string.h>

#include "config.h"
#include "document_private.h"
#include "driftop/base/str.h"

#define COLUMNS_MAX 8

struct cell {
    const char *text;
    size_t length;
};

struct converter {
    struct str *out;
    bool section;   /* a heading came; what stands before the first one is the description */
    bool code;      /* inside a block of code */
    bool paragraph; /* the next plain line begins a paragraph */
    struct cell heads[COLUMNS_MAX];
    size_t n_heads; /* 0: not inside a table */
};

/* ---- text within a line ---- */

static void add_escaped(struct converter *v, char c)
{
    switch (c) {
    case '\\': str_add(v->out, "\\e"); break;
    case '-': str_add(v->out, "\\-"); break;
    case '~': str_add(v->out, "\\(ti"); break;
    case '^': str_add(v->out, "\\(ha"); break;
    case '`': str_add(v->out, "\\(ga"); break;
    case '\'': str_add(v->out, "\\(aq"); break;
    default: str_add_char(v->out, c);
    }
}

/* [text](link): a page cannot be clicked. The length of the whole; 0 when it is none. */
static size_t link_length(const char *text, size_t length, size_t *ret_text)
{
    const char *close = text[0] == '[' ? memchr(text, ']', length) : NULL;
    size_t at = close ? (size_t)(close - text) : 0;

    if (!close || at + 1 >= length || close[1] != '(')
        return 0;
    const char *after = memchr(close, ')', length - at);
    *ret_text = at - 1;
    return after ? (size_t)(after - text) + 1 : 0;
}

static void toggle_bold(struct converter *v, bool *on)
{
    *on = !*on;
    str_add(v->out, *on ? "\\fB" : "\\fR");
}

static void add_inline(struct converter *v, const char *text, size_t length)
{
    bool code = false, bold = false;
    size_t n, n_text = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] == '`') {
            toggle_bold(v, &code);
        } else if (!code && strncmp(text + i, "**", 2) == 0) {
            toggle_bold(v, &bold);
            i++;
        } else if (!code && (n = link_length(text + i, length - i, &n_text)) > 0) {
            add_inline(v, text + i + 1, n_text);
            i += n - 1;
        } else {
            i += text[i] == '\\' && i + 1 < length && text[i + 1] == '|';
            add_escaped(v, text[i]);
        }
    }
}

/* ---- lines ---- */

/* Bytes of a line of text that roff would take for a request are guarded. */
static void text_line(struct converter *v, const char *line, size_t length)
{
    if (length > 0 && line[0] == '.')
        str_add(v->out, "\\&");
    add_inline(v, line, length);
    str_add_char(v->out, '\n');
}

static void heading(struct converter *v, const char *line, size_t length)
{
    size_t level = strspn(line, "#"), at = level + strspn(line + level, " ");
    if (level == 1)
        return; /* the title stands in the page's head */
    v->section = true;
    str_add(v->out, level == 2 ? ".SH " : ".SS ");
    for (; at < length; at++)
        if (line[at] != '`')
            add_escaped(v, line[at]);
    str_add_char(v->out, '\n');
    v->paragraph = false;
}

static size_t split_row(const char *line, size_t length, struct cell cells[COLUMNS_MAX])
{
    const char *end = line + length, *p = line + 1;
    size_t n = 0;

    while (p < end && n < COLUMNS_MAX) {
        const char *bar = p;
        while (bar < end && (*bar != '|' || bar[-1] == '\\'))
            bar++;
        const char *from = p, *to = bar;
        while (from < to && *from == ' ')
            from++;
        while (to > from && to[-1] == ' ')
            to--;
        cells[n++] = (struct cell){from, (size_t)(to - from)};
        p = bar + 1;
    }
    return n;
}

/* The first cell is the term, the last one says what it is, those between stand in parentheses. */
static void table_row(struct converter *v, const char *line, size_t length)
{
    struct cell cells[COLUMNS_MAX];
    size_t n = split_row(line, length, cells), shown = 0;

    if (v->n_heads == 0) {
        memcpy(v->heads, cells, sizeof cells);
        v->n_heads = n;
        return;
    }
    if (strncmp(line, "|--", 3) == 0 || n == 0)
        return;
    str_add(v->out, ".TP\n");
    str_add(v->out, "\\&");
    add_inline(v, cells[0].text, cells[0].length);
    for (size_t i = 1; i + 1 < n; i++) {
        if (cells[i].length == 0)
            continue;
        str_add(v->out, shown++ ? "; " : " (");
        if (i > 1 && cells[i].text[0] == '`')
            str_addf(v->out, "%.*s ", (int)v->heads[i].length, v->heads[i].text);
        add_inline(v, cells[i].text, cells[i].length);
    }
    str_add(v->out, shown ? ")\n" : "\n");
    text_line(v, cells[n - 1].text, cells[n - 1].length);
    v->paragraph = true;
}

static void set_code(struct converter *v, bool on)
{
    if (v->code != on)
        str_add(v->out, on ? ".PP\n.RS 4\n.nf\n" : ".fi\n.RE\n");
    v->code = on;
}

static void code_line(struct converter *v, const char *text, size_t length)
{
    set_code(v, true);
    if (length > 0 && text[0] == '.')
        str_add(v->out, "\\&");
    for (size_t i = 0; i < length; i++)
        add_escaped(v, text[i]);
    str_add_char(v->out, '\n');
    v->paragraph = true;
}

static void prose_line(struct converter *v, const char *line, size_t length)
{
    bool item = strncmp(line, "* ", 2) == 0;
    const char *text = item ? line + 2 : line + strspn(line, " ");

    if (!v->section)
        str_add(v->out, ".SH Description\n");
    v->section = true;
    if (item)
        str_add(v->out, ".IP \\(bu 2\n");
    else if (v->paragraph)
        str_add(v->out, ".PP\n");
    v->paragraph = false;
    text_line(v, text, length - (size_t)(text - line));
}

static void one_line(struct converter *v, const char *line, size_t length)
{
    if (length > 4 && strncmp(line, "    ", 4) == 0) {
        code_line(v, line + 4, length - 4);
        return;
    }
    set_code(v, false);
    if (length == 0) {
        v->paragraph = true;
        v->n_heads = 0;
    } else if (line[0] == '#') {
        heading(v, line, length);
    } else if (line[0] == '|') {
        table_row(v, line, length);
    } else if (strncmp(line, "<!--", 4) != 0) {
        prose_line(v, line, length);
    }
}

void manual_roff(const struct manual_head *head, const char *markdown, struct str *ret)
{
    struct converter v = {.out = ret};
    bool fenced = false;

    str_addf(ret, ".TH %s %s \"\" \"driftop %s\" \"driftop\"\n.SH NAME\n%s \\- %s\n", head->name,
             head->section, PACKAGE_VERSION, head->name, head->about);
    for (const char *line = markdown; *line;) {
        size_t length = strcspn(line, "\n");
        if (strncmp(line, "```", 3) == 0)
            fenced = !fenced;
        else if (fenced)
            code_line(&v, line, length);
        else
            one_line(&v, line, length);
        line += length + (line[length] == '\n');
    }
    set_code(&v, false);
}
