/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The columns of Drift's list.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "drift_list_private.h"
#include "driftop/base/str.h"
#include "driftop/query/feature.h"
#include "driftop/term/style.h"

enum {
    COL_SEV,
    COL_MODEL,
    COL_FEATURE,
    COL_VERSION,
    COL_PSI,
    COL_KS,
    COL_JS,
    COL_RATE,
    COL_ROWS,
    COL_WHY,
    COL_AGE,
    COL_SINCE,
    COL_IMPACT,
    COL_CHAMPION,
    COL_N_EFF,
    COL_VALUE,
    COL_FLOOR,
    COL_WINDOW
};

static const struct table_column columns[] = {
    {"SEV", 100, 3, 3, ALIGN_LEFT, false, true},
    {"MODEL", 95, 11, 13, ALIGN_LEFT, false, true},
    {"FEATURE", 98, 10, 15, ALIGN_LEFT, true, true},
    {"VER", 80, 4, 5, ALIGN_LEFT, false, true},
    {"PSI+", 90, 5, 5, ALIGN_RIGHT, false, false},
    {"KS", 85, 5, 5, ALIGN_RIGHT, false, false},
    {"JS+", 50, 5, 5, ALIGN_RIGHT, false, false},
    {"RATE", 55, 5, 5, ALIGN_RIGHT, false, false},
    {"n", 75, 4, 5, ALIGN_RIGHT, false, false},
    {"WHY", 92, 13, 18, ALIGN_LEFT, false, false},
    {"AGE", 88, 4, 4, ALIGN_RIGHT, false, false},
    {"SINCE", 70, 5, 5, ALIGN_RIGHT, false, false},
    {"IMPACT", 72, 6, 6, ALIGN_RIGHT, false, false},
    {"CHAMP+", 45, 6, 6, ALIGN_RIGHT, false, false},
    {"n_eff", 35, 5, 5, ALIGN_RIGHT, false, false},
    {"PSI", 30, 5, 5, ALIGN_RIGHT, false, false},
    {"FLOOR", 28, 5, 5, ALIGN_RIGHT, false, false},
    {"WINDOW", 40, 6, 6, ALIGN_LEFT, false, false},
};

const struct drift_line *drift_line_at(const struct drift_state *s, int row)
{
    return &s->data.lines[s->lines[row]];
}

static void reason_text(unsigned reason, char *buf, size_t size)
{
    static const struct {
        unsigned bit;
        const char *word;
    } words[] = {{DRIFT_MISSING, "missing"},
                 {DRIFT_INVALID, "invalid"},
                 {DRIFT_INFINITE, "infinite"},
                 {DRIFT_RANGE, "range"},
                 {DRIFT_UNSEEN, "new value"},
                 {DRIFT_PSI, "psi"},
                 {DRIFT_KS, "ks"},
                 {DRIFT_JS, "js"},
                 {DRIFT_FROZEN, "frozen"},
                 {DRIFT_TYPE, "type"},
                 {DRIFT_CANARY, "champion"},
                 {DRIFT_FEW_ROWS, "few rows"},
                 {DRIFT_VOLUME, "volume"},
                 {DRIFT_FRESHNESS, "no rows now"}};

    buf[0] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (reason & words[i].bit) {
            size_t used = strlen(buf);
            snprintf(buf + used, size - used, "%s%s", used ? " " : "", words[i].word);
        }
}

char *drift_why_text(const struct drift_line *l, char *buf, size_t size)
{
    const struct drift_note *note = l->note;

    if (note && note->shape != SHAPE_NONE && note->shape != SHAPE_OTHER) {
        struct shape shape = {(enum shape_kind)note->shape, note->shape_by};
        return drift_shape_text(&shape, note->value, buf, size);
    }
    reason_text(l->summary.reason, buf, size);
    return buf;
}

static void name_cell(const struct drift_state *s, int row, int column, struct table_cell *ret)
{
    const struct drift_line *l = drift_line_at(s, row);
    char text[MODEL_NAME_SIZE + 24];

    if (column == COL_SEV) {
        cell_text(ret, severity_style(l->severity), severity_letter(l->severity));
    } else if (column == COL_MODEL && s->grouped && s->members[row] > 1) {
        snprintf(text, sizeof text, "%s +%d", l->deployment, s->members[row] - 1);
        cell_text(ret, ROLE_TEXT, text);
    } else if (column == COL_MODEL) {
        cell_text(ret, ROLE_TEXT, l->deployment);
    } else if (column == COL_FEATURE) {
        cell_text(ret, l->prediction ? ROLE_TITLE : ROLE_TEXT, l->feature);
    } else {
        cell_text(ret, l->in_service ? ROLE_TEXT : ROLE_MUTED, version_text(l->version, text));
    }
}

static void more_cell(const struct drift_state *s, int row, int column, struct table_cell *ret)
{
    const struct drift_line *l = drift_line_at(s, row);
    const struct drift_summary *d = &l->summary;
    bool compared = d->canary != VERDICT_UNKNOWN;
    char text[FORMAT_SIZE];

    switch (column) {
    case COL_SINCE: age_text(s->now_ms, l->note ? l->note->onset_ms : 0, text); break;
    case COL_IMPACT: format_distance(l->severity >= SEVERITY_TICKET ? l->impact : NAN, text); break;
    case COL_CHAMPION: format_distance(compared ? (double)d->canary_psi : NAN, text); break;
    case COL_N_EFF: format_count((int64_t)d->n_eff, text); break;
    case COL_VALUE: format_distance((double)d->psi, text); break;
    case COL_FLOOR: format_distance((double)d->psi_floor, text); break;
    default: name_cell(s, row, column, ret); return;
    }
    cell_text(ret, ROLE_TEXT, text);
}

static void cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct drift_state *s = context;
    const struct drift_line *l = drift_line_at(s, row);
    const struct drift_summary *d = &l->summary;
    char text[FORMAT_SIZE * 3];

    switch (column) {
    case COL_PSI: cell_text(ret, ROLE_TEXT, format_distance((double)d->psi_excess, text)); break;
    case COL_KS: cell_text(ret, ROLE_TEXT, format_distance((double)d->ks_low, text)); break;
    case COL_JS: cell_text(ret, ROLE_TEXT, format_distance((double)d->js_excess, text)); break;
    case COL_RATE: cell_text(ret, ROLE_TEXT, format_points((double)d->rate_gap, text)); break;
    case COL_ROWS: cell_text(ret, ROLE_TEXT, format_count(d->rows, text)); break;
    case COL_WHY:
        drift_why_text(l, text, sizeof text);
        cell_text(ret, l->note ? ROLE_TEXT : ROLE_MUTED, text[0] ? text : "-");
        break;
    case COL_AGE: cell_text(ret, ROLE_TEXT, age_text(s->now_ms, l->at_ms, text)); break;
    case COL_WINDOW: cell_text(ret, ROLE_MUTED, span_text(d->span)); break;
    default: more_cell(s, row, column, ret); break;
    }
}

static void key_of(const void *context, int row, char *buf, size_t size)
{
    const struct drift_line *l = drift_line_at(context, row);
    snprintf(buf, size, "%s/%s/%s", l->deployment, l->version, l->feature);
}

static void words_of(const void *context, int row, char *buf, size_t size)
{
    const struct drift_state *s = context;
    const struct drift_line *l = drift_line_at(s, row);
    char why[96], reason[96];
    drift_why_text(l, why, sizeof why);
    reason_text(l->summary.reason, reason, sizeof reason);
    snprintf(buf, size, "sev:%s %s %s owner:%s v:%s %s %s %s", severity_word(l->severity),
             l->deployment, l->feature, s->data.deployments[l->place].owner, l->version, why,
             reason, l->prediction ? "prediction" : "");
}

static double number_of(const void *context, int row, int column)
{
    const struct drift_line *l = drift_line_at(context, row);
    switch (column) {
    case COL_SEV: return (double)l->severity;
    case COL_PSI: return (double)l->summary.psi_excess;
    case COL_KS: return (double)l->summary.ks_low;
    case COL_JS: return (double)l->summary.js_excess;
    case COL_RATE: return (double)l->summary.rate_gap;
    case COL_ROWS: return (double)l->summary.rows;
    case COL_AGE: return -(double)l->at_ms;
    case COL_SINCE: return l->note ? -(double)l->note->onset_ms : 0;
    case COL_IMPACT: return l->impact;
    case COL_CHAMPION: return (double)l->summary.canary_psi;
    case COL_N_EFF: return (double)l->summary.n_eff;
    case COL_VALUE: return (double)l->summary.psi;
    case COL_FLOOR: return (double)l->summary.psi_floor;
    default: return NAN;
    }
}

static bool is_problem(const void *context, int row)
{
    return drift_line_at(context, row)->severity >= SEVERITY_TICKET;
}

const struct list_source drift_source = {
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .empty_text = "no feature is compared: no reference, or no rows yet",
    .cell = cell,
    .key = key_of,
    .words = words_of,
    .number = number_of,
    .problem = is_problem,
};
