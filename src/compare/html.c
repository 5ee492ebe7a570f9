/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page: one file that needs neither a network nor a script, so that it can be mailed, kept
 * beside a build, and opened in ten years.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/compare/print.h"
#include "words_private.h"

#define SVG_WIDTH  240
#define SVG_HEIGHT 60

static const char style[] =
    "body{font:14px/1.4 sans-serif;margin:2em auto;max-width:70em;padding:0 1em;"
    "color:#222;background:#fff}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.3em .6em;border-bottom:1px solid #ddd;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".page{color:#b00020;font-weight:bold}.warn{color:#8a5a00;font-weight:bold}"
    ".unknown{color:#555;font-style:italic}.ok{color:#1b6e2c}"
    "small{color:#555;display:block}"
    "details table{width:auto;margin:.5em 0}"
    ".r{fill:#7a8a99}.c{fill:#c2571a;fill-opacity:.65}";

/* Text between tags or in an attribute; control characters do not get through. */
static void add_escaped(struct str *out, const char *text)
{
    char clean[1024];
    utf8_clean(clean, sizeof clean, text, strlen(text));
    for (const char *p = clean; *p; p++) {
        switch (*p) {
        case '<': str_add(out, "&lt;"); break;
        case '>': str_add(out, "&gt;"); break;
        case '&': str_add(out, "&amp;"); break;
        case '"': str_add(out, "&quot;"); break;
        case '\'': str_add(out, "&#39;"); break;
        default: str_add_char(out, *p); break;
        }
    }
}

static double share(const uint64_t *counts, size_t n, size_t i)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += counts[k];
    return sum > 0 ? (double)counts[i] / (double)sum : 0;
}

static void add_rects(struct str *out, const uint64_t *counts, size_t n, double highest,
                      const char *class)
{
    double width = (double)SVG_WIDTH / (double)n;
    for (size_t i = 0; i < n && highest > 0; i++) {
        double height = SVG_HEIGHT * share(counts, n, i) / highest;
        str_addf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                 class, width * (double)i, SVG_HEIGHT - height, width - 1, height);
    }
}

static void add_svg(struct str *out, const struct compare_bars *b)
{
    double highest = 0;
    if (b->n == 0)
        return;
    for (size_t i = 0; i < b->n; i++) {
        double x = share(b->reference, b->n, i), y = share(b->current, b->n, i);
        highest = x > highest ? x : highest;
        highest = y > highest ? y : highest;
    }
    str_addf(out,
             "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
             "aria-label=\"histogram of both sides\">",
             SVG_WIDTH, SVG_HEIGHT, SVG_WIDTH, SVG_HEIGHT);
    add_rects(out, b->reference, b->n, highest, "r");
    add_rects(out, b->current, b->n, highest, "c");
    str_add(out, "</svg>");
}

static void add_cells(struct str *out, const struct compare_feature *f)
{
    if (f->n_cells == 0)
        return;
    str_add(out, "<details><summary>cells</summary><table><tr><th>cell<th>reference<th>current"
                 "<th>psi</tr>\n");
    for (size_t i = 0; i < f->n_cells; i++) {
        const struct feature_cell *c = &f->cells[i];
        str_add(out, "<tr><td>");
        add_escaped(out, c->label);
        str_addf(out, "<td class=\"n\">%llu<td class=\"n\">%llu<td class=\"n\">%.4g</tr>\n",
                 (unsigned long long)c->reference, (unsigned long long)c->current, c->psi);
    }
    str_add(out, "</table></details>");
}

static void add_small(struct str *out, const char *text)
{
    if (!text[0])
        return;
    str_add(out, "<small>");
    add_escaped(out, text);
    str_add(out, "</small>");
}

static void add_verdict(struct str *out, enum verdict verdict)
{
    str_addf(out, "<td class=\"%s\">%s", verdict_name(verdict), verdict_name(verdict));
}

static void add_feature(struct str *out, const struct compare_report *r,
                        const struct compare_feature *f)
{
    struct headline h = words_headline(f);
    char text[512];
    str_add(out, "<tr>");
    add_verdict(out, f->result.verdict);
    str_add(out, "<td>");
    add_escaped(out, f->name);
    add_small(out, f->result.reason);
    add_small(out, words_shape(&f->shape, text, sizeof text));
    add_small(out, f->sentence);
    add_small(out, words_onset(r, f, text, sizeof text));
    add_cells(out, f);
    if (h.name)
        str_addf(out, "<td>%s<td class=\"n\">%.4g<td class=\"n\">%.4g<td class=\"n\">%.4g<td>",
                 h.name, h.value, h.floor, h.excess);
    else
        str_add(out, "<td><td><td><td><td>");
    add_svg(out, &f->bars);
    str_add(out, "</tr>\n");
}

static void add_features(struct str *out, const struct compare_report *r)
{
    const struct compare_feature **order = words_order(r, &r->groups[0]);
    if (!order) {
        out->failed = true;
        return;
    }
    str_add(out, "<table><tr><th>verdict<th>feature<th>by<th>value<th>floor<th>excess"
                 "<th>reference (grey), current</tr>\n");
    for (size_t i = 0; i < r->n_features; i++)
        add_feature(out, r, order[i]);
    str_add(out, "</table>\n");
    free(order);
}

static void add_groups(struct str *out, const struct compare_report *r, size_t first, size_t n,
                       const char *title)
{
    char text[256];
    if (n == 0)
        return;
    str_addf(out,
             "<h2>%s</h2>\n<table><tr><th>verdict<th>%s<th>reference rows<th>current rows"
             "<th>worst features</tr>\n",
             title, title);
    for (size_t i = first; i < first + n; i++) {
        const struct compare_group *g = &r->groups[i];
        str_add(out, "<tr>");
        add_verdict(out, g->verdict);
        str_add(out, "<td>");
        add_escaped(out, words_group(g, text, sizeof text));
        str_addf(out, "<td class=\"n\">%llu<td class=\"n\">%llu<td>",
                 (unsigned long long)g->reference_rows, (unsigned long long)g->current_rows);
        add_escaped(out, words_worst(r, g, text, sizeof text));
        str_add(out, "</tr>\n");
    }
    str_add(out, "</table>\n");
}

void compare_html(const struct compare_report *r, struct str *out)
{
    const struct compare_group *all = &r->groups[0];
    str_add(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                 "<title>driftop compare</title>\n<style>");
    str_add(out, style);
    str_addf(out,
             "</style></head><body>\n<h1>driftop compare: <span class=\"%s\">%s</span></h1>\n<p>",
             verdict_name(r->verdict), verdict_name(r->verdict));
    add_escaped(out, r->reference_path);
    str_addf(out, " (%llu rows) against ", (unsigned long long)all->reference_rows);
    add_escaped(out, r->current_path);
    str_addf(out, " (%llu rows); alpha %g over %zu columns.</p>\n",
             (unsigned long long)all->current_rows, r->alpha, r->n_judged);
    add_features(out, r);
    add_groups(out, r, 1, r->n_segments, "segments");
    add_groups(out, r, 1 + r->n_segments, r->n_periods, "periods");
    str_add(out, "</body></html>\n");
}
