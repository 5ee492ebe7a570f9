/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table for people. One line a feature, and below it, when it is not ok, why, what it looks
 * like, and where in the distribution it happened.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/compare/print.h"
#include "words_private.h"

#define NAME_COLUMNS 18
#define PATH_COLUMNS 68
#define MORE_COLUMNS 71

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

static void add_detail(struct str *out, const char *text)
{
    if (!text[0])
        return;
    str_add(out, "         ");
    add_cut(out, text, MORE_COLUMNS);
    str_add_char(out, '\n');
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

static void add_feature(struct str *out, const struct compare_report *r,
                        const struct compare_feature *f, bool ascii)
{
    struct headline h = words_headline(f);
    char text[512];
    str_addf(out, "%-8s ", verdict_name(f->result.verdict));
    add_padded(out, f->name, NAME_COLUMNS);
    if (h.name) {
        str_addf(out, " %-3s ", h.name);
        add_number(out, h.value);
        add_number(out, h.floor);
        add_number(out, h.excess);
        add_histograms(out, &f->bars, ascii);
    }
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    str_add_char(out, '\n');
    add_detail(out, f->result.reason);
    add_detail(out, words_shape(&f->shape, text, sizeof text));
    add_detail(out, f->sentence);
    add_detail(out, words_onset(r, f, text, sizeof text));
}

static void add_features(struct str *out, const struct compare_report *r, bool ascii)
{
    const struct compare_feature **order = words_order(r, &r->groups[0]);
    if (!order) {
        out->failed = true;
        return;
    }
    str_addf(out, "\n%-8s %-*s %-3s %6s %6s %6s %-*s %s\n", "VERDICT", NAME_COLUMNS, "FEATURE",
             "BY", "VALUE", "FLOOR", "EXCESS", COMPARE_BARS, "REFERENCE", "CURRENT");
    for (size_t i = 0; i < r->n_features; i++)
        add_feature(out, r, order[i], ascii);
    free(order);
}

static void add_groups(struct str *out, const struct compare_report *r, size_t first, size_t n,
                       const char *title)
{
    char text[256];
    if (n == 0)
        return;
    str_addf(out, "\n%-8s %-24s %10s %10s %s\n", "VERDICT", title, "REFERENCE", "CURRENT",
             "WORST FEATURES");
    for (size_t i = first; i < first + n; i++) {
        const struct compare_group *g = &r->groups[i];
        str_addf(out, "%-8s ", verdict_name(g->verdict));
        add_padded(out, words_group(g, text, sizeof text), 24);
        str_addf(out, " %10llu %10llu ", (unsigned long long)g->reference_rows,
                 (unsigned long long)g->current_rows);
        add_cut(out, words_worst(r, g, text, sizeof text), 24);
        str_add_char(out, '\n');
    }
}

static void add_file(struct str *out, const char *what, const char *path, uint64_t rows)
{
    str_addf(out, "%-9s  ", what);
    add_cut(out, path, PATH_COLUMNS - 20);
    str_addf(out, ", %llu rows\n", (unsigned long long)rows);
}

void compare_text(const struct compare_report *r, bool ascii, struct str *out)
{
    const struct compare_group *all = &r->groups[0];
    str_addf(out, "%s: %zu columns judged, alpha %g\n", verdict_name(r->verdict), r->n_judged,
             r->alpha);
    add_file(out, "reference", r->reference_path, all->reference_rows);
    add_file(out, "current", r->current_path, all->current_rows);
    add_features(out, r, ascii);
    add_groups(out, r, 1, r->n_segments, "SEGMENT");
    add_groups(out, r, 1 + r->n_segments, r->n_periods, "PERIOD FROM");
}
