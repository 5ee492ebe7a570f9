/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "drift_print.h"
#include "driftop/query/feature.h"
#include "sheet.h"

static void print_numbers(const struct feature_result *r, FILE *out)
{
    if (r->cells.present)
        fprintf(out,
                "PSI %.4g (floor %.3g, excess %.3g)  JS divergence %.4g (excess %.3g)\n"
                "Hellinger %.4g  TV %.4g  L-inf %.4g  KL %.4g  chi2 %.4g (df %zu, p %.3g)\n",
                r->cells.psi.value, r->cells.psi.floor, r->cells.psi.excess, r->cells.js.divergence,
                r->cells.js.excess_divergence, r->cells.hellinger, r->cells.tv, r->cells.linf,
                r->cells.kl, r->cells.chi2.value, r->cells.chi2.df, r->cells.chi2.p);
    if (r->ks.present)
        fprintf(out, "KS D %.4g (in %.4g..%.4g, band %.3g..%.3g)  %s at %.6g\n", r->ks.d,
                r->ks.bracket_low, r->ks.bracket_high, r->ks.d_low, r->ks.d_high,
                ks_direction_name(r->ks.direction), r->ks.location);
    for (int i = 0; i < RATE_KINDS; i++)
        if (r->rates[i].present && (r->rates[i].current || r->rates[i].reference))
            fprintf(out, "%s %.3g%% > %.3g%%\n", rate_name((enum rate_kind)i),
                    r->rates[i].reference_ratio * 100, r->rates[i].current_ratio * 100);
}

/* What the numbers mean, and what they are with other rows. */
static void print_meaning(const struct feature_view *f, const struct feature_side *side, FILE *out)
{
    char shape[96], onset[48];

    drift_shape_text(&f->shape, f->value, shape, sizeof shape);
    drift_onset_text(f->onset_ms, f->onset_width_ms, f->at_ms, onset, sizeof onset);
    if (f->n_eff > 0 && f->n_eff < 0.95 * (double)side->rows)
        fprintf(out, "its rows hang together: they are worth %.0f independent ones\n", f->n_eff);
    if (f->sentence[0])
        fprintf(out, "%s\n", f->sentence);
    if (shape[0] || onset[0])
        fprintf(out, "shape: %s%s%s\n", shape[0] ? shape : "-", onset[0] ? ", since " : "", onset);
    if (isfinite(f->importance))
        fprintf(out, "importance for the prediction: %.2f\n", f->importance);
    for (size_t i = 0; i < f->n_findings; i++)
        fprintf(out, "%s\n", f->findings[i].text);
    for (int i = 0; i < FEATURE_COMPARISONS; i++)
        if (f->comparisons[i].present)
            fprintf(out, "against %s: %s, PSI %.4g (floor %.3g), n=%llu: %s\n",
                    feature_against_name((enum feature_against)i),
                    verdict_name(f->comparisons[i].result.verdict),
                    f->comparisons[i].result.cells.psi.value,
                    f->comparisons[i].result.cells.psi.floor,
                    (unsigned long long)f->comparisons[i].result.reference_rows,
                    f->comparisons[i].says);
}

static void print_cells(const struct feature_view *f, const struct feature_side *side, FILE *out)
{
    struct sheet s;
    double reference = f->reference_rows ? (double)f->reference_rows : 1;
    double current = side->rows ? (double)side->rows : 1;

    sheet_init(&s, "CELL >REFERENCE >NOW >PSI");
    for (size_t i = 0; i < f->n_cells; i++) {
        const struct feature_cell *cell = &f->cells[i];
        sheet_text(&s, cell->label);
        sheet_percent(&s, true, (double)cell->reference / reference);
        sheet_percent(&s, side->rows > 0, (double)cell->current / current);
        sheet_number(&s, true, cell->psi);
    }
    sheet_print(&s, out);
}

void drift_print_feature(const struct feature_view *f, FILE *out)
{
    char age[CLOCK_TEXT_SIZE] = "-";
    const struct feature_side *side = f->n_sides ? &f->sides[f->shown] : NULL;

    print_status(out, &f->status, f->at_ms);
    if (!side) {
        fprintf(out, "%s/%s: unknown, no rows yet\n", f->deployment, f->feature);
        return;
    }
    if (f->rows_at_ms)
        clock_format_age(f->at_ms > f->rows_at_ms ? f->at_ms - f->rows_at_ms : 0, age);
    fprintf(out, "%s version %s / %s: %s%s%s%s\n", f->deployment, f->version, f->feature,
            verdict_name(side->result.verdict), f->status.quiet ? " (stale)" : "",
            side->result.reason[0] ? ", " : "", side->result.reason);
    fprintf(out, "window %s n=%llu, newest row %s old, against the reference n=%llu\n",
            window_span_name(f->span), (unsigned long long)side->rows, age,
            (unsigned long long)f->reference_rows);
    print_numbers(&side->result, out);
    print_meaning(f, side, out);
    print_cells(f, side, out);
    for (size_t i = 0; i < f->n_sides; i++)
        if (i != f->shown)
            fprintf(out, "version %s: %s, n=%llu%s\n", f->sides[i].version,
                    verdict_name(f->sides[i].result.verdict), (unsigned long long)f->sides[i].rows,
                    f->sides[i].in_service ? "" : ", not in service");
}
