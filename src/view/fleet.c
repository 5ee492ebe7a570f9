/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 2, Fleet: every deployment in one line, by risk; below, the versions of the selected one.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/query/fleet.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/panel.h"
#include "list_private.h"
#include "versions_private.h"

struct fleet_state {
    struct list list;
    struct fleet_view data;
    struct view_target wanted;
    const struct view_frame *frame; /* while drawing */
};

enum {
    COL_SEV,
    COL_MODEL,
    COL_CHAMPION,
    COL_OTHER,
    COL_SPLIT,
    COL_RATE,
    COL_ERRORS,
    COL_P99,
    COL_DRIFT,
    COL_ALERTS,
    COL_READY,
    COL_AGE,
    COL_OWNER
};

static const struct table_column columns[] = {
    {"SEV", 100, 3, 3, ALIGN_LEFT, false, true},     {"MODEL", 98, 11, 15, ALIGN_LEFT, true, true},
    {"CHAMP", 80, 5, 5, ALIGN_LEFT, false, false},   {"CHALL", 60, 5, 5, ALIGN_LEFT, false, false},
    {"CHAMP%", 75, 6, 6, ALIGN_RIGHT, false, false}, {"rq/s", 78, 5, 5, ALIGN_RIGHT, false, false},
    {"err", 85, 7, 7, ALIGN_RIGHT, false, false},    {"p99", 74, 7, 7, ALIGN_RIGHT, false, false},
    {"DRIFT", 82, 7, 7, ALIGN_LEFT, false, false},   {"ALERT", 70, 5, 5, ALIGN_LEFT, false, false},
    {"READY", 65, 5, 5, ALIGN_LEFT, false, false},   {"AGE", 90, 4, 4, ALIGN_RIGHT, false, false},
    {"OWNER", 30, 6, 12, ALIGN_LEFT, false, false},
};

/* What serves, over all versions: NaN where no version says it. */
struct totals {
    double rate, errors, p99;
    int64_t at_ms;
};

static struct totals sum_up(const struct fleet_line *l)
{
    struct totals t = {NAN, NAN, NAN, 0};
    double failed = 0, seen = 0;

    for (size_t i = 0; i < l->n_versions; i++) {
        const struct version_state *v = &l->versions[i];
        if (v->has & VERSION_RATE)
            t.rate = isnan(t.rate) ? v->request_rate : t.rate + v->request_rate;
        if ((v->has & VERSION_ERRORS) && (v->has & VERSION_RATE)) {
            failed += v->error_ratio * v->request_rate;
            seen += v->request_rate;
        }
        if ((v->has & VERSION_P99) && (isnan(t.p99) || v->latency_p99_s > t.p99))
            t.p99 = v->latency_p99_s;
        if (v->metrics_at_ms && (!t.at_ms || v->metrics_at_ms < t.at_ms))
            t.at_ms = v->metrics_at_ms;
    }
    if (seen > 0)
        t.errors = failed / seen;
    return t;
}

static const struct version_state *version_named(const struct fleet_line *l, bool champion)
{
    for (size_t i = 0; i < l->n_versions; i++)
        if ((strcmp(l->versions[i].version, l->deployment.champion) == 0) == champion)
            return &l->versions[i];
    return NULL;
}

static void drift_cell(const struct fleet_line *l, struct table_cell *ret)
{
    char text[32];

    if (!l->deployment.has_features) {
        cell_text(ret, ROLE_MUTED, "-");
        return;
    }
    if (l->drift_page)
        snprintf(text, sizeof text, "%d page", l->drift_page);
    else if (l->drift_warn)
        snprintf(text, sizeof text, "%d warn", l->drift_warn);
    else
        snprintf(text, sizeof text, "%s", l->drift == SEVERITY_OK ? "ok" : "?");
    cell_text(ret, severity_style(l->drift), text);
}

static void split_cell(const struct fleet_state *s, const struct fleet_line *l,
                       struct table_cell *ret)
{
    const struct version_state *champion = version_named(l, true);
    char text[FORMAT_SIZE];
    double share = champion && (champion->has & VERSION_EFFECTIVE) ? champion->effective_ratio
                   : champion && (champion->has & VERSION_DESIRED) ? champion->desired_ratio
                                                                   : NAN;
    cell_number(ret, s->frame, champion ? champion->traffic_at_ms : 0, format_share(share, text));
}

static void name_cell(const struct fleet_line *l, int column, struct table_cell *ret)
{
    const struct version_state *other = version_named(l, false);
    char text[MODEL_NAME_SIZE + 1];

    if (column == COL_SEV)
        cell_text(ret, severity_style(l->severity), severity_letter(l->severity));
    else if (column == COL_MODEL)
        cell_text(ret, ROLE_TEXT, l->deployment.name);
    else if (column == COL_CHAMPION)
        cell_text(ret, l->deployment.champion[0] ? ROLE_CHAMPION : ROLE_MUTED,
                  version_text(l->deployment.champion, text));
    else if (column == COL_OTHER)
        cell_text(ret, other ? ROLE_CHALLENGER : ROLE_MUTED,
                  other ? version_text(other->version, text) : "-");
    else
        cell_text(ret, ROLE_MUTED, l->deployment.owner[0] ? l->deployment.owner : "-");
}

static void alerts_cell(const struct fleet_line *l, struct table_cell *ret)
{
    char text[FORMAT_SIZE];

    snprintf(text, sizeof text, "%d/%d", l->alerts_page, l->alerts_ticket);
    if (l->alerts_page || l->alerts_ticket)
        cell_text(ret, l->alerts_page ? ROLE_PAGE : ROLE_TICKET, text);
    else
        cell_text(ret, ROLE_MUTED, "-");
}

static void ready_cell(const struct fleet_state *s, const struct fleet_line *l,
                       struct table_cell *ret)
{
    bool stale = is_stale(s->frame, l->oldest_ms);

    if (!l->has_ready)
        cell_text(ret, ROLE_UNKNOWN, "?");
    else if (!l->ready)
        cell_text(ret, ROLE_PAGE, "NO");
    else
        cell_text(ret, stale ? ROLE_STALE : ROLE_OK, stale ? "~yes" : "yes");
}

static void cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct fleet_state *s = context;
    const struct fleet_line *l = &s->data.lines[row];
    struct totals t = sum_up(l);
    char text[FORMAT_SIZE * 2];

    switch (column) {
    case COL_SPLIT: split_cell(s, l, ret); break;
    case COL_RATE: cell_number(ret, s->frame, t.at_ms, format_rate(t.rate, text)); break;
    case COL_ERRORS: cell_number(ret, s->frame, t.at_ms, format_percent(t.errors, text)); break;
    case COL_P99: cell_number(ret, s->frame, t.at_ms, format_latency(t.p99, text)); break;
    case COL_DRIFT: drift_cell(l, ret); break;
    case COL_ALERTS: alerts_cell(l, ret); break;
    case COL_READY: ready_cell(s, l, ret); break;
    case COL_AGE:
        cell_text(ret, is_stale(s->frame, l->oldest_ms) ? ROLE_STALE : ROLE_TEXT,
                  age_text(s->frame->now_ms, l->oldest_ms, text));
        break;
    default: name_cell(l, column, ret); break;
    }
}

static void key_of(const void *context, int row, char *buf, size_t size)
{
    const struct fleet_line *l = &((const struct fleet_state *)context)->data.lines[row];
    str_copy(buf, size, l->deployment.name);
}

static void words_of(const void *context, int row, char *buf, size_t size)
{
    const struct fleet_line *l = &((const struct fleet_state *)context)->data.lines[row];
    int n = snprintf(buf, size, "sev:%s %s owner:%s", severity_word(l->severity),
                     l->deployment.name, l->deployment.owner);
    for (size_t i = 0; i < l->n_versions && n > 0 && (size_t)n < size; i++)
        n += snprintf(buf + n, size - (size_t)n, " v:%s", l->versions[i].version);
}

static double number_of(const void *context, int row, int column)
{
    const struct fleet_line *l = &((const struct fleet_state *)context)->data.lines[row];
    struct totals t = sum_up(l);

    switch (column) {
    case COL_SEV: return (double)l->severity;
    case COL_RATE: return t.rate;
    case COL_ERRORS: return t.errors;
    case COL_P99: return t.p99;
    case COL_DRIFT: return l->drift_page * 1000.0 + l->drift_warn;
    case COL_ALERTS: return l->alerts_page * 1000.0 + l->alerts_ticket;
    case COL_AGE: return -(double)l->oldest_ms;
    default: return NAN;
    }
}

static bool is_problem(const void *context, int row)
{
    return ((const struct fleet_state *)context)->data.lines[row].severity != SEVERITY_OK;
}

static const struct list_source source = {
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .empty_text = "no deployments: the configuration names none, or nothing was recorded yet",
    .cell = cell,
    .key = key_of,
    .words = words_of,
    .number = number_of,
    .problem = is_problem,
};

static int open_fleet(void *state, const struct view_target *target)
{
    struct fleet_state *s = state;
    list_init(&s->list);
    str_copy(s->list.selected_key, sizeof s->list.selected_key, target->deployment);
    s->list.placed = s->list.moved = target->deployment[0] != '\0';
    return 0;
}

static void close_fleet(void *state)
{
    struct fleet_state *s = state;
    list_done(&s->list);
    fleet_view_done(&s->data);
}

static int load(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    struct fleet_state *s = state;
    struct fleet_view fresh = {0};

    int code = fleet_view_load(store, frame->now_ms, &fresh, e);
    if (code < 0)
        return code;
    fleet_view_done(&s->data);
    s->data = fresh;
    s->frame = frame;
    return list_update(&s->list, &source, s, (int)s->data.n_lines, frame->filter);
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct fleet_state *s = state;
    struct rect below = {0};
    int row = list_selected(&s->list);

    s->frame = frame;
    if (row >= 0 && !frame->wide && area.columns >= TINY_COLUMNS && area.rows >= 14) {
        int rows = (int)s->data.lines[row].n_versions + 2;
        below = rect_cut_bottom(&area, rows < area.rows / 3 ? rows : area.rows / 3);
    }
    list_draw(&s->list, &source, s, c, area, true);
    if (rect_empty(below))
        return;
    panel_rule(c, &below, ROLE_BORDER, s->data.lines[row].deployment.name);
    versions_draw(c, below, &s->data.lines[row], NULL, frame);
}

static bool selected(const void *state, struct view_target *ret)
{
    const struct fleet_state *s = state;
    int row = list_selected(&s->list);

    *ret = (struct view_target){0};
    if (row >= 0)
        str_copy(ret->deployment, sizeof ret->deployment, s->data.lines[row].deployment.name);
    return row >= 0;
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct fleet_state *s = state;
    struct view_result r = {.act = VIEW_OPEN, .view = "model"};

    s->frame = frame;
    if (what != DO_OPEN)
        return list_key(&s->list, &source, s, key, what);
    return selected(s, &r.target) ? r : (struct view_result){.act = VIEW_REDRAW};
}

static void say(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret)
{
    const struct fleet_state *s = state;
    char rate[FORMAT_SIZE], errors[FORMAT_SIZE], p99[FORMAT_SIZE], age[FORMAT_SIZE];

    for (int i = 0; i < s->list.n_rows; i++) {
        const struct fleet_line *l = &s->data.lines[s->list.rows[i]];
        struct totals t = sum_up(l);
        if (selected_only && s->list.rows[i] != list_selected(&s->list))
            continue;
        str_addf(ret,
                 "%s: %s, champion %s, %s requests a second, errors %s, p99 %s, "
                 "features that drift: %d, pages: %d, tickets: %d, read %s ago.\n",
                 severity_word(l->severity), l->deployment.name,
                 l->deployment.champion[0] ? l->deployment.champion : "unknown",
                 format_rate(t.rate, rate), format_percent(t.errors, errors),
                 format_latency(t.p99, p99), l->drift_page + l->drift_warn, l->alerts_page,
                 l->alerts_ticket, age_text(frame->now_ms, l->oldest_ms, age));
    }
}

extern const struct view view_fleet;
const struct view view_fleet = {
    .name = "fleet",
    .digit = '2',
    .title = "Fleet",
    .bit = VIEW_BIT_FLEET,
    .below = "triage",
    .right = "model",
    .right_below = "audit",
    .state_size = sizeof(struct fleet_state),
    .open = open_fleet,
    .close = close_fleet,
    .load = load,
    .draw = draw,
    .key = on_key,
    .selected = selected,
    .say = say,
};
