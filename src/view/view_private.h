/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the views share: how a severity, an age, a version and a stale number look, and the pieces
 * that surround every view.
 */
#ifndef DRIFTOP_VIEW_PRIVATE_H
#define DRIFTOP_VIEW_PRIVATE_H

#include "driftop/view/view.h"
#include "driftop/widget/format.h"
#include "driftop/widget/table.h"

struct canvas;

#define TINY_COLUMNS 60 /* below: a list of the essentials */
#define TEXT_SIZE    MODEL_TEXT_SIZE

/* text.c */
/* "P1!" "T2" "ok" "~" "?": the letter before the word. */
const char *severity_letter(enum severity s);
unsigned severity_style(enum severity s);
/* "v42"; what does not begin with a digit stays as it is. Returns buf. */
char *version_text(const char *version, char buf[MODEL_NAME_SIZE + 1]);
/* "41s" since a time, "-" for never. */
char *age_text(int64_t now_ms, int64_t at_ms, char buf[FORMAT_SIZE]);
bool is_stale(const struct view_frame *frame, int64_t at_ms);
/* Put a formatted number into a cell: `~` in front and dim when its reading is stale, muted when it
 * is not known ("-"). */
void cell_number(struct table_cell *cell, const struct view_frame *frame, int64_t at_ms,
                 const char *text);
/* "s", but not for 1. */
const char *plural(int n);
/* "-" for "". */
const char *or_dash(const char *text);
void cell_text(struct table_cell *cell, unsigned style, const char *text);
/* A labelled line: "LABEL      text" with the label in its own style, cut at the width; returns
 * rows used (0 when the text is "" or there is no room). */
int label_line(struct canvas *c, struct rect *area, int label_columns, const char *label,
               unsigned style, const char *text);
/* A line of its own at the top of *area, which shrinks. */
void top_line(struct canvas *c, struct rect *area, unsigned style, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* "15 min", "1 h", "24 h", "all windows". */
const char *span_text(int span);

#endif
