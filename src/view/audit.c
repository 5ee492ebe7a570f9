/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 9, Audit: who did what, newest first, and how it ended. Acts that nobody has settled are
 * offered for verification, which reads and never sends.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/str.h"
#include "driftop/query/lists.h"
#include "driftop/term/canvas.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/text.h"
#include "list_private.h"

#define SINCE_MS (INT64_C(30) * 24 * 3600 * 1000)

struct audit_state {
    struct list list;
    struct act_list data;
    char wanted[32];
    int64_t now_ms;
};

enum {
    COL_AT,
    COL_STATE,
    COL_MODEL,
    COL_INTENT,
    COL_AFTER,
    COL_BEFORE,
    COL_BY,
    COL_ID,
    COL_REASON,
    COL_HASH
};

static const struct table_column columns[] = {
    {"AT", 95, 9, 9, ALIGN_LEFT, false, true},
    {"STATE", 98, 8, 9, ALIGN_LEFT, false, false},
    {"MODEL", 90, 11, 14, ALIGN_LEFT, false, false},
    {"INTENT", 88, 14, 14, ALIGN_LEFT, false, false},
    {"AFTER", 85, 16, 22, ALIGN_LEFT, true, false},
    {"BEFORE", 50, 16, 22, ALIGN_LEFT, false, false},
    {"BY", 80, 8, 14, ALIGN_LEFT, false, false},
    {"ID", 45, 8, 14, ALIGN_LEFT, false, false},
    {"REASON", 40, 10, 24, ALIGN_LEFT, false, false},
    {"HASH", 20, 12, 12, ALIGN_LEFT, false, false},
};

static const struct act_row *act_at(const struct audit_state *s, int row)
{
    return &s->data.acts[row];
}

/* Nobody carries it on: its process is gone, or has given up. */
static bool is_unsettled(const struct act_row *a)
{
    return a->left || strcmp(a->state, "unknown") == 0;
}

static unsigned state_style(const struct act_row *a)
{
    static const char *const bad[] = {"partial", "rejected", "conflict", "diverged",
                                      "stalled", "failed",   "refused"};

    if (is_unsettled(a))
        return ROLE_UNKNOWN;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (strcmp(a->state, bad[i]) == 0)
            return ROLE_TICKET;
    return strcmp(a->state, "verified") == 0 ? ROLE_OK : ROLE_TEXT;
}

/* "v41 100% v42 0% champion 41"; the alias by the word that there is room for. */
static char *world_words(const struct json *world, const char *alias, char *buf, size_t size)
{
    const struct json *shares = json_get(world, "shares");
    const char *champion = json_text(json_get(world, "champion"), NULL), *version;
    struct json *share;
    void *it = NULL;
    size_t used = 0;

    buf[0] = '\0';
    if (!champion && json_bool(json_get(world, "has_registry"), false))
        champion = "not set";
    while (shares && used + 48 < size && json_next(shares, &it, &version, &share)) {
        char name[MODEL_NAME_SIZE + 1], text[FORMAT_SIZE];
        double ratio = NAN;
        json_number(share, &ratio);
        used += (size_t)snprintf(buf + used, size - used, "%s%.24s %s", used ? " " : "",
                                 version_text(version, name), format_share(ratio, text));
    }
    if (champion && champion[0] && used < size)
        snprintf(buf + used, size - used, "%s%s %s", used ? " " : "", alias, champion);
    if (!buf[0])
        str_copy(buf, size, "-");
    return buf;
}

/* Today by the hour, older ones by the day. */
static void time_cell(const struct audit_state *s, const struct act_row *a, struct table_cell *ret)
{
    char text[CLOCK_TEXT_SIZE];

    if (s->now_ms - a->at_ms < 24 * 3600 * 1000) {
        cell_text(ret, ROLE_TEXT, clock_format_hms(a->at_ms, text));
        return;
    }
    clock_format_s(a->at_ms, text);
    text[10] = '\0';
    cell_text(ret, ROLE_TEXT, text + 1);
}

static void cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct audit_state *s = context;
    const struct act_row *a = act_at(s, row);
    char text[TABLE_CELL_SIZE];

    switch (column) {
    case COL_AT: time_cell(s, a, ret); break;
    case COL_STATE: cell_text(ret, state_style(a), a->state); break;
    case COL_MODEL: cell_text(ret, ROLE_TEXT, a->deployment); break;
    case COL_INTENT: cell_text(ret, ROLE_TEXT, a->intent); break;
    case COL_AFTER:
        cell_text(ret, ROLE_TEXT, world_words(a->after, "ch", text, sizeof text));
        break;
    case COL_BEFORE:
        cell_text(ret, ROLE_MUTED, world_words(a->before, "ch", text, sizeof text));
        break;
    case COL_BY: cell_text(ret, ROLE_TEXT, a->by); break;
    case COL_ID: cell_text(ret, ROLE_MUTED, a->id); break;
    case COL_REASON: cell_text(ret, ROLE_TEXT, a->reason[0] ? a->reason : "-"); break;
    default: cell_text(ret, ROLE_MUTED, a->hash); break;
    }
}

static void key_of(const void *context, int row, char *buf, size_t size)
{
    str_copy(buf, size, act_at(context, row)->id);
}

static void words_of(const void *context, int row, char *buf, size_t size)
{
    const struct act_row *a = act_at(context, row);
    snprintf(buf, size, "%s %s %s by:%s %s %s", a->state, a->deployment, a->intent, a->by, a->id,
             a->reason);
}

static double number_of(const void *context, int row, int column)
{
    return column == COL_AT ? (double)act_at(context, row)->at_ms : NAN;
}

static bool is_problem(const void *context, int row)
{
    const struct act_row *a = act_at(context, row);
    return state_style(a) == ROLE_UNKNOWN || state_style(a) == ROLE_TICKET;
}

static const struct list_source source = {
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .empty_text = "nobody has acted through driftop here yet",
    .cell = cell,
    .key = key_of,
    .words = words_of,
    .number = number_of,
    .problem = is_problem,
};

static int open_audit(void *state, const struct view_target *target)
{
    struct audit_state *s = state;
    list_init(&s->list);
    str_copy(s->list.selected_key, sizeof s->list.selected_key, target->act_id);
    s->list.placed = s->list.moved = target->act_id[0] != '\0';
    return 0;
}

static void close_audit(void *state)
{
    struct audit_state *s = state;
    list_done(&s->list);
    act_list_done(&s->data);
}

static int load(void *state, struct store *store, const struct view_frame *frame, struct err *e)
{
    struct audit_state *s = state;
    struct act_list fresh = {0};

    int code = act_list_load(store, frame->now_ms - SINCE_MS, frame->now_ms, &fresh, e);
    if (code < 0)
        return code;
    act_list_done(&s->data);
    s->data = fresh;
    s->now_ms = frame->now_ms;
    return list_update(&s->list, &source, s, (int)s->data.n_acts, frame->filter);
}

static void detail(const void *state, const struct view_frame *frame, struct str *ret)
{
    const struct audit_state *s = state;
    int row = list_selected(&s->list);
    char at[CLOCK_TEXT_SIZE], age[FORMAT_SIZE], text[TABLE_CELL_SIZE];

    if (row < 0)
        return;
    const struct act_row *a = act_at(s, row);
    str_addf(ret, "act %s: %s %s, %s\n", a->id, a->intent, a->deployment, a->state);
    if (is_unsettled(a))
        str_add(ret, "how it ended is not known: V reads and verifies, it sends nothing\n");
    str_addf(ret, "before  %s\n", world_words(a->before, "champion", text, sizeof text));
    str_addf(ret, "after   %s\n", world_words(a->after, "champion", text, sizeof text));
    /* The last word of it: who else has changed what, how many requests follow. */
    if (a->text[0] && strcmp(a->text, a->state) != 0)
        str_addf(ret, "result  %s\n", a->text);
    str_addf(ret, "by      %s at %s\n", a->by, clock_format_s(a->at_ms, at));
    str_addf(ret, "changed %s ago, %u event%s\n", age_text(frame->now_ms, a->changed_ms, age),
             a->n_events, plural((int)a->n_events));
    if (a->reason[0])
        str_addf(ret, "reason  %s\n", a->reason);
    str_addf(ret, "hash    %s\n", a->hash);
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct audit_state *s = state;
    struct rect below = {0};
    struct str text;
    char more[40];

    s->now_ms = frame->now_ms;
    if (!frame->wide && area.rows >= 14 && list_selected(&s->list) >= 0)
        below = rect_cut_bottom(&area, 10);
    list_draw(&s->list, &source, s, c, area, true);
    if (rect_empty(below))
        return;
    str_init(&text, 8192);
    detail(s, frame, &text);
    panel_rule(c, &below, ROLE_BORDER, list_more_text(&s->list, more, sizeof more));
    text_draw(c, rect_inset(below, 1, 0), ROLE_TEXT, text.data, 0);
    str_done(&text);
}

static bool selected(const void *state, struct view_target *ret)
{
    const struct audit_state *s = state;
    int row = list_selected(&s->list);

    *ret = (struct view_target){0};
    if (row < 0)
        return false;
    str_copy(ret->deployment, sizeof ret->deployment, act_at(s, row)->deployment);
    str_copy(ret->act_id, sizeof ret->act_id, act_at(s, row)->id);
    return true;
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct audit_state *s = state;
    struct view_result r = {.act = VIEW_COMMAND, .command = DO_RESUME};
    int row = list_selected(&s->list);
    (void)frame;

    if (what == DO_OPEN && row >= 0 && is_unsettled(act_at(s, row)) && selected(s, &r.target))
        return r;
    return list_key(&s->list, &source, s, key, what);
}

static void say(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret)
{
    const struct audit_state *s = state;
    char at[CLOCK_TEXT_SIZE], after[TABLE_CELL_SIZE];
    (void)frame;

    for (int i = 0; i < s->list.n_rows; i++) {
        const struct act_row *a = act_at(s, s->list.rows[i]);
        if (selected_only && s->list.rows[i] != list_selected(&s->list))
            continue;
        str_addf(ret, "%s: %s of %s by %s to %s: %s.\n", clock_format_s(a->at_ms, at), a->intent,
                 a->deployment, a->by, world_words(a->after, "champion", after, sizeof after),
                 a->state);
    }
    if (s->list.n_rows == 0 && !selected_only)
        str_add(ret, "Nobody has acted.\n");
}

extern const struct view view_audit;
const struct view view_audit = {
    .name = "audit",
    .digit = '9',
    .title = "Audit",
    .bit = VIEW_BIT_AUDIT,
    .below = "triage",
    .right = "model",
    .right_below = "alerts",
    .state_size = sizeof(struct audit_state),
    .open = open_audit,
    .close = close_audit,
    .load = load,
    .draw = draw,
    .key = on_key,
    .selected = selected,
    .say = say,
    .detail = detail,
};
