/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A comparison's report for people, for programs and for a browser. Pure: nothing is read, and
 * names and values that came from the files are cleaned before they reach a terminal or a page.
 */
#ifndef DRIFTOP_COMPARE_PRINT_H
#define DRIFTOP_COMPARE_PRINT_H

#include <stdbool.h>

struct compare_report;
struct json;
struct str;

/* "driftop.compare.v1", described in docs/STATISTICS.md. Numbers with 17 digits; what is absent, NaN
 * or infinite is null. NULL when out of memory. */
struct json *compare_json(const struct compare_report *r);

/* A table, the worst first, no line longer than `columns` (36 at least); bars are block elements, or
 * ASCII. A failed append shows in out->failed, here and below. */
void compare_text(const struct compare_report *r, int columns, bool ascii, struct str *out);

/* One page that needs nothing else: no script, no style sheet, histograms as SVG. */
void compare_html(const struct compare_report *r, struct str *out);

#endif
