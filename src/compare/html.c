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
#include "html_private.h"
#include "words_private.h"

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1d2430;--soft:#5b6573;--line:#dfe3e8;--paper:#fff;"
    "--side:#f5f7f9;--page:#b3122b;--warn:#8a5a00;--ok:#1d7040;--r:#8794a3;--c:#d9631e}\n"
    "@media(prefers-color-scheme:dark){:root{--ink:#e4e8ee;--soft:#9aa5b3;--line:#2d3641;"
    "--paper:#14191f;--side:#1b222a;--page:#ff7b88;--warn:#f0b43c;--ok:#62c98a;--r:#66758a;"
    "--c:#ff8f4d}}\n"
    "body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:72em;padding:0 1em;"
    "color:var(--ink);background:var(--paper)}\n"
    "h1{font-size:1.5em;margin:0 0 .4em}h2{font-size:1.15em;margin:2em 0 .4em}"
    "p{margin:.3em 0;overflow-wrap:anywhere}\n"
    ".wide{overflow-x:auto}table{border-collapse:collapse}.wide>table{width:100%}\n"
    "th,td{text-align:left;padding:.4em .7em;border-bottom:1px solid var(--line);"
    "vertical-align:top}th{color:var(--soft);font-weight:600;white-space:nowrap}\n"
    ".n{text-align:right!important;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "b.name{font-weight:600;overflow-wrap:anywhere}.why{color:var(--soft);display:block}\n"
    ".page,.warn{font-weight:700}.page{color:var(--page)}.warn{color:var(--warn)}"
    ".ok{color:var(--ok)}.unknown{color:var(--soft);font-style:italic}\n"
    "svg{display:block;border-bottom:1px solid var(--soft)}.r{fill:var(--r)}.c{fill:var(--c)}"
    ".t{fill:transparent}.axis{display:flex;justify-content:space-between;width:264px;"
    "color:var(--soft);font-size:.85em}\n"
    ".key{display:inline-block;width:.8em;height:.8em;margin:0 .4em 0 0}.key.c{margin-left:1em}"
    ".key.r{background:var(--r)}.key.c{background:var(--c)}\n"
    ".feature>td:nth-child(2){width:40%}.numbers div table{margin-bottom:1em}\n"
    ".feature>td{border-bottom:0;padding-bottom:0}.more>td{padding-top:0}summary{color:var(--soft);cursor:pointer}"
    ".numbers{display:flex;flex-wrap:wrap;gap:1em 2em;align-items:flex-start;"
    "background:var(--side);padding:.7em;margin:.4em 0;font-size:.93em}"
    ".numbers th,.numbers td{padding:.15em .6em}\n";

void html_escaped(struct str *out, const char *text)
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

static void add_why(struct str *out, const char *text)
{
    if (!text[0])
        return;
    str_add(out, "<span class=\"why\">");
    html_escaped(out, text);
    str_add(out, "</span>");
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
    str_add(out, "<tr class=\"feature\">");
    add_verdict(out, f->result.verdict);
    str_add(out, "<td><b class=\"name\">");
    html_escaped(out, f->name[0] ? f->name : "(no name)");
    str_add(out, "</b>");
    add_why(out, f->result.reason);
    add_why(out, words_shape(&f->shape, text, sizeof text));
    add_why(out, f->sentence);
    add_why(out, words_onset(r, f, text, sizeof text));
    if (h.name)
        str_addf(out, "<td>%s<td class=\"n\">%.4g<td class=\"n\">%.4g<td class=\"n\">%.4g<td>",
                 h.name, h.value, h.floor, h.excess);
    else
        str_add(out, "<td><td><td><td><td>");
    html_histogram(out, f);
    str_add(out, "</tr>\n");
    html_numbers(out, f);
}

static void add_features(struct str *out, const struct compare_report *r)
{
    const struct compare_feature **order = words_order(r, &r->groups[0]);
    if (!order) {
        out->failed = true;
        return;
    }
    str_add(
        out,
        "<div class=\"wide\"><table><tr><th>verdict<th>feature<th>by<th class=\"n\">value<th class=\"n\">floor"
        "<th class=\"n\">excess<th><span class=\"key r\"></span>reference"
        "<span class=\"key c\"></span>current</tr>\n");
    for (size_t i = 0; i < r->n_features; i++)
        add_feature(out, r, order[i]);
    str_add(out, "</table></div>\n");
    free(order);
}

static void add_groups(struct str *out, const struct compare_report *r, size_t first, size_t n,
                       const char *title)
{
    char text[256];
    if (n == 0)
        return;
    str_addf(
        out,
        "<h2>%s</h2>\n<div class=\"wide\"><table><tr><th>verdict<th>%s<th class=\"n\">reference rows<th class=\"n\">current rows"
        "<th>worst features</tr>\n",
        title, title);
    for (size_t i = first; i < first + n; i++) {
        const struct compare_group *g = &r->groups[i];
        str_add(out, "<tr>");
        add_verdict(out, g->verdict);
        str_add(out, "<td>");
        html_escaped(out, words_group(g, text, sizeof text));
        str_addf(out, "<td class=\"n\">%llu<td class=\"n\">%llu<td>",
                 (unsigned long long)g->reference_rows, (unsigned long long)g->current_rows);
        html_escaped(out, words_worst(r, g, text, sizeof text));
        str_add(out, "</tr>\n");
    }
    str_add(out, "</table></div>\n");
}

static void add_file(struct str *out, const char *what, const char *path, uint64_t rows)
{
    str_addf(out, "<p>%s: ", what);
    html_escaped(out, path);
    str_addf(out, ", %llu rows</p>\n", (unsigned long long)rows);
}

/* "3 page, 1 warn, 20 ok" */
static void add_tally(struct str *out, const struct compare_report *r)
{
    const char *comma = "";
    for (int v = VERDICT_PAGE; v >= VERDICT_OK; v--) {
        size_t n = 0;
        for (size_t i = 0; i < r->n_features; i++)
            n += r->groups[0].features[i].result.verdict == (enum verdict)v;
        if (n == 0)
            continue;
        str_addf(out, "%s<span class=\"%s\">%zu %s</span>", comma, verdict_name((enum verdict)v), n,
                 verdict_name((enum verdict)v));
        comma = ", ";
    }
    str_addf(out, "; alpha %g over %zu column%s", r->alpha, r->n_judged,
             r->n_judged == 1 ? "" : "s");
}

/* What the browser may do with it: nothing but show it. */
static const char head[] = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n"
                           "<meta http-equiv=\"Content-Security-Policy\" "
                           "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";

void compare_html(const struct compare_report *r, struct str *out)
{
    const struct compare_group *all = &r->groups[0];
    const char *verdict = verdict_name(r->verdict);
    str_add(out, head);
    str_addf(out, "<title>driftop compare: %s</title>\n<style>", verdict);
    str_add(out, style);
    str_addf(out, "</style></head><body>\n<h1>driftop compare: <span class=\"%s\">%s</span></h1>\n",
             verdict, verdict);
    add_file(out, "reference", r->reference_path, all->reference_rows);
    add_file(out, "current", r->current_path, all->current_rows);
    str_add(out, "<p>");
    add_tally(out, r);
    str_add(out, "</p>\n");
    add_features(out, r);
    add_groups(out, r, 1, r->n_segments, "segments");
    add_groups(out, r, 1 + r->n_segments, r->n_periods, "periods");
    str_add(out, "</body></html>\n");
}
