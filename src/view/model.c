/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 3, Model: one deployment. Versions on top, then how their numbers went, what drifts, what
 * fires, who acted and where it is read from.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/query/deployment.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/line.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/sparkline.h"
#include "versions_private.h"

struct model_state {
    char name[MODEL_NAME_SIZE];
    struct deployment_view data;
    bool has_data;
    struct table_state table;
};

static int open_model(void *state, const struct view_target *target)
{
    struct model_state *m = state;
    str_copy(m->name, sizeof m->name, target->deployment);
    return 0;
}

static void close_model(void *state)
{
    deployment_view_done(&((struct model_state *)state)->data);
}

/* Opened on nothing: the one at the greatest risk. */
static int choose(struct model_state *m, struct store *store, const struct view_frame *frame,
                  struct err *e)
{
    struct fleet_view fleet = {0};
    int code = fleet_view_load(store, frame->now_ms, &fleet, e);

    if (code == 0 && fleet.n_lines == 0)
        code = err_set(e, ERR_ABSENT, "no deployment has been recorded yet");
    if (code == 0)
        str_copy(m->name, sizeof m->name, fleet.lines[0].deployment.name);
    fleet_view_done(&fleet);
    return code;
}

static int load(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    struct model_state *m = state;
    struct deployment_view fresh = {0};

    int code = m->name[0] ? 0 : choose(m, store, frame, e);
    if (code == 0)
        code = deployment_view_load(store, m->name, frame->now_ms, &fresh, e);
    if (code < 0)
        return code;
    deployment_view_done(&m->data);
    m->data = fresh;
    m->has_data = true;
    return 0;
}

/* ---- panels ---- */

/* Half an address helps nobody: o shows it whole. */
static void draw_title(const struct model_state *m, struct canvas *c, struct rect *area)
{
    const struct deployment_state *d = &m->data.line.deployment;
    enum severity s = m->data.line.severity;
    char champion[MODEL_NAME_SIZE + 16], owner[MODEL_NAME_SIZE + 8];
    char runbook[MODEL_TEXT_SIZE + 8], version[MODEL_NAME_SIZE + 1];
    struct rect line = rect_cut_top(area, 1);

    snprintf(champion, sizeof champion, "champion %s", version_text(d->champion, version));
    snprintf(owner, sizeof owner, "%s%s", d->owner[0] ? "owner " : "", d->owner);
    snprintf(runbook, sizeof runbook, "%s%s", d->runbook[0] ? "runbook " : "", d->runbook);
    const struct line_part parts[] = {
        {.text = severity_letter(s), .style = severity_style(s), .priority = 90},
        {.text = d->name, .style = ROLE_TITLE, .priority = 100},
        {.text = champion, .style = ROLE_TEXT, .priority = 80, .gap = 2},
        {.text = owner, .style = ROLE_TEXT, .priority = 70, .gap = 2},
        {.text = runbook, .style = ROLE_MUTED, .priority = 60, .gap = 2},
    };
    line_draw(c, line.x + 1, line.y, line.columns - 1, ROLE_TEXT, parts, 5);
}

struct series_row {
    const char *label;
    const double *points;
    char *(*format)(double value, char buf[FORMAT_SIZE]);
};

/* The newest reading of the last minutes: the step that runs now may not have one yet. */
static double newest(const double *points)
{
    for (int i = HISTORY_POINTS - 1; i >= HISTORY_POINTS - 4; i--)
        if (!isnan(points[i]))
            return points[i];
    return NAN;
}

static void draw_series(struct canvas *c, struct rect *area, const struct series_row *row,
                        unsigned style)
{
    char text[FORMAT_SIZE];
    struct rect line = rect_cut_top(area, 1);

    if (line.rows == 0)
        return;
    canvas_field(c, line.x + 1, line.y, 8, ALIGN_LEFT, ROLE_MUTED, row->label);
    row->format(newest(row->points), text);
    canvas_field(c, line.x + 9, line.y, 7, ALIGN_RIGHT, ROLE_TEXT, text);
    rect_cut_left(&line, 17);
    struct sparkline spark = {.values = row->points,
                              .n_values = HISTORY_POINTS,
                              .min = NAN,
                              .max = NAN,
                              .threshold = NAN,
                              .style = style,
                              .alarm_style = ROLE_PAGE};
    sparkline_draw(c, line, &spark);
}

/* Four lines a version, for those that get traffic first; the axis below. */
static void draw_history(const struct model_state *m, struct canvas *c, struct rect area)
{
    const struct fleet_line *l = &m->data.line;
    char span[FORMAT_SIZE], title[MODEL_NAME_SIZE + 48], version[MODEL_NAME_SIZE + 1];

    for (size_t i = 0; i < l->n_versions && area.rows >= 3; i++) {
        const struct version_history *h = &m->data.history[i];
        bool champion = strcmp(l->versions[i].version, l->deployment.champion) == 0;
        const struct series_row rows[] = {
            {"traffic", h->share, format_share},
            {"rq/s", h->rate, format_rate},
            {"errors", h->errors, format_percent},
            {"p99", h->p99, format_latency},
        };
        snprintf(title, sizeof title, "%s last %s", version_text(l->versions[i].version, version),
                 format_age(HISTORY_POINTS * m->data.history_step_ms, span));
        panel_rule(c, &area, ROLE_BORDER, title);
        for (size_t k = 0; k < 4; k++)
            draw_series(c, &area, &rows[k], champion ? ROLE_CHAMPION : ROLE_CHALLENGER);
    }
}

/* A companion has room for the feature and one number. */
static void draw_feature(struct canvas *c, struct rect line, const struct drift_line *l, int64_t at)
{
    char psi[FORMAT_SIZE], ks[FORMAT_SIZE], n[FORMAT_SIZE], age[FORMAT_SIZE],
        v[MODEL_NAME_SIZE + 1];
    int x = line.x + (line.columns < TINY_COLUMNS ? 20 : 24);

    canvas_field(c, line.x + 1, line.y, 4, ALIGN_LEFT, severity_style(l->severity),
                 severity_letter(l->severity));
    canvas_field(c, line.x + 5, line.y, x - line.x - 6, ALIGN_LEFT, ROLE_TEXT, l->feature);
    x += canvas_textf(c, x, line.y, ROLE_TEXT, "%-5.5s PSI+ %5s", version_text(l->version, v),
                      format_distance((double)l->summary.psi_excess, psi));
    if (line.columns >= TINY_COLUMNS)
        canvas_textf(c, x, line.y, ROLE_TEXT, "  KS %5s  n %5s  %s old",
                     format_distance((double)l->summary.ks_low, ks),
                     format_count(l->summary.rows, n), age_text(at, l->at_ms, age));
}

static void draw_drift(const struct model_state *m, struct canvas *c, struct rect *area, int rows)
{
    const struct drift_view *d = &m->data.drift;
    char title[96];

    if (area->rows < 2 || rows < 2)
        return;
    snprintf(title, sizeof title, "DRIFT %d page %d warn %d ok %d unknown", d->n_page, d->n_warn,
             d->n_ok, d->n_unknown);
    struct rect part = rect_cut_top(area, rows);
    panel_rule(c, &part, ROLE_BORDER, title);
    if (d->n_lines == 0)
        top_line(c, &part, ROLE_MUTED, " no feature is compared with a reference");
    for (size_t i = 0; i < d->n_lines && part.rows > 0; i++)
        draw_feature(c, rect_cut_top(&part, 1), &d->lines[i], m->data.at_ms);
}

/* "v42 amount_7d PSI 0.50 over its floor", without what it is not about. */
static char *alert_text(const struct alert_state *a, char *buf, size_t size)
{
    char version[MODEL_NAME_SIZE + 1];

    snprintf(buf, size, "%s%s%s%s%s", a->version[0] ? version_text(a->version, version) : "",
             a->version[0] ? " " : "", a->feature, a->feature[0] ? " " : "", a->summary);
    return buf;
}

static void draw_alerts(const struct model_state *m, struct canvas *c, struct rect *area)
{
    char age[FORMAT_SIZE], text[TABLE_CELL_SIZE * 2];

    for (size_t i = 0; i < m->data.n_alerts && area->rows > 0; i++) {
        const struct alert_state *a = &m->data.alerts[i];
        if (a->phase != ALERT_FIRING)
            continue;
        bool page = a->severity == ALERT_PAGE;
        unsigned style = a->acked_ms ? ROLE_MUTED : page ? ROLE_PAGE : ROLE_TICKET;
        top_line(c, area, style, " %s %s%s%s, since %s", page ? "P1!" : "T2",
                 alert_text(a, text, sizeof text), a->acked_ms ? ", acked by " : "",
                 a->acked_ms ? a->acked_by : "", age_text(m->data.at_ms, a->since_ms, age));
    }
}

static void draw_acts(const struct model_state *m, struct canvas *c, struct rect *area, int rows)
{
    char at[CLOCK_TEXT_SIZE];

    if (rows < 2 || m->data.n_acts == 0)
        return;
    struct rect part = rect_cut_bottom(area, rows);
    panel_rule(c, &part, ROLE_BORDER, "ACTS");
    for (size_t i = 0; i < m->data.n_acts && part.rows > 0; i++) {
        const struct act_line *a = &m->data.acts[i];
        top_line(c, &part, ROLE_TEXT, " %s %-8s %s %s", clock_format_hms(a->at_ms, at), a->state,
                 a->intent, a->by);
    }
}

static int firing(const struct model_state *m)
{
    int n = 0;
    for (size_t i = 0; i < m->data.n_alerts; i++)
        n += m->data.alerts[i].phase == ALERT_FIRING;
    return n;
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct model_state *m = state;

    draw_title(m, c, &area);
    int alerts = firing(m);
    struct rect part = rect_cut_top(&area, alerts < area.rows / 4 ? alerts : area.rows / 4);
    draw_alerts(m, c, &part);
    int versions = (int)m->data.line.n_versions + 1;
    if (versions > area.rows / 3 && area.rows > 8)
        versions = area.rows / 3;
    versions_draw(c, rect_cut_top(&area, frame->wide ? area.rows : versions), &m->data.line,
                  &m->table, frame);
    if (area.rows < 3)
        return;
    int acts = m->data.n_acts > 0 ? (area.rows > 16 ? 4 : 2) : 0;
    if (area.rows > 8)
        draw_acts(m, c, &area, acts);
    int drift = m->data.drift.n_lines > 0 ? (int)m->data.drift.n_lines + 1 : 2;
    int room = area.rows > 18 ? area.rows / 2 : 5;
    draw_drift(m, c, &area, drift < room ? drift : room);
    draw_history(m, c, area);
}

static bool selected(const void *state, struct view_target *ret)
{
    const struct model_state *m = state;

    *ret = (struct view_target){0};
    str_copy(ret->deployment, sizeof ret->deployment, m->name);
    if (m->has_data && m->table.selected >= 0 && m->table.selected < (int)m->data.line.n_versions)
        str_copy(ret->version, sizeof ret->version,
                 m->data.line.versions[m->table.selected].version);
    if (m->has_data && m->data.drift.n_lines > 0)
        str_copy(ret->feature, sizeof ret->feature, m->data.drift.lines[0].feature);
    return m->name[0] != '\0';
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct model_state *m = state;
    struct key arrow = {.code = what == DO_NEXT ? KEY_DOWN : KEY_UP};

    if (what == DO_NEXT || what == DO_PREVIOUS)
        key = &arrow;
    if (m->has_data && versions_key(&m->data.line, &m->table, key, frame))
        return (struct view_result){.act = VIEW_REDRAW};
    return (struct view_result){.act = VIEW_NONE};
}

static void detail(const void *state, const struct view_frame *frame, struct str *ret)
{
    const struct model_state *m = state;

    versions_detail(&m->data.line, m->table.selected, frame, ret);
    str_add(ret, "\nread from:\n");
    for (size_t i = 0; i < m->data.n_sources; i++) {
        const struct source_state *s = &m->data.sources[i];
        char age[FORMAT_SIZE];
        str_addf(ret, "  %-9s %s %s, %s ago%s%s\n", source_kind_name(s->kind), s->endpoint,
                 source_health_name(s->health), age_text(frame->now_ms, s->ok_ms, age),
                 s->fault[0] ? ": " : "", s->fault);
    }
}

static void say(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret)
{
    const struct model_state *m = state;
    const struct fleet_line *l = &m->data.line;
    char share[FORMAT_SIZE], errors[FORMAT_SIZE], age[FORMAT_SIZE];

    for (size_t i = 0; i < l->n_versions; i++) {
        const struct version_state *v = &l->versions[i];
        if (selected_only && (int)i != m->table.selected)
            continue;
        str_addf(ret, "%s version %s%s: traffic %s, errors %s, %s, read %s%s.\n",
                 l->deployment.name, v->version,
                 strcmp(v->version, l->deployment.champion) == 0 ? " (champion)" : "",
                 format_share(v->has & VERSION_EFFECTIVE ? v->effective_ratio : NAN, share),
                 format_percent(v->has & VERSION_ERRORS ? v->error_ratio : NAN, errors),
                 !(v->has & VERSION_READY) ? "not known whether ready"
                 : v->ready                ? "ready"
                                           : "NOT READY",
                 v->metrics_at_ms > 0 ? age_text(frame->now_ms, v->metrics_at_ms, age) : "never",
                 v->metrics_at_ms > 0 ? " ago" : "");
    }
}

extern const struct view view_model;
const struct view view_model = {
    .name = "model",
    .digit = '3',
    .title = "Model",
    .bit = VIEW_BIT_MODEL,
    .about = VIEW_ABOUT_DEPLOYMENT,
    .below = "fleet",
    .right = "feature",
    .right_below = "alerts",
    .state_size = sizeof(struct model_state),
    .open = open_model,
    .close = close_model,
    .load = load,
    .draw = draw,
    .key = on_key,
    .selected = selected,
    .say = say,
    .detail = detail,
};
