/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/query/drift.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/style.h"
#include "view_private.h"

const char *severity_letter(enum severity s)
{
    switch (s) {
    case SEVERITY_OK: return "ok";
    case SEVERITY_UNKNOWN: return "?";
    case SEVERITY_STALE: return "~";
    case SEVERITY_TICKET: return "T2";
    case SEVERITY_PAGE: return "P1!";
    }
    return "?";
}

unsigned severity_style(enum severity s)
{
    switch (s) {
    case SEVERITY_OK: return ROLE_OK;
    case SEVERITY_UNKNOWN: return ROLE_UNKNOWN;
    case SEVERITY_STALE: return ROLE_STALE;
    case SEVERITY_TICKET: return ROLE_TICKET;
    case SEVERITY_PAGE: return ROLE_PAGE;
    }
    return ROLE_UNKNOWN;
}

char *version_text(const char *version, char buf[MODEL_NAME_SIZE + 1])
{
    snprintf(buf, MODEL_NAME_SIZE + 1, "%s%s", isdigit((unsigned char)version[0]) ? "v" : "",
             version[0] ? version : "-");
    return buf;
}

char *age_text(int64_t now_ms, int64_t at_ms, char buf[FORMAT_SIZE])
{
    /* A reading from a clock that is ahead is new, not of unknown age. */
    int64_t age_ms = at_ms <= 0 ? -1 : now_ms > at_ms ? now_ms - at_ms : 0;
    return format_age(age_ms, buf);
}

bool is_stale(const struct view_frame *frame, int64_t at_ms)
{
    return at_ms > 0 && frame->now_ms - at_ms > frame->stale_ms;
}

void cell_number(struct table_cell *cell, const struct view_frame *frame, int64_t at_ms,
                 const char *text)
{
    bool known = strcmp(text, "-") != 0;
    bool stale = known && is_stale(frame, at_ms);

    snprintf(cell->text, sizeof cell->text, "%s%s", stale ? "~" : "", text);
    cell->style = !known ? ROLE_MUTED : stale ? ROLE_STALE : ROLE_TEXT;
}

const char *plural(int n)
{
    return n == 1 ? "" : "s";
}

const char *or_dash(const char *text)
{
    return text[0] ? text : "-";
}

void cell_text(struct table_cell *cell, unsigned style, const char *text)
{
    str_copy(cell->text, sizeof cell->text, text);
    cell->style = style;
}

int label_line(struct canvas *c, struct rect *area, int label_columns, const char *label,
               unsigned style, const char *text)
{
    if (!text[0] || area->rows < 1)
        return 0;
    struct rect line = rect_cut_top(area, 1);
    canvas_field(c, line.x, line.y, label_columns < line.columns ? label_columns : line.columns,
                 ALIGN_LEFT, ROLE_TITLE, label);
    rect_cut_left(&line, label_columns);
    canvas_field(c, line.x, line.y, line.columns, ALIGN_LEFT, style, text);
    return 1;
}

void top_line(struct canvas *c, struct rect *area, unsigned style, const char *format, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    struct rect line = rect_cut_top(area, 1);
    if (line.rows > 0)
        canvas_field(c, line.x, line.y, line.columns, ALIGN_LEFT, style, text);
}

const char *span_text(int span)
{
    switch (span) {
    case WINDOW_15M: return "15 min";
    case WINDOW_1H: return "1 h";
    case WINDOW_24H: return "24 h";
    default: return "worst window";
    }
}
