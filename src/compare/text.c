/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table for people. One line a feature, and below it, when it is not ok, why, what it looks
 * like, and where in the distribution it happened. A narrow terminal gets fewer columns, never
 * broken lines; words are wrapped, never cut.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/compare/print.h"
#include "words_private.h"

#define LEAST_COLUMNS 36
#define MOST_COLUMNS  120
#define INDENT        9 /* of what stands below a feature: the verdict's column */
#define MOST_NAME     36

/* What a line has room for. */
struct layout {
    int columns, name;
    bool numbers, histograms; /* value and floor beside the excess; both sides' bars */
    bool rows;                /* of a group */
    int label, worst;         /* of a group */
};

static int at_most(int a, int b)
{
    return a < b ? a : b;
}

static struct layout layout_of(int columns)
{
    struct layout l = {.columns = at_most(columns, MOST_COLUMNS)};
    if (l.columns < LEAST_COLUMNS)
        l.columns = LEAST_COLUMNS;
    l.histograms = l.columns >= 72;
    l.numbers = l.columns >= 50;
    int rest =
        l.columns - INDENT - 12 - (l.numbers ? 14 : 0) - (l.histograms ? 2 * COMPARE_BARS + 2 : 0);
    l.name = at_most(rest, MOST_NAME);
    l.rows = l.columns >= 60;
    rest = l.columns - INDENT - 1 - (l.rows ? 22 : 0);
    l.label = rest / 2;
    l.worst = rest - l.label;
    return l;
}

/* A text from the files, cleaned, cut and padded to a number of columns. */
static void add_padded(struct str *out, const char *text, int columns)
{
    char clean[512];
    int used;
    utf8_clean(clean, sizeof clean, text, strlen(text));
    size_t bytes = utf8_fit(clean, columns, &used);
    if (clean[bytes] && bytes > 0) {
        bytes = utf8_fit(clean, columns - 2, &used);
        str_add_bytes(out, clean, bytes);
        str_add(out, "..");
        used += 2;
    } else {
        str_add_bytes(out, clean, bytes);
    }
    str_addf(out, "%*s", columns - used, "");
}

static void add_cut(struct str *out, const char *text, int columns)
{
    add_padded(out, text, columns);
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
}

/* The highest bar of either side is full, so that the two can be compared. */
static void add_bars(struct str *out, const uint64_t *counts, const struct compare_bars *b,
                     double highest, bool ascii)
{
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const letters[] = {" ", ".", ":", "-", "=", "+", "*", "%", "#"};
    uint64_t sum = 0;
    for (size_t i = 0; i < b->n; i++)
        sum += counts[i];
    for (size_t i = 0; i < COMPARE_BARS; i++) {
        double share = i < b->n && sum > 0 ? (double)counts[i] / (double)sum : 0;
        int level = highest > 0 ? (int)(8 * share / highest + 0.5) : 0;
        /* what is there at all is seen */
        if (level == 0 && share > 0)
            level = 1;
        str_add(out, ascii ? letters[level] : blocks[level]);
    }
}

static double highest_share(const uint64_t *counts, size_t n)
{
    uint64_t sum = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        sum += counts[i];
        most = counts[i] > most ? counts[i] : most;
    }
    return sum > 0 ? (double)most / (double)sum : 0;
}

static void add_histograms(struct str *out, const struct compare_bars *b, bool ascii)
{
    double x = highest_share(b->reference, b->n), y = highest_share(b->current, b->n);
    double highest = x > y ? x : y;
    add_bars(out, b->reference, b, highest, ascii);
    str_add_char(out, ' ');
    add_bars(out, b->current, b, highest, ascii);
}

/* How many bytes of a text fit, up to a blank where there is one. */
static size_t line_length(const char *text, int columns)
{
    int used;
    size_t fits = utf8_fit(text, columns, &used), at = fits;
    if (!text[fits])
        return fits;
    while (at > 0 && text[at] != ' ')
        at--;
    while (at > 0 && text[at - 1] == ' ')
        at--;
    return at > 0 ? at : fits;
}

static void add_detail(struct str *out, const struct layout *l, const char *text)
{
    char clean[1024];
    const char *p = utf8_clean(clean, sizeof clean, text, strlen(text));
    for (p += strspn(p, " "); *p; p += strspn(p, " ")) {
        size_t n = line_length(p, l->columns - INDENT);
        str_addf(out, "%*s%.*s\n", INDENT, "", (int)n, p);
        p += n;
    }
}

/* In six columns and a blank: as many decimals as there is room for. */
static void add_number(struct str *out, double value)
{
    int decimals = value < 0.0995 ? 4 : value < 99.95 ? 3 : 0;
    if (value < 1e6)
        str_addf(out, "%6.*f ", decimals, value);
    else
        str_addf(out, "%6.1g ", value);
}

static void drop_blanks(struct str *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
}

static void add_headline(struct str *out, const struct layout *l, const struct compare_feature *f,
                         bool ascii)
{
    struct headline h = words_headline(f);
    str_addf(out, "%-8s ", verdict_name(f->result.verdict));
    add_padded(out, f->name, l->name);
    if (h.name) {
        str_addf(out, " %-3s ", h.name);
        if (l->numbers) {
            add_number(out, h.value);
            add_number(out, h.floor);
        }
        add_number(out, h.excess);
        if (l->histograms)
            add_histograms(out, &f->bars, ascii);
    }
    drop_blanks(out);
    str_add_char(out, '\n');
}

static void add_feature(struct str *out, const struct layout *l, const struct compare_report *r,
                        const struct compare_feature *f, bool ascii)
{
    char text[512];
    int used;
    add_headline(out, l, f, ascii);
    if (f->name[utf8_fit(f->name, l->name, &used)])
        add_detail(out, l, f->name);
    add_detail(out, l, f->result.reason);
    add_detail(out, l, words_shape(&f->shape, text, sizeof text));
    add_detail(out, l, f->sentence);
    add_detail(out, l, words_onset(r, f, text, sizeof text));
}

static void add_features(struct str *out, const struct layout *l, const struct compare_report *r,
                         bool ascii)
{
    const struct compare_feature **order = words_order(r, &r->groups[0]);
    if (!order) {
        out->failed = true;
        return;
    }
    str_addf(out, "\n%-8s %-*s %-3s ", "VERDICT", l->name, "FEATURE", "BY");
    if (l->numbers)
        str_addf(out, "%6s %6s ", "VALUE", "FLOOR");
    str_addf(out, "%6s", "EXCESS");
    if (l->histograms)
        str_addf(out, " %-*s %s", COMPARE_BARS, "REFERENCE", "CURRENT");
    str_add_char(out, '\n');
    for (size_t i = 0; i < r->n_features; i++)
        add_feature(out, l, r, order[i], ascii);
    free(order);
}

static void add_groups(struct str *out, const struct layout *l, const struct compare_report *r,
                       size_t first, size_t n, const char *title)
{
    char text[256];
    if (n == 0)
        return;
    str_addf(out, "\n%-8s %-*s ", "VERDICT", l->label, title);
    if (l->rows)
        str_addf(out, "%10s %10s ", "REFERENCE", "CURRENT");
    add_cut(out, "WORST FEATURES", l->worst);
    str_add_char(out, '\n');
    for (size_t i = first; i < first + n; i++) {
        const struct compare_group *g = &r->groups[i];
        str_addf(out, "%-8s ", verdict_name(g->verdict));
        add_padded(out, words_group(g, text, sizeof text), l->label);
        str_add_char(out, ' ');
        if (l->rows)
            str_addf(out, "%10llu %10llu ", (unsigned long long)g->reference_rows,
                     (unsigned long long)g->current_rows);
        add_cut(out, words_worst(r, g, text, sizeof text), l->worst);
        drop_blanks(out);
        str_add_char(out, '\n');
    }
}

static void add_file(struct str *out, const struct layout *l, const char *what, const char *path,
                     uint64_t rows)
{
    char text[512], clean[400];
    snprintf(text, sizeof text, "%-9s  %s, %llu rows", what,
             utf8_clean(clean, sizeof clean, path, strlen(path)), (unsigned long long)rows);
    size_t n = line_length(text, l->columns);
    str_addf(out, "%.*s\n", (int)n, text);
    add_detail(out, l, text + n);
}

void compare_text(const struct compare_report *r, int columns, bool ascii, struct str *out)
{
    const struct compare_group *all = &r->groups[0];
    struct layout l = layout_of(columns);
    str_addf(out, "%s: %zu column%s judged, alpha %g\n", verdict_name(r->verdict), r->n_judged,
             r->n_judged == 1 ? "" : "s", r->alpha);
    add_file(out, &l, "reference", r->reference_path, all->reference_rows);
    add_file(out, &l, "current", r->current_path, all->current_rows);
    add_features(out, &l, r, ascii);
    add_groups(out, &l, r, 1, r->n_segments, "SEGMENT");
    add_groups(out, &l, r, 1 + r->n_segments, r->n_periods, "PERIOD FROM");
}
