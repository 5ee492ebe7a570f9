/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 5 in words: one sentence, and what is behind its numbers.
 */
#include <math.h>
#include <stdio.h>

#include "driftop/base/str.h"
#include "feature_private.h"

const struct feature_side *feature_shown(const struct feature_state *f)
{
    return f->has_data && f->data.shown < f->data.n_sides ? &f->data.sides[f->data.shown] : NULL;
}

void feature_say(const void *state, const struct view_frame *frame, bool selected_only,
                 struct str *ret)
{
    const struct feature_state *f = state;
    const struct feature_side *side = feature_shown(f);
    char psi[FORMAT_SIZE], ks[FORMAT_SIZE], age[FORMAT_SIZE];
    (void)selected_only;

    if (!side) {
        str_addf(ret, "%s feature %s: unknown, no rows in the window.\n", f->deployment,
                 f->feature);
        return;
    }
    const struct feature_result *r = &side->result;
    str_addf(ret,
             "%s: %s version %s feature %s, PSI %s, KS %s, %llu rows in %s, last row %s ago%s%s.\n",
             verdict_name(r->verdict), f->deployment, side->version, f->feature,
             format_distance(r->cells.present ? r->cells.psi.value : NAN, psi),
             format_distance(r->ks.present ? r->ks.d : NAN, ks), (unsigned long long)side->rows,
             span_text((int)f->data.span), age_text(frame->now_ms, f->data.rows_at_ms, age),
             r->reason[0] ? ": " : "", r->reason);
}

static void add(struct str *ret, const char *name, double value, double floor, const char *formula)
{
    char a[FORMAT_SIZE], b[FORMAT_SIZE];
    str_addf(ret, "%-12s %6s  floor %6s  %s\n", name, format_distance(value, a),
             format_distance(floor, b), formula);
}

static void add_design(const struct feature_view *d, struct str *ret)
{
    if (d->design.rank > 1 || d->design.cells > 1)
        str_addf(
            ret,
            "rows hang together: %.2f times the variance on ranks, %.2f on cells, so that they are "
            "worth %.0f independent ones (learned from healthy minutes)\n",
            fmax(1, d->design.rank), fmax(1, d->design.cells), d->n_eff);
    if (!isnan(d->importance))
        str_addf(ret, "importance for the prediction %.2f of 1\n", d->importance);
}

static void add_comparison(const struct feature_view *d, int i, struct str *ret)
{
    const struct feature_comparison *c = &d->comparisons[i];
    char psi[FORMAT_SIZE], floor[FORMAT_SIZE];

    if (!c->present)
        return;
    str_addf(ret, "against %s: %s, PSI %s (floor %s), %llu rows against %llu: %s\n",
             feature_against_name((enum feature_against)i), verdict_name(c->result.verdict),
             format_distance(c->result.cells.psi.value, psi),
             format_distance(c->result.cells.psi.floor, floor),
             (unsigned long long)c->result.current_rows,
             (unsigned long long)c->result.reference_rows, c->says);
}

void feature_detail(const void *state, const struct view_frame *frame, struct str *ret)
{
    const struct feature_state *f = state;
    const struct feature_side *side = feature_shown(f);
    char n[FORMAT_SIZE], reference[FORMAT_SIZE], age[FORMAT_SIZE];

    if (!side)
        return;
    const struct feature_result *r = &side->result;
    const struct divergence *d = &r->cells;
    str_addf(ret, "%s version %s / %s\nwindow %s, n = %s, reference n = %s, last row %s ago\n",
             f->deployment, side->version, f->feature, span_text((int)f->data.span),
             format_count_long((int64_t)side->rows, n),
             format_count_long((int64_t)f->data.reference_rows, reference),
             age_text(frame->now_ms, f->data.rows_at_ms, age));
    str_add(ret, "counted from the feature rows, on the cells of the frozen reference;\n"
                 "floor: what no drift at all would give at this n\n\n");
    if (d->present) {
        add(ret, "PSI", d->psi.value, d->psi.floor, "sum (q-p) ln(q/p), smoothed by 1/2");
        add(ret, "JS", d->js.divergence, d->js.floor_divergence, "Jensen-Shannon, bits");
        add(ret, "KL", d->kl, d->kl_floor, "sum q ln(q/p)");
        add(ret, "Hellinger", d->hellinger, d->hellinger_floor, "sqrt(sum (sqrt p-sqrt q)^2/2)");
        add(ret, "TV", d->tv, d->tv_floor, "sum |p-q| / 2");
        add(ret, "L-infinity", d->linf, NAN, "max |p-q|");
        str_addf(ret, "%-12s %6.1f  df %zu, p %.3g\n", "chi-square", d->chi2.value, d->chi2.df,
                 d->chi2.p);
    }
    if (r->ks.present) {
        add(ret, "KS", r->ks.d, r->ks.floor, "max |F-G|");
        str_addf(ret, "             D lies in [%.4f, %.4f]; the largest gap at %.6g, now %s\n",
                 r->ks.bracket_low, r->ks.bracket_high, r->ks.location,
                 ks_direction_name(r->ks.direction));
    }
    for (int i = 0; i < RATE_KINDS; i++)
        if (r->rates[i].present)
            str_addf(
                ret, "%-12s %6.2f %% in the reference, %.2f %% now, surely %+.2f..%+.2f points\n",
                rate_name((enum rate_kind)i), r->rates[i].reference_ratio * 100,
                r->rates[i].current_ratio * 100, r->rates[i].low * 100, r->rates[i].high * 100);
    str_addf(ret,
             "\nverdict: %s%s%s\nalpha %.2g of one comparison, from the budget of false pages\n",
             verdict_name(r->verdict), r->reason[0] ? ", " : "", r->reason, f->data.alpha);
    add_design(&f->data, ret);
    for (int i = 0; i < FEATURE_COMPARISONS; i++)
        add_comparison(&f->data, i, ret);
}
