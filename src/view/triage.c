/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 1, Triage: what is wrong now, worst first; below, for the selected line, the answers that
 * somebody who was just woken up needs, in the order in which they are needed.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/query/lists.h"
#include "driftop/query/triage.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/panel.h"
#include "list_private.h"
#include "triage_preview_private.h"

#define PREVIEW_ROWS 10
#define LIST_MIN     3

struct triage_view {
    struct list list;
    struct triage data;
    struct triage_preview preview;
    struct view_target wanted;
    bool has_preview;
    char preview_fault[128];
    int64_t now_ms;
};

enum {
    COL_SEV,
    COL_MODEL,
    COL_SYMPTOM,
    COL_SINCE,
    COL_SHARE,
    COL_SURFACE,
    COL_CHANGED,
    COL_VERSION,
    COL_RULE,
    COL_ACK
};

static const struct table_column columns[] = {
    {"SEV", 100, 3, 3, ALIGN_LEFT, false, true},
    {"MODEL", 95, 11, 14, ALIGN_LEFT, false, true},
    {"SYMPTOM", 90, 22, 29, ALIGN_LEFT, true, false},
    {"SINCE", 80, 5, 5, ALIGN_RIGHT, false, false},
    {"TRAF", 70, 4, 5, ALIGN_RIGHT, false, false},
    {"SURFACE", 75, 7, 7, ALIGN_LEFT, false, false},
    {"CHANGED", 60, 12, 15, ALIGN_LEFT, false, false},
    {"VER", 65, 4, 6, ALIGN_LEFT, false, false},
    {"RULE", 40, 11, 12, ALIGN_LEFT, false, false},
    {"ACK", 45, 6, 12, ALIGN_LEFT, false, false},
};

/* Somebody has it: no exclamation mark, no colour. */
static void severity_cell(const struct triage_line *l, struct table_cell *ret)
{
    if (!l->acked)
        cell_text(ret, severity_style(l->severity), severity_letter(l->severity));
    else
        cell_text(ret, ROLE_MUTED, l->severity == SEVERITY_PAGE ? "P1" : "T2");
}

static void cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct triage_view *v = context;
    const struct triage_line *l = &v->data.lines[row];
    char text[MODEL_NAME_SIZE + 1];

    switch (column) {
    case COL_SEV: severity_cell(l, ret); break;
    case COL_MODEL: cell_text(ret, ROLE_TEXT, or_dash(l->deployment)); break;
    case COL_SYMPTOM: cell_text(ret, ROLE_TEXT, l->symptom); break;
    case COL_SINCE: cell_text(ret, ROLE_TEXT, age_text(v->now_ms, l->since_ms, text)); break;
    case COL_SHARE:
        cell_text(ret, ROLE_TEXT, format_share(l->has_share ? l->share_ratio : NAN, text));
        break;
    case COL_SURFACE: cell_text(ret, ROLE_TEXT, surface_word(l->surface)); break;
    case COL_CHANGED: cell_text(ret, ROLE_TEXT, or_dash(l->changed_brief)); break;
    case COL_VERSION: cell_text(ret, ROLE_TEXT, version_text(l->version, text)); break;
    case COL_RULE: cell_text(ret, ROLE_MUTED, alert_rule_name(l->rule)); break;
    default: cell_text(ret, ROLE_MUTED, l->acked ? l->acked_by : "-"); break;
    }
}

static void key_of(const void *context, int row, char *buf, size_t size)
{
    const struct triage_line *l = &((const struct triage_view *)context)->data.lines[row];
    /* Which of its alerts speaks for a line may change; a line without any is known by its words. */
    snprintf(buf, size, "%s/%s/%d/%s", l->deployment, l->version, (int)l->rule,
             l->alert_id ? "" : l->symptom);
}

static void words_of(const void *context, int row, char *buf, size_t size)
{
    const struct triage_line *l = &((const struct triage_view *)context)->data.lines[row];
    snprintf(buf, size, "sev:%s %s owner:%s v:%s %s %s %s %s %s", severity_word(l->severity),
             l->deployment, l->owner, l->version, l->feature, l->symptom, surface_word(l->surface),
             alert_rule_name(l->rule), l->acked ? "acked" : "");
}

static double number_of(const void *context, int row, int column)
{
    const struct triage_line *l = &((const struct triage_view *)context)->data.lines[row];
    switch (column) {
    case COL_SEV: return (double)l->severity;
    case COL_SINCE: return (double)l->since_ms;
    case COL_SHARE: return l->has_share ? l->share_ratio : -1;
    default: return NAN;
    }
}

static bool is_problem(const void *context, int row)
{
    return !((const struct triage_view *)context)->data.lines[row].acked;
}

static const struct list_source source = {
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .empty_text = "nothing is wrong: no alert is firing",
    .cell = cell,
    .key = key_of,
    .words = words_of,
    .number = number_of,
    .problem = is_problem,
};

static int open_triage(void *state, const struct view_target *target)
{
    struct triage_view *v = state;
    list_init(&v->list);
    v->wanted = *target;
    return 0;
}

static void close_triage(void *state)
{
    struct triage_view *v = state;
    list_done(&v->list);
    triage_done(&v->data);
}

/* Also where another alert speaks for the line. */
static bool holds_alert(const struct triage_line *l, const struct alert_state *a)
{
    return l->alert_id && l->rule == a->rule && a->phase == ALERT_FIRING &&
           strcmp(l->deployment, a->deployment) == 0 && strcmp(l->version, a->version) == 0;
}

/* The line it was opened on: the alert's, else the first of the deployment. */
static void place(struct triage_view *v, struct store *store, int64_t now_ms)
{
    struct alert_list alerts = {0};
    const struct alert_state *alert = NULL;

    if (v->wanted.alert_id)
        (void)alert_list_load(store, now_ms, &alerts, NULL);
    for (size_t i = 0; i < alerts.n_alerts; i++)
        if (alerts.alerts[i].id == v->wanted.alert_id)
            alert = &alerts.alerts[i];
    for (int i = 0; i < (int)v->data.n_lines; i++) {
        const struct triage_line *l = &v->data.lines[i];
        if (alert ? holds_alert(l, alert) : strcmp(l->deployment, v->wanted.deployment) == 0) {
            key_of(v, i, v->list.selected_key, sizeof v->list.selected_key);
            v->list.placed = v->list.moved = true;
            break;
        }
    }
    alert_list_done(&alerts);
    v->wanted = (struct view_target){0};
}

/* Without answers the list is still worth having. */
static void load_preview(struct triage_view *v, struct store *store, const struct view_frame *frame)
{
    int row = list_selected(&v->list);
    struct err why = {0};

    v->has_preview = row >= 0 && triage_preview_load(store, frame->now_ms, &v->data.lines[row],
                                                     &v->preview, &why) == 0;
    snprintf(v->preview_fault, sizeof v->preview_fault, "%s%.110s",
             why.text[0] ? "no answers: " : "", why.text);
}

static int load(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    struct triage_view *v = state;
    struct triage fresh = {0};

    int code = triage_load(store, frame->now_ms, &fresh, e);
    if (code < 0)
        return code;
    triage_done(&v->data);
    v->data = fresh;
    v->now_ms = frame->now_ms;
    if (v->wanted.deployment[0] || v->wanted.alert_id)
        place(v, store, frame->now_ms);
    code = list_update(&v->list, &source, v, (int)v->data.n_lines, frame->filter);
    if (code == 0)
        load_preview(v, store, frame);
    return code;
}

static int follow(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    (void)e;
    load_preview(state, store, frame);
    return 0;
}

/* ---- drawing ---- */

/* A phone's width: two words a line, the answers that decide below. */
static void draw_tiny(struct triage_view *v, const struct list_source *shown, struct canvas *c,
                      struct rect area)
{
    const struct triage_preview *p = &v->preview;
    struct rect below = {0};

    if (v->has_preview && area.rows >= 6)
        below = rect_cut_bottom(&area, 3);
    list_draw(&v->list, shown, v, c, area, area.rows > 8);
    rect_cut_left(&below, 1);
    top_line(c, &below, ROLE_TEXT, "%s", p->who[0] ? p->who : p->real);
    top_line(c, &below, ROLE_TEXT, "%s", p->changed);
    top_line(c, &below, ROLE_TITLE, "%s", p->verdict[0] ? p->verdict : p->rollback);
}

/* That nothing fires is good news only where somebody watches. */
static struct list_source honest_source(const struct view_frame *frame)
{
    struct list_source s = source;

    if (frame->status.n_deployments == 0)
        s.empty_text = "nothing is known yet: no deployment has been recorded";
    else if (!frame->status.recording || frame->status.quiet)
        s.empty_text = "unknown: nobody is watching; nothing was wrong when somebody last did";
    return s;
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct triage_view *v = state;
    struct list_source shown = honest_source(frame);
    char more[40];

    v->now_ms = frame->now_ms;
    if (area.columns < TINY_COLUMNS) {
        draw_tiny(v, &shown, c, area);
        return;
    }
    int list_rows = (int)v->data.n_lines + 1;
    int preview = v->has_preview && !frame->wide ? PREVIEW_ROWS + 1 : 0;
    if (preview && list_rows > area.rows - preview)
        list_rows = area.rows - preview > LIST_MIN ? area.rows - preview : LIST_MIN;
    if (!preview || list_rows > area.rows)
        list_rows = area.rows;
    const char *note = v->list.gone ? list_gone_text(&v->list) : v->preview_fault;
    list_rows -= !preview && note[0] && list_rows > LIST_MIN;
    list_draw(&v->list, &shown, v, c, rect_cut_top(&area, list_rows), true);
    if (!preview && note[0])
        top_line(c, &area, ROLE_STALE, " %s", note);
    if (!preview)
        return;
    panel_rule(c, &area, ROLE_BORDER, list_more_text(&v->list, more, sizeof more));
    triage_preview_draw(&v->preview, c, area);
}

static bool selected(const void *state, struct view_target *ret)
{
    const struct triage_view *v = state;
    int row = list_selected(&v->list);

    *ret = (struct view_target){0};
    /* Nothing, rather than what the view was opened on. */
    if (row < 0)
        return v->list.gone;
    const struct triage_line *l = &v->data.lines[row];
    ret->together = l->n_alerts > 1;
    str_copy(ret->deployment, sizeof ret->deployment, l->deployment);
    str_copy(ret->version, sizeof ret->version, l->version);
    str_copy(ret->feature, sizeof ret->feature, l->feature);
    ret->alert_id = l->alert_id;
    return true;
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct triage_view *v = state;
    struct view_result r = {.act = VIEW_OPEN};
    (void)frame;

    if (what != DO_OPEN)
        return list_key(&v->list, &source, v, key, what);
    if (!selected(v, &r.target))
        return (struct view_result){.act = VIEW_REDRAW};
    r.view = r.target.feature[0] ? "feature" : "model";
    return r;
}

static void say(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret)
{
    const struct triage_view *v = state;
    char age[FORMAT_SIZE];

    if (v->data.n_lines == 0) /* or why that is not known */
        str_addf(ret, "%s.\n", honest_source(frame).empty_text);
    for (int i = 0; i < v->list.n_rows; i++) {
        const struct triage_line *l = &v->data.lines[v->list.rows[i]];
        if (selected_only && v->list.rows[i] != list_selected(&v->list))
            continue;
        str_addf(ret, "%s%s: %s version %s, %s, since %s, surface %s, changed %s.\n",
                 severity_word(l->severity), l->acked ? " (acknowledged)" : "", l->deployment,
                 l->version, l->symptom, age_text(frame->now_ms, l->since_ms, age),
                 l->surface == SURFACE_UNKNOWN ? "unknown" : surface_word(l->surface),
                 l->changed[0] ? l->changed : "nothing");
    }
    if (v->has_preview && !selected_only && v->preview.verdict[0])
        str_addf(ret, "%s: %s\n", v->preview.deployment, v->preview.verdict);
}

extern const struct view view_triage;
const struct view view_triage = {
    .name = "triage",
    .digit = '1',
    .title = "Triage",
    .bit = VIEW_BIT_TRIAGE,
    .below = "fleet",
    .right = "model",
    .right_below = "audit",
    .state_size = sizeof(struct triage_view),
    .open = open_triage,
    .close = close_triage,
    .load = load,
    .follow = follow,
    .draw = draw,
    .key = on_key,
    .selected = selected,
    .say = say,
};
