/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 4, Drift: features by how far they are from their reference, of the whole fleet or of one
 * deployment; below, a heat map of deployments by features.
 */
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
#include "drift_list_private.h"

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
        if (strcmp(drift_line_at(s, i)->feature, l->feature) == 0)
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
    return code < 0 ? code : list_update(&s->list, &drift_source, s, s->n_lines, frame->filter);
}

/* Below the list: where in the distribution the selected feature has moved, and since when. */
static void draw_sentence(const struct drift_state *s, struct canvas *c, struct rect *area)
{
    int row = list_selected(&s->list);
    const struct drift_note *note = row < 0 ? NULL : drift_line_at(s, row)->note;
    char onset[48];

    if (!note || area->rows < 8)
        return;
    struct rect line = rect_cut_bottom(area, 1);
    drift_onset_text(note->onset_ms, note->onset_width_ms, s->now_ms, onset, sizeof onset);
    top_line(c, &line, ROLE_TEXT, " %s%s%s", note->sentence, onset[0] ? "; since " : "", onset);
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
    draw_sentence(s, c, &area);
    list_draw(&s->list, &drift_source, s, c, area, true);
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
    const struct drift_line *l = drift_line_at(s, row);
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
    return list_key(&s->list, &drift_source, s, key, what);
}

static void say(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret)
{
    const struct drift_state *s = state;
    char psi[FORMAT_SIZE], ks[FORMAT_SIZE], why[96], onset[48] = "";
    (void)frame;

    for (int i = 0; i < s->list.n_rows; i++) {
        const struct drift_line *l = drift_line_at(s, s->list.rows[i]);
        if (selected_only && s->list.rows[i] != list_selected(&s->list))
            continue;
        drift_why_text(l, why, sizeof why);
        if (l->note)
            drift_onset_text(l->note->onset_ms, l->note->onset_width_ms, s->now_ms, onset,
                             sizeof onset);
        str_addf(ret,
                 "%s: %s version %s feature %s, PSI %s above its floor, KS at least %s, "
                 "%u rows%s%s%s%s%s%s.\n",
                 severity_word(l->severity), l->deployment, l->version, l->feature,
                 format_distance((double)l->summary.psi_excess, psi),
                 format_distance((double)l->summary.ks_low, ks), (unsigned)l->summary.rows,
                 why[0] ? ", because of " : "", why, l->note && onset[0] ? ", since " : "",
                 l->note ? onset : "", l->note && l->note->sentence[0] ? ": " : "",
                 l->note ? l->note->sentence : "");
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
