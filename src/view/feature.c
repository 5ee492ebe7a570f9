/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 5, Feature: one feature of one version against its reference, cell by cell, and the other
 * versions beside it: when all of them drift, a rollback would not help.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/query/feature.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/histogram.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/sparkline.h"
#include "feature_private.h"
#include "scroll_private.h"

#define PSI_PAGE    0.25
#define POINTS_LOUD 0.05

static int open_feature(void *state, const struct view_target *target)
{
    struct feature_state *f = state;
    str_copy(f->deployment, sizeof f->deployment, target->deployment);
    str_copy(f->version, sizeof f->version, target->version);
    str_copy(f->feature, sizeof f->feature, target->feature);
    f->span = (enum window_span)(target->span % WINDOW_LEVELS);
    return 0;
}

static void close_feature(void *state)
{
    feature_view_done(&((struct feature_state *)state)->data);
}

/* Where `step` lines away from the present feature lead, by the order of Drift; the worst when
 * there is none yet. */
static int choose(struct feature_state *f, struct store *store, const struct view_frame *frame,
                  struct err *e)
{
    struct drift_view d = {0};
    int code = drift_view_load(store, f->deployment[0] ? f->deployment : NULL, DRIFT_ANY_SPAN,
                               frame->now_ms, &d, e);
    int at = 0, n = (int)d.n_lines;

    if (code == 0 && n == 0)
        code = err_set(e, ERR_ABSENT, "no feature is compared with a reference%s%s",
                       f->deployment[0] ? " in " : "", f->deployment);
    while (code == 0 && f->feature[0] && at < n && strcmp(d.lines[at].feature, f->feature) != 0)
        at++;
    if (code == 0) {
        const struct drift_line *l = &d.lines[(at + f->step + n) % n];
        str_copy(f->deployment, sizeof f->deployment, l->deployment);
        str_copy(f->version, sizeof f->version, l->version);
        str_copy(f->feature, sizeof f->feature, l->feature);
    }
    f->step = 0;
    drift_view_done(&d);
    return code;
}

static int load(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    struct feature_state *f = state;
    struct feature_view fresh = {0};

    int code = f->feature[0] && f->step == 0 ? 0 : choose(f, store, frame, e);
    if (code == 0)
        code =
            feature_view_load(store, f->deployment, f->feature, f->version[0] ? f->version : NULL,
                              f->span, frame->now_ms, &fresh, e);
    if (code < 0)
        return code;
    feature_view_done(&f->data);
    f->data = fresh;
    f->has_data = true;
    str_copy(f->version, sizeof f->version, fresh.version);
    return 0;
}

/* ---- drawing ---- */

/* " (worth 2,400)" where rows hang together. */
static const char *n_eff_text(const struct feature_view *d, const struct feature_side *side,
                              char buf[FORMAT_SIZE + 16])
{
    char n[FORMAT_SIZE];

    buf[0] = '\0';
    if (side && d->n_eff > 0 && d->n_eff < 0.95 * (double)side->rows)
        snprintf(buf, FORMAT_SIZE + 16, " (worth %s)", format_count_long((int64_t)d->n_eff, n));
    return buf;
}

static void draw_title(const struct feature_state *f, struct canvas *c, struct rect *area,
                       const struct view_frame *frame)
{
    const struct feature_view *d = &f->data;
    const struct feature_side *side = feature_shown(f);
    char version[MODEL_NAME_SIZE + 1], n[FORMAT_SIZE], reference[FORMAT_SIZE], age[FORMAT_SIZE];
    char n_eff[FORMAT_SIZE + 16];
    struct rect line = rect_cut_top(area, 1);

    if (line.rows > 0) {
        enum severity s = feature_view_severity(d);
        int x = line.x + 1;
        x += canvas_text(c, x, line.y, severity_style(s), severity_letter(s)) + 1;
        x += canvas_textf(c, x, line.y, ROLE_TITLE, "%s %s / %s", d->deployment,
                          version_text(d->version, version), d->feature) +
             2;
        canvas_text(c, x, line.y, ROLE_MUTED, d->categorical ? "categories" : "numbers");
    }
    top_line(c, area, is_stale(frame, d->rows_at_ms) ? ROLE_STALE : ROLE_TEXT,
             " %s n=%s%s against reference n=%s, last row %s%s%s", span_text((int)d->span),
             format_count_long(side ? (int64_t)side->rows : 0, n), n_eff_text(d, side, n_eff),
             format_count_long((int64_t)d->reference_rows, reference),
             is_stale(frame, d->rows_at_ms) ? "~" : "",
             d->rows_at_ms > 0 ? age_text(frame->now_ms, d->rows_at_ms, age) : "unknown",
             d->rows_at_ms > 0 ? " ago" : "");
}

static void draw_numbers(const struct feature_view *f, const struct feature_side *side,
                         struct canvas *c, struct rect *area)
{
    const struct feature_result *r = &side->result;
    const struct feature_comparison *champion = &f->comparisons[AGAINST_CHAMPION];
    bool alone = f->marks & DRIFT_CANARY && champion->present && r->verdict < VERDICT_WARN;
    const struct feature_result *decides = alone ? &champion->result : r;
    char a[FORMAT_SIZE], b[FORMAT_SIZE], d[FORMAT_SIZE], g[FORMAT_SIZE];
    enum verdict v = decides->verdict;
    unsigned style = v == VERDICT_PAGE   ? ROLE_PAGE
                     : v == VERDICT_WARN ? ROLE_TICKET
                     : v == VERDICT_OK   ? ROLE_OK
                                         : ROLE_UNKNOWN;

    top_line(c, area, style, " %s%s%s%s, alpha %.2g", verdict_name(v),
             alone ? " against champion" : "", decides->reason[0] ? ": " : "", decides->reason,
             f->alpha);
    if (r->cells.present)
        top_line(c, area, ROLE_TEXT, " PSI %s (floor %s) page>.25 | JS dist %s | KS D %s to %s%s",
                 format_distance(r->cells.psi.value, a), format_distance(r->cells.psi.floor, b),
                 format_distance(r->cells.js.distance, d),
                 r->ks.present ? format_distance(r->ks.bracket_low, g) : "-",
                 r->ks.present ? format_distance(r->ks.bracket_high, (char[FORMAT_SIZE]){0}) : "-",
                 r->ks.present && r->ks.direction != KS_NONE
                     ? r->ks.direction == KS_HIGHER ? " higher" : " lower"
                     : "");
}

static void draw_rates(const struct feature_side *side, struct canvas *c, struct rect *area)
{
    const struct feature_result *r = &side->result;
    char text[256] = "", a[FORMAT_SIZE], b[FORMAT_SIZE];
    size_t used = 0;

    for (int i = 0; i < RATE_KINDS && used < sizeof text - 64; i++) {
        const struct rate *rate = &r->rates[i];
        if (rate->present && (rate->reference || rate->current))
            used += (size_t)snprintf(
                text + used, sizeof text - used, "%s %s>%s  ", rate_name((enum rate_kind)i),
                format_percent(rate->reference_ratio, a), format_percent(rate->current_ratio, b));
    }
    if (text[0])
        top_line(c, area, ROLE_TEXT, " %s", text);
}

/* "p5 7.388>9.61  p50 19.93>26.2  p95 53.42>over 185.9": of counts the range ends with the reference's. */
static void draw_quantiles(const struct feature_side *side, struct canvas *c, struct rect *area)
{
    static const char *const names[3] = {"p5", "p50", "p95"};
    static const char *const beyond[3] = {"under ", "", "over "};
    const struct feature_result *r = &side->result;
    char text[160] = "", a[FORMAT_SIZE], b[FORMAT_SIZE];
    size_t used = 0;

    if (r->kind != CODEBOOK_NUMERIC)
        return;
    for (int i = 0; i < 3; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %s>%s%s", i ? "  " : "",
                                 names[i], format_number(r->reference_quantiles[i], a),
                                 beyond[r->current_beyond[i] + 1],
                                 format_number(r->current_quantiles[i], b));
    top_line(c, area, ROLE_TEXT, " %s", text);
}

static void draw_histogram(const struct feature_state *f, struct canvas *c, struct rect area)
{
    const struct feature_view *d = &f->data;
    const struct feature_side *side = feature_shown(f);
    struct histogram_cell cells[FEATURE_CELLS];
    char notes[FEATURE_CELLS][FORMAT_SIZE];

    for (size_t i = 0; i < d->n_cells; i++) {
        char psi[FORMAT_SIZE];
        snprintf(notes[i], sizeof notes[i], "psi %s", format_distance(d->cells[i].psi, psi));
        cells[i] = (struct histogram_cell){
            .label = d->cells[i].label,
            .reference_ratio =
                d->reference_rows ? (double)d->cells[i].reference / (double)d->reference_rows : NAN,
            .current_ratio =
                side && side->rows ? (double)d->cells[i].current / (double)side->rows : NAN,
            .note = notes[i],
        };
    }
    struct histogram h = {.reference_title = "REF",
                          .current_title = "NOW",
                          .cells = cells,
                          .n_cells = (int)d->n_cells,
                          .first = f->first,
                          .threshold_ratio = POINTS_LOUD};
    histogram_draw(c, area, &h);
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct feature_state *f = state;
    const struct feature_side *side = feature_shown(f);

    draw_title(f, c, &area, frame);
    if (!side) {
        top_line(c, &area, ROLE_UNKNOWN, " unknown: no rows in this window; t takes a longer one");
        return;
    }
    draw_numbers(&f->data, side, c, &area);
    draw_rates(side, c, &area);
    if (area.rows > 4)
        draw_quantiles(side, c, &area);
    feature_draw_meaning(f, c, &area);
    if (area.rows > 4) {
        struct rect below = rect_cut_bottom(&area, 3 + feature_against_rows(f, area.rows));
        panel_rule(c, &below, ROLE_BORDER, NULL);
        struct rect line = rect_cut_top(&below, 1);
        canvas_text(c, line.x + 1, line.y, ROLE_TITLE, "PSI 2 h");
        rect_cut_left(&line, 10);
        struct sparkline spark = {.values = f->data.history_psi,
                                  .n_values = 120,
                                  .min = 0,
                                  .max = NAN,
                                  .threshold = PSI_PAGE,
                                  .style = ROLE_CURRENT,
                                  .alarm_style = ROLE_PAGE};
        sparkline_draw(c, line, &spark);
        feature_draw_sides(f, c, &below);
        feature_draw_against(f, c, &below);
    }
    if (area.rows > 14)
        panel_rule(c, &area, ROLE_BORDER, NULL);
    f->shown = area.rows;
    f->first = scroll_clamp(f->first, (int)f->data.n_cells, area.rows / 2);
    draw_histogram(f, c, area);
}

/* ---- keys ---- */

static bool selected(const void *state, struct view_target *ret)
{
    const struct feature_state *f = state;

    *ret = (struct view_target){0};
    str_copy(ret->deployment, sizeof ret->deployment, f->deployment);
    str_copy(ret->version, sizeof ret->version, f->version);
    str_copy(ret->feature, sizeof ret->feature, f->feature);
    return f->feature[0] != '\0';
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct feature_state *f = state;
    struct view_result r = {.act = VIEW_RELOAD};
    (void)frame;

    switch (what) {
    case DO_SPAN: f->span = (enum window_span)((f->span + 1) % WINDOW_LEVELS); return r;
    case DO_VERSION:
        if (f->data.n_sides > 0)
            str_copy(f->version, sizeof f->version,
                     f->data.sides[(f->data.shown + 1) % f->data.n_sides].version);
        return r;
    case DO_NEXT: f->step = 1; return r;
    case DO_PREVIOUS: f->step = -1; return r;
    default: break;
    }
    r.act =
        scroll_key(&f->first, (int)f->data.n_cells, f->shown / 2, key) ? VIEW_REDRAW : VIEW_NONE;
    return r;
}

extern const struct view view_feature;
const struct view view_feature = {
    .name = "feature",
    .digit = '5',
    .title = "Feature",
    .bit = VIEW_BIT_FEATURE,
    .about = VIEW_ABOUT_FEATURE,
    .below = "drift",
    .right = "model",
    .right_below = "audit",
    .state_size = sizeof(struct feature_state),
    .open = open_feature,
    .close = close_feature,
    .load = load,
    .draw = draw,
    .key = on_key,
    .selected = selected,
    .say = feature_say,
    .detail = feature_detail,
};
