/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 4, Drift: features by how far they are from their reference, of the whole fleet or of one
 * deployment; below, a heat map of deployments by features.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/query/drift.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/panel.h"
#include "drift_map_private.h"
#include "list_private.h"

struct drift_state {
    struct list list;
    struct drift_view data;
    char deployment[MODEL_NAME_SIZE]; /* "" all */
    enum window_span span;
    bool grouped; /* one line for a feature, the worst of its versions and deployments */
    int *lines;   /* what is listed: indices into data.lines; owned */
    int *members; /* how many each stands for */
    int n_lines;
    int64_t now_ms;
    struct drift_map map;
};

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
    COL_WINDOW
};

static const struct table_column columns[] = {
    {"SEV", 100, 3, 3, ALIGN_LEFT, false, true},
    {"MODEL", 95, 11, 13, ALIGN_LEFT, false, false},
    {"FEATURE", 98, 10, 15, ALIGN_LEFT, true, true},
    {"VER", 80, 4, 5, ALIGN_LEFT, false, false},
    {"PSI+", 90, 5, 5, ALIGN_RIGHT, false, false},
    {"KS", 85, 5, 5, ALIGN_RIGHT, false, false},
    {"JS+", 50, 5, 5, ALIGN_RIGHT, false, false},
    {"RATE", 55, 5, 5, ALIGN_RIGHT, false, false},
    {"n", 75, 4, 5, ALIGN_RIGHT, false, false},
    {"WHY", 70, 13, 16, ALIGN_LEFT, false, false},
    {"AGE", 88, 4, 4, ALIGN_RIGHT, false, false},
    {"WINDOW", 40, 6, 6, ALIGN_LEFT, false, false},
};

static const struct drift_line *line_at(const struct drift_state *s, int row)
{
    return &s->data.lines[s->lines[row]];
}

static void why_text(unsigned reason, char *buf, size_t size)
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
                 {DRIFT_FEW_ROWS, "few rows"}};

    buf[0] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (reason & words[i].bit) {
            size_t used = strlen(buf);
            snprintf(buf + used, size - used, "%s%s", used ? " " : "", words[i].word);
        }
}

static void name_cell(const struct drift_state *s, int row, int column, struct table_cell *ret)
{
    const struct drift_line *l = line_at(s, row);
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

static void cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct drift_state *s = context;
    const struct drift_line *l = line_at(s, row);
    const struct drift_summary *d = &l->summary;
    char text[FORMAT_SIZE * 3];

    switch (column) {
    case COL_PSI: cell_text(ret, ROLE_TEXT, format_distance((double)d->psi_excess, text)); break;
    case COL_KS: cell_text(ret, ROLE_TEXT, format_distance((double)d->ks_low, text)); break;
    case COL_JS: cell_text(ret, ROLE_TEXT, format_distance((double)d->js_excess, text)); break;
    case COL_RATE: cell_text(ret, ROLE_TEXT, format_points((double)d->rate_gap, text)); break;
    case COL_ROWS: cell_text(ret, ROLE_TEXT, format_count(d->rows, text)); break;
    case COL_WHY:
        why_text(d->reason, text, sizeof text);
        cell_text(ret, ROLE_MUTED, text[0] ? text : "-");
        break;
    case COL_AGE: cell_text(ret, ROLE_TEXT, age_text(s->now_ms, l->at_ms, text)); break;
    case COL_WINDOW: cell_text(ret, ROLE_MUTED, span_text(d->span)); break;
    default: name_cell(s, row, column, ret); break;
    }
}

static void key_of(const void *context, int row, char *buf, size_t size)
{
    const struct drift_line *l = line_at(context, row);
    snprintf(buf, size, "%s/%s/%s", l->deployment, l->version, l->feature);
}

static void words_of(const void *context, int row, char *buf, size_t size)
{
    const struct drift_state *s = context;
    const struct drift_line *l = line_at(s, row);
    char why[96];
    why_text(l->summary.reason, why, sizeof why);
    snprintf(buf, size, "sev:%s %s %s owner:%s v:%s %s %s", severity_word(l->severity),
             l->deployment, l->feature, s->data.deployments[l->place].owner, l->version, why,
             l->prediction ? "prediction" : "");
}

static double number_of(const void *context, int row, int column)
{
    const struct drift_line *l = line_at(context, row);
    switch (column) {
    case COL_SEV: return (double)l->severity;
    case COL_PSI: return (double)l->summary.psi_excess;
    case COL_KS: return (double)l->summary.ks_low;
    case COL_JS: return (double)l->summary.js_excess;
    case COL_RATE: return (double)l->summary.rate_gap;
    case COL_ROWS: return (double)l->summary.rows;
    case COL_AGE: return -(double)l->at_ms;
    default: return NAN;
    }
}

static bool is_problem(const void *context, int row)
{
    return line_at(context, row)->severity >= SEVERITY_TICKET;
}

static const struct list_source source = {
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .empty_text = "no feature is compared: no reference, or no rows yet",
    .cell = cell,
    .key = key_of,
    .words = words_of,
    .number = number_of,
    .problem = is_problem,
};

static int open_drift(void *state, const struct view_target *target)
{
    struct drift_state *s = state;
    list_init(&s->list);
    s->span = DRIFT_ANY_SPAN;
    if (target->narrow)
        str_copy(s->deployment, sizeof s->deployment, target->deployment);
    return 0;
}

static void close_drift(void *state)
{
    struct drift_state *s = state;
    list_done(&s->list);
    drift_view_done(&s->data);
    free(s->lines);
    free(s->members);
}

/* The first line of a feature stands for all: the query has put the worst first. */
static int find_line(const struct drift_state *s, const struct drift_line *l)
{
    for (int i = 0; i < s->n_lines; i++)
        if (strcmp(line_at(s, i)->feature, l->feature) == 0)
            return i;
    return -1;
}

static int choose_lines(struct drift_state *s)
{
    size_t n = s->data.n_lines > 0 ? s->data.n_lines : 1;
    int *lines = realloc(s->lines, n * sizeof *lines);
    if (lines)
        s->lines = lines;
    int *members = realloc(s->members, n * sizeof *members);
    if (members)
        s->members = members;
    s->n_lines = 0;
    if (!lines || !members)
        return ERR_NOMEM;
    for (int i = 0; i < (int)s->data.n_lines; i++) {
        int at = s->grouped ? find_line(s, &s->data.lines[i]) : -1;
        if (at >= 0) {
            s->members[at]++;
            continue;
        }
        s->members[s->n_lines] = 1;
        s->lines[s->n_lines++] = i;
    }
    return 0;
}

static int load(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    struct drift_state *s = state;
    struct drift_view fresh = {0};

    int code = drift_view_load(store, s->deployment[0] ? s->deployment : NULL, s->span,
                               frame->now_ms, &fresh, e);
    if (code < 0)
        return code;
    drift_view_done(&s->data);
    s->data = fresh;
    s->now_ms = frame->now_ms;
    drift_map_fill(&s->data, &s->map);
    code = choose_lines(s);
    return code < 0 ? code : list_update(&s->list, &source, s, s->n_lines, frame->filter);
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct drift_state *s = state;
    struct rect map = {0};
    const struct drift_view *d = &s->data;

    s->now_ms = frame->now_ms;
    if (area.columns < TINY_COLUMNS)
        top_line(c, &area, ROLE_TEXT, " %d page %d warn %d ok %d unknown", d->n_page, d->n_warn,
                 d->n_ok, d->n_unknown);
    else
        top_line(c, &area, ROLE_TEXT,
                 " %d feature%s of %d deployment%s, %s: %d page %d warn %d ok %d unknown",
                 d->n_cells, plural(d->n_cells), d->n_deployments, plural(d->n_deployments),
                 span_text((int)s->span), d->n_page, d->n_warn, d->n_ok, d->n_unknown);
    if (!frame->wide && area.columns >= TINY_COLUMNS && area.rows >= 12 && d->n_lines > 0)
        map = rect_cut_bottom(&area, drift_map_rows(d, area.rows / 2));
    list_draw(&s->list, &source, s, c, area, true);
    if (!rect_empty(map))
        drift_map_draw(&s->map, c, map);
}

static bool selected(const void *state, struct view_target *ret)
{
    const struct drift_state *s = state;
    int row = list_selected(&s->list);

    *ret = (struct view_target){0};
    if (row < 0)
        return false;
    const struct drift_line *l = line_at(s, row);
    str_copy(ret->deployment, sizeof ret->deployment, l->deployment);
    str_copy(ret->version, sizeof ret->version, l->version);
    str_copy(ret->feature, sizeof ret->feature, l->feature);
    ret->span = l->summary.span;
    return true;
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct drift_state *s = state;
    struct view_result r = {.act = VIEW_OPEN, .view = "feature"};
    (void)frame;

    if (what == DO_SPAN) {
        s->span = s->span == DRIFT_ANY_SPAN ? WINDOW_15M : (enum window_span)(s->span + 1);
        return (struct view_result){.act = VIEW_RELOAD};
    }
    if (what == DO_GROUP) {
        s->grouped = !s->grouped;
        return (struct view_result){.act = VIEW_RELOAD};
    }
    if (what == DO_OPEN)
        return selected(s, &r.target) ? r : (struct view_result){.act = VIEW_REDRAW};
    return list_key(&s->list, &source, s, key, what);
}

static void say(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret)
{
    const struct drift_state *s = state;
    char psi[FORMAT_SIZE], ks[FORMAT_SIZE], why[96];
    (void)frame;

    for (int i = 0; i < s->list.n_rows; i++) {
        const struct drift_line *l = line_at(s, s->list.rows[i]);
        if (selected_only && s->list.rows[i] != list_selected(&s->list))
            continue;
        why_text(l->summary.reason, why, sizeof why);
        str_addf(ret,
                 "%s: %s version %s feature %s, PSI %s above its floor, KS at least %s, "
                 "%u rows%s%s.\n",
                 severity_word(l->severity), l->deployment, l->version, l->feature,
                 format_distance((double)l->summary.psi_excess, psi),
                 format_distance((double)l->summary.ks_low, ks), (unsigned)l->summary.rows,
                 why[0] ? ", because of " : "", why);
    }
}

extern const struct view view_drift;
const struct view view_drift = {
    .name = "drift",
    .digit = '4',
    .title = "Drift",
    .bit = VIEW_BIT_DRIFT,
    .below = "fleet",
    .right = "feature",
    .right_below = "model",
    .state_size = sizeof(struct drift_state),
    .open = open_drift,
    .close = close_drift,
    .load = load,
    .draw = draw,
    .key = on_key,
    .selected = selected,
    .say = say,
};
