/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the page shows of one feature beside its words: the histogram and all of its numbers.
 */
#include <math.h>
#include <stdio.h>

#include "driftop/base/str.h"
#include "html_private.h"

#define SVG_WIDTH  264
#define SVG_HEIGHT 56

static double sum_of(const uint64_t *counts, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)counts[i];
    return sum > 0 ? sum : 1;
}

/* One side's bars, shares of its own rows; what is there at all is seen. */
static void add_bars(struct str *out, const uint64_t *counts, size_t n, double highest,
                     const char *class, double offset)
{
    double slot = (double)SVG_WIDTH / (double)n, width = 0.44 * slot, sum = sum_of(counts, n);
    for (size_t i = 0; i < n; i++) {
        double height = fmax(1, SVG_HEIGHT * (double)counts[i] / sum / highest);
        if (counts[i] > 0)
            str_addf(out,
                     "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
                     class, slot * (double)i + offset * slot, SVG_HEIGHT - height, width, height);
    }
}

/* Invisible and as high as the picture, so that a tip shows wherever the pointer is. */
static void add_tips(struct str *out, const struct compare_feature *f)
{
    const struct compare_bars *b = &f->bars;
    double slot = (double)SVG_WIDTH / (double)b->n, width = (b->high - b->low) / (double)b->n;
    double x = sum_of(b->reference, b->n), y = sum_of(b->current, b->n);
    for (size_t i = 0; i < b->n; i++) {
        str_addf(out, "<rect class=\"t\" x=\"%.1f\" width=\"%.1f\" height=\"%d\"><title>",
                 slot * (double)i, slot, SVG_HEIGHT);
        if (b->numbers)
            str_addf(out, "from %.4g", b->low + width * (double)i);
        else
            html_escaped(out, f->cells[i].label);
        str_addf(out, ": reference %.3g %%, current %.3g %%</title></rect>",
                 100 * (double)b->reference[i] / x, 100 * (double)b->current[i] / y);
    }
}

void html_histogram(struct str *out, const struct compare_feature *f)
{
    const struct compare_bars *b = &f->bars;
    double highest = 0, x = sum_of(b->reference, b->n), y = sum_of(b->current, b->n);
    for (size_t i = 0; i < b->n; i++)
        highest = fmax(highest, fmax((double)b->reference[i] / x, (double)b->current[i] / y));
    if (!(highest > 0))
        return;
    str_addf(out,
             "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
             "aria-label=\"histogram of both sides\">",
             SVG_WIDTH, SVG_HEIGHT, SVG_WIDTH, SVG_HEIGHT);
    add_bars(out, b->reference, b->n, highest, "r", 0.04);
    add_bars(out, b->current, b->n, highest, "c", 0.5);
    add_tips(out, f);
    str_add(out, "</svg>");
    if (b->numbers)
        str_addf(out, "<div class=\"axis\"><span>%.4g</span><span>%.4g</span></div>", b->low,
                 b->high);
}

static void add_number(struct str *out, double value)
{
    if (isfinite(value))
        str_addf(out, "<td class=\"n\">%.5g", value);
    else
        str_add(out, "<td>");
}

/* What a double cannot hold is told by its logarithm, where that is known. */
static void add_p(struct str *out, double p, double log10_p)
{
    if (p > 1e-300 || isnan(p))
        add_number(out, p);
    else if (isfinite(log10_p))
        str_addf(out, "<td class=\"n\">%.1fe%.0f", pow(10, log10_p - floor(log10_p)),
                 floor(log10_p));
    else
        str_add(out, "<td class=\"n\">under 1e-300");
}

static void add_statistic(struct str *out, const char *name, double value, double floor, double p)
{
    str_addf(out, "<tr><td>%s", name);
    add_number(out, value);
    add_number(out, floor);
    add_p(out, p, NAN);
    str_add(out, "</tr>\n");
}

static void add_statistics(struct str *out, const struct feature_result *r)
{
    const struct divergence *d = &r->cells;
    const struct ks *ks = &r->ks;
    const struct rank *rank = &r->rank;
    str_add(
        out,
        "<table><tr><th>statistic<th class=\"n\">value<th class=\"n\">floor<th class=\"n\">p</tr>\n");
    if (ks->present) {
        str_add(out, "<tr><td>ks");
        add_number(out, ks->d);
        add_number(out, ks->floor);
        add_p(out, ks->p, ks->log10_p);
        str_add(out, "</tr>\n");
    }
    if (d->present) {
        add_statistic(out, "psi", d->psi.value, d->psi.floor, d->psi.p);
        add_statistic(out, "js divergence", d->js.divergence, d->js.floor_divergence, NAN);
        add_statistic(out, "kl", d->kl, d->kl_floor, NAN);
        add_statistic(out, "hellinger", d->hellinger, d->hellinger_floor, NAN);
        add_statistic(out, "tv", d->tv, d->tv_floor, NAN);
        add_statistic(out, "linf", d->linf, NAN, NAN);
        add_statistic(out, "chi2", d->chi2.value, NAN, d->chi2.p);
    }
    if (rank->w1.present)
        add_statistic(out, "w1", rank->w1.value, rank->w1.floor, NAN);
    if (rank->has_cvm)
        add_statistic(out, "cvm", rank->cvm, NAN, NAN);
    if (rank->has_ad)
        add_statistic(out, "ad", rank->ad, NAN, NAN);
    str_add(out, "</table>\n");
}

static void add_sides(struct str *out, const struct feature_result *r)
{
    static const char *const names[3] = {"5 %", "median", "95 %"};
    str_add(
        out,
        "<table><tr><th><th class=\"n\">reference<th class=\"n\">current<th class=\"n\">change, surely within</tr>\n");
    for (int i = 0; i < 3 && r->kind == CODEBOOK_NUMERIC; i++) {
        str_addf(out, "<tr><td>%s", names[i]);
        add_number(out, r->reference_quantiles[i]);
        add_number(out, r->current_quantiles[i]);
        str_add(out, "<td></tr>\n");
    }
    for (int i = 0; i < RATE_KINDS; i++) {
        const struct rate *rate = &r->rates[i];
        if (!rate->present || (rate->reference == 0 && rate->current == 0))
            continue;
        str_addf(out,
                 "<tr><td>%s<td class=\"n\">%.3g %%<td class=\"n\">%.3g %%"
                 "<td class=\"n\">%+.3g to %+.3g points</tr>\n",
                 rate_name((enum rate_kind)i), 100 * rate->reference_ratio,
                 100 * rate->current_ratio, 100 * rate->low, 100 * rate->high);
    }
    str_add(out, "</table>\n");
}

static void add_cells(struct str *out, const struct compare_feature *f)
{
    str_add(
        out,
        "<table><tr><th>cell<th class=\"n\">reference<th class=\"n\">current<th class=\"n\">psi</tr>\n");
    for (size_t i = 0; i < f->n_cells; i++) {
        const struct feature_cell *c = &f->cells[i];
        str_add(out, "<tr><td>");
        html_escaped(out, c->label);
        str_addf(out, "<td class=\"n\">%llu<td class=\"n\">%llu<td class=\"n\">%.4g</tr>\n",
                 (unsigned long long)c->reference, (unsigned long long)c->current, c->psi);
    }
    str_add(out, "</table>\n");
}

void html_numbers(struct str *out, const struct compare_feature *f)
{
    if (f->n_cells == 0)
        return;
    str_add(out, "<tr class=\"more\"><td><td colspan=\"6\"><details><summary>numbers</summary>"
                 "<div class=\"numbers\">\n");
    add_cells(out, f);
    str_add(out, "<div>\n");
    add_sides(out, &f->result);
    add_statistics(out, &f->result);
    str_add(out, "</div></div></details></tr>\n");
}
