/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 7, Alerts: every one that is pending, firing or was resolved in the last day.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/query/lists.h"
#include "driftop/term/canvas.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/text.h"
#include "list_private.h"

struct alerts_state {
    struct list list;
    struct alert_list data;
    int64_t now_ms;
};

enum {
    COL_SEV,
    COL_PHASE,
    COL_MODEL,
    COL_SUMMARY,
    COL_SINCE,
    COL_ACK,
    COL_VERSION,
    COL_RULE,
    COL_FEATURE,
    COL_ID,
    COL_NOTE
};

static const struct table_column columns[] = {
    {"SEV", 100, 3, 3, ALIGN_LEFT, false, true},
    {"PHASE", 72, 8, 8, ALIGN_LEFT, false, false},
    {"MODEL", 95, 9, 14, ALIGN_LEFT, false, true},
    {"SYMPTOM", 90, 24, 26, ALIGN_LEFT, true, false},
    {"SINCE", 80, 5, 5, ALIGN_RIGHT, false, false},
    {"ACK", 75, 6, 10, ALIGN_LEFT, false, false},
    {"VER", 60, 4, 6, ALIGN_LEFT, false, false},
    {"RULE", 40, 8, 12, ALIGN_LEFT, false, false},
    {"FEATURE", 35, 8, 14, ALIGN_LEFT, false, false},
    {"ID", 30, 4, 6, ALIGN_RIGHT, false, false},
    {"NOTE", 50, 12, 20, ALIGN_LEFT, false, false},
};

static const struct alert_state *alert_at(const struct alerts_state *s, int row)
{
    return &s->data.alerts[row];
}

static enum severity severity_of(const struct alert_state *a)
{
    if (a->phase != ALERT_FIRING)
        return SEVERITY_OK;
    return a->severity == ALERT_PAGE ? SEVERITY_PAGE : SEVERITY_TICKET;
}

/* Firing ones in their colour, the others by letter alone. */
static void severity_cell(const struct alert_state *a, struct table_cell *ret)
{
    bool page = a->severity == ALERT_PAGE;

    if (a->phase == ALERT_FIRING && !a->acked_ms)
        cell_text(ret, severity_style(severity_of(a)), severity_letter(severity_of(a)));
    else
        cell_text(ret, ROLE_MUTED, page ? "P1" : "T2");
}

/* With the feature in front, where the summary does not name it. */
static char *symptom(const struct alert_state *a, char *buf, size_t size)
{
    if (a->phase == ALERT_RESOLVED && a->resolution[0])
        snprintf(buf, size, "resolved: %s", a->resolution);
    else if (a->rule == ALERT_DRIFT && a->feature[0] && !strstr(a->summary, a->feature))
        snprintf(buf, size, "%.60s %.190s", a->feature, a->summary);
    else
        str_copy(buf, size, a->summary);
    return buf;
}

static void cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct alerts_state *s = context;
    const struct alert_state *a = alert_at(s, row);
    char text[MODEL_NAME_SIZE + 1], symptom_text[TABLE_CELL_SIZE];
    unsigned style = a->phase == ALERT_FIRING ? ROLE_TEXT : ROLE_MUTED;

    switch (column) {
    case COL_SEV: severity_cell(a, ret); break;
    case COL_PHASE: cell_text(ret, style, alert_phase_name(a->phase)); break;
    case COL_MODEL: cell_text(ret, style, or_dash(a->deployment)); break;
    case COL_SUMMARY: cell_text(ret, style, symptom(a, symptom_text, sizeof symptom_text)); break;
    case COL_SINCE: cell_text(ret, style, age_text(s->now_ms, a->since_ms, text)); break;
    case COL_ACK: cell_text(ret, style, or_dash(a->acked_by)); break;
    case COL_VERSION: cell_text(ret, style, version_text(a->version, text)); break;
    case COL_RULE: cell_text(ret, style, alert_rule_name(a->rule)); break;
    case COL_FEATURE: cell_text(ret, style, or_dash(a->feature)); break;
    case COL_ID:
        snprintf(text, sizeof text, "%lld", (long long)a->id);
        cell_text(ret, ROLE_MUTED, text);
        break;
    default: cell_text(ret, style, or_dash(a->note)); break;
    }
}

static void key_of(const void *context, int row, char *buf, size_t size)
{
    snprintf(buf, size, "%lld", (long long)alert_at(context, row)->id);
}

static void words_of(const void *context, int row, char *buf, size_t size)
{
    const struct alerts_state *s = context;
    const struct alert_state *a = alert_at(context, row);
    snprintf(buf, size, "sev:%s %s %s owner:%s v:%s %s %s %s %s %s",
             alert_severity_name(a->severity), alert_phase_name(a->phase), a->deployment,
             alert_list_owner(&s->data, a->deployment), a->version, a->feature,
             alert_rule_name(a->rule), a->summary, a->acked_by, a->note);
}

static double number_of(const void *context, int row, int column)
{
    const struct alert_state *a = alert_at(context, row);
    return column == COL_SEV     ? (double)a->severity
           : column == COL_SINCE ? (double)a->since_ms
           : column == COL_ID    ? (double)a->id
                                 : NAN;
}

static bool is_problem(const void *context, int row)
{
    const struct alert_state *a = alert_at(context, row);
    return a->phase == ALERT_FIRING && !a->acked_ms;
}

static const struct list_source source = {
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .empty_text = "no alert is pending or firing, and none was resolved in the last day",
    .cell = cell,
    .key = key_of,
    .words = words_of,
    .number = number_of,
    .problem = is_problem,
};

static int open_alerts(void *state, const struct view_target *target)
{
    struct alerts_state *s = state;
    list_init(&s->list);
    snprintf(s->list.selected_key, sizeof s->list.selected_key, "%lld",
             (long long)target->alert_id);
    s->list.placed = s->list.moved = target->alert_id != 0;
    return 0;
}

static void close_alerts(void *state)
{
    struct alerts_state *s = state;
    list_done(&s->list);
    alert_list_done(&s->data);
}

static int load(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    struct alerts_state *s = state;
    struct alert_list fresh = {0};

    int code = alert_list_load(store, frame->now_ms, &fresh, e);
    if (code < 0)
        return code;
    alert_list_done(&s->data);
    s->data = fresh;
    s->now_ms = frame->now_ms;
    return list_update(&s->list, &source, s, (int)s->data.n_alerts, frame->filter);
}

static void detail(const void *state, const struct view_frame *frame, struct str *ret)
{
    const struct alerts_state *s = state;
    int row = list_selected(&s->list);
    char at[CLOCK_TEXT_SIZE], age[FORMAT_SIZE];

    if (row < 0)
        return;
    const struct alert_state *a = alert_at(s, row);
    str_addf(ret, "%s %s alert %lld on %s version %s%s%s: %s\n", alert_phase_name(a->phase),
             alert_severity_name(a->severity), (long long)a->id, a->deployment, a->version,
             a->feature[0] ? " feature " : "", a->feature, a->summary);
    str_addf(ret, "rule %s: value %.6g, threshold %.6g\n", alert_rule_name(a->rule), a->value,
             a->threshold);
    str_addf(ret, "since %s (%s), last change %s ago\n", clock_format_s(a->since_ms, at),
             age_text(frame->now_ms, a->since_ms, age),
             age_text(frame->now_ms, a->changed_ms, age));
    if (a->acked_ms)
        str_addf(ret, "acknowledged by %s at %s\n", a->acked_by, clock_format_s(a->acked_ms, at));
    if (a->note[0])
        str_addf(ret, "note: %s\n", a->note);
    if (a->phase == ALERT_RESOLVED)
        str_addf(ret, "resolved %s: %s\n", clock_format_s(a->resolved_ms, at), a->resolution);
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct alerts_state *s = state;
    struct rect below = {0};
    struct str text;
    char more[40];

    s->now_ms = frame->now_ms;
    if (!frame->wide && area.rows >= 12 && list_selected(&s->list) >= 0)
        below = rect_cut_bottom(&area, 6);
    list_draw(&s->list, &source, s, c, area, true);
    if (rect_empty(below))
        return;
    str_init(&text, 4096);
    detail(s, frame, &text);
    panel_rule(c, &below, ROLE_BORDER, list_more_text(&s->list, more, sizeof more));
    rect_cut_left(&below, 1);
    text_draw(c, below, ROLE_TEXT, text.data, 0);
    str_done(&text);
}

static bool selected(const void *state, struct view_target *ret)
{
    const struct alerts_state *s = state;
    int row = list_selected(&s->list);

    *ret = (struct view_target){0};
    if (row < 0)
        return false;
    const struct alert_state *a = alert_at(s, row);
    str_copy(ret->deployment, sizeof ret->deployment, a->deployment);
    str_copy(ret->version, sizeof ret->version, a->version);
    str_copy(ret->feature, sizeof ret->feature, a->feature);
    ret->alert_id = a->id;
    return true;
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct alerts_state *s = state;
    struct view_result r = {.act = VIEW_OPEN};
    (void)frame;

    if (what != DO_OPEN)
        return list_key(&s->list, &source, s, key, what);
    if (!selected(s, &r.target) || !r.target.deployment[0])
        return (struct view_result){.act = VIEW_REDRAW};
    r.view = r.target.feature[0] ? "feature" : "model";
    return r;
}

static void say(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret)
{
    const struct alerts_state *s = state;
    char age[FORMAT_SIZE], text[TABLE_CELL_SIZE];

    for (int i = 0; i < s->list.n_rows; i++) {
        const struct alert_state *a = alert_at(s, s->list.rows[i]);
        if (selected_only && s->list.rows[i] != list_selected(&s->list))
            continue;
        str_addf(ret, "%s %s: %s version %s, %s, since %s%s%s.\n", alert_phase_name(a->phase),
                 alert_severity_name(a->severity), a->deployment, a->version,
                 symptom(a, text, sizeof text), age_text(frame->now_ms, a->since_ms, age),
                 a->acked_ms ? ", acknowledged by " : "", a->acked_by);
    }
    if (s->list.n_rows == 0 && !selected_only)
        str_add(ret, "No alert.\n");
}

extern const struct view view_alerts;
const struct view view_alerts = {
    .name = "alerts",
    .digit = '7',
    .title = "Alerts",
    .bit = VIEW_BIT_ALERTS,
    .below = "fleet",
    .right = "model",
    .right_below = "audit",
    .state_size = sizeof(struct alerts_state),
    .open = open_alerts,
    .close = close_alerts,
    .load = load,
    .draw = draw,
    .key = on_key,
    .selected = selected,
    .say = say,
    .detail = detail,
};
