/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift_print.h"

#include <math.h>
#include <string.h>

#include "driftop/query/feature.h"
#include "sheet.h"

static const char *verdict_of(const struct drift_line *line)
{
    return line->severity == SEVERITY_STALE
               ? "stale"
               : verdict_name((enum verdict)drift_worst(&line->summary));
}

static const char *shape_of(const struct drift_line *line, char *buf, size_t size)
{
    const struct drift_note *note = line->note;
    struct shape shape = {SHAPE_NONE, 0};

    if (note)
        shape = (struct shape){(enum shape_kind)note->shape, note->shape_by};
    drift_shape_text(&shape, note ? note->value : "", buf, size);
    return buf[0] ? buf : "-";
}

void drift_print(const struct drift_view *d, FILE *out)
{
    struct sheet s;
    char shape[96];

    print_status(out, &d->status, d->at_ms);
    fprintf(
        out,
        "%d deployment%s, %d features of versions: in service %d page, %d warn, %d unknown, %d ok\n",
        d->n_deployments, d->n_deployments == 1 ? "" : "s", d->n_cells, d->n_page, d->n_warn,
        d->n_unknown, d->n_ok);
    sheet_init(&s, "VERDICT MODEL FEATURE WINDOW >N >PSI >JS >KS >RATE >IMPACT SERVES SHAPE");
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
        sheet_number(&s, line->severity >= SEVERITY_TICKET, line->impact);
        sheet_text(&s, line->in_service ? "yes" : "no");
        sheet_text(&s, shape_of(line, shape, sizeof shape));
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
