/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift_print.h"

#include <math.h>
#include <string.h>

#include "driftop/query/feature.h"
#include "sheet.h"

static const char *verdict_of(const struct drift_line *line)
{
    return line->severity == SEVERITY_STALE ? "stale"
                                            : verdict_name((enum verdict)line->summary.verdict);
}

void drift_print(const struct drift_view *d, FILE *out)
{
    struct sheet s;

    print_status(out, &d->status, d->at_ms);
    fprintf(
        out,
        "%d deployment%s, %d features of versions: in service %d page, %d warn, %d unknown, %d ok\n",
        d->n_deployments, d->n_deployments == 1 ? "" : "s", d->n_cells, d->n_page, d->n_warn,
        d->n_unknown, d->n_ok);
    sheet_init(&s, "VERDICT MODEL FEATURE WINDOW >N >PSI >JS >KS >RATE SERVES");
    for (size_t i = 0; i < d->n_lines; i++) {
        const struct drift_line *line = &d->lines[i];
        sheet_text(&s, verdict_of(line));
        sheet_format(&s, "%s/%s", line->deployment, line->version);
        sheet_format(&s, "%s%s", line->feature, line->prediction ? " (score)" : "");
        sheet_text(&s, window_span_name((enum window_span)line->summary.span));
        sheet_format(&s, "%u", line->summary.rows);
        sheet_number(&s, true, (double)line->summary.psi_excess);
        sheet_number(&s, true, (double)line->summary.js_excess);
        sheet_number(&s, true, (double)line->summary.ks_low);
        sheet_percent(&s, true, (double)line->summary.rate_gap);
        sheet_text(&s, line->in_service ? "yes" : "no");
    }
    sheet_print(&s, out);
}

/* A name with a comma, a quote or a line's end stands in quotes, inner quotes doubled. */
static void csv_text(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void csv_number(FILE *out, float number)
{
    fputc(',', out);
    if (isfinite(number))
        fprintf(out, "%.9g", (double)number);
}

void drift_print_csv(const struct drift_view *d, FILE *out)
{
    fputs("deployment,version,feature,verdict,window,n,psi_excess,js_excess_divergence,ks_low,"
          "ks_high,rate_gap,in_service\n",
          out);
    for (size_t i = 0; i < d->n_lines; i++) {
        const struct drift_line *line = &d->lines[i];
        const struct drift_summary *item = &line->summary;
        csv_text(out, line->deployment);
        fputc(',', out);
        csv_text(out, line->version);
        fputc(',', out);
        csv_text(out, line->feature);
        fprintf(out, ",%s,%s,%u", verdict_of(line), window_span_name((enum window_span)item->span),
                item->rows);
        csv_number(out, item->psi_excess);
        csv_number(out, item->js_excess);
        csv_number(out, item->ks_low);
        csv_number(out, item->ks_high);
        csv_number(out, item->rate_gap);
        fputs(line->in_service ? ",true\n" : ",false\n", out);
    }
}

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
    print_cells(f, side, out);
    for (size_t i = 0; i < f->n_sides; i++)
        if (i != f->shown)
            fprintf(out, "version %s: %s, n=%llu%s\n", f->sides[i].version,
                    verdict_name(f->sides[i].result.verdict), (unsigned long long)f->sides[i].rows,
                    f->sides[i].in_service ? "" : ", not in service");
}
