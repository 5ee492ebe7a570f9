/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What R, T and U open: the plan as text, a field whose value is the target, and after the commit
 * the same box as the record of what happens. Enter on an empty field, Esc and pasted text do
 * nothing to the world.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/view/dialog.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/text.h"
#include "scroll_private.h"
#include "stack_private.h"

#define PLAN_COLUMNS 80
#define FIELD_ROWS   3

extern const struct view view_plan;

struct plan_panel *plan_panel_find(struct view_stack *stack)
{
    for (int i = 0; i < stack->n; i++)
        if (stack->open[i].view == &view_plan)
            return stack->open[i].state;
    return NULL;
}

static int open_plan(void *state, const struct view_target *target)
{
    struct plan_panel *p = state;
    (void)target;
    str_init(&p->text, 1 << 18);
    str_init(&p->progress, 1 << 18);
    p->answer.no_paste = p->reason.no_paste = true;
    p->reason.max_chars = 200;
    return 0;
}

static void close_plan(void *state)
{
    struct plan_panel *p = state;
    str_done(&p->text);
    str_done(&p->progress);
}

static bool is_armed(const struct view_frame *f)
{
    return f->armed_until_ms > f->now_ms;
}

static bool field_open(const struct plan_panel *p, const struct view_frame *f)
{
    return p->stage == PLAN_SHOWN && is_armed(f);
}

/* ---- drawing ---- */

static unsigned line_style(const char *line)
{
    if (strncmp(line, "STOP", 4) == 0)
        return ROLE_PAGE;
    if (strncmp(line, "WARN", 4) == 0)
        return ROLE_TICKET;
    if (strncmp(line, "ok ", 3) == 0)
        return ROLE_OK;
    return strncmp(line, "undo", 4) == 0 ? ROLE_MUTED : ROLE_TEXT;
}

/* An empty line is a row as well. */
static int line_rows(const char *line, int columns)
{
    int rows = text_rows(line, columns > 0 ? columns : 1);
    return rows > 0 ? rows : 1;
}

/* Line by line, as each check has its own colour. */
static void draw_lines(struct plan_panel *p, struct canvas *c, struct rect area)
{
    const char *text = p->stage >= PLAN_SENDING ? p->progress.data : p->text.data;
    int row = 0;

    p->shown = area.rows;
    p->rows = 0;
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        char line[512];
        size_t length = strcspn(at, "\n");
        str_copy(line, length + 1 < sizeof line ? length + 1 : sizeof line, at);
        p->rows += line_rows(line, area.columns);
    }
    p->first = scroll_clamp(p->first, p->rows, p->shown);
    /* A long plan goes on beyond either end, where the frame and the field are. */
    struct rect saved = canvas_clip(c, area);
    for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        char line[512];
        size_t length = strcspn(at, "\n");
        str_copy(line, length + 1 < sizeof line ? length + 1 : sizeof line, at);
        struct rect place = {area.x, area.y + row - p->first, area.columns, area.rows};
        text_draw(c, place, line_style(line), line, 0);
        row += line_rows(line, area.columns);
    }
    canvas_unclip(c, saved);
}

static void draw_field(struct plan_panel *p, struct canvas *c, struct rect area,
                       const struct view_frame *f)
{
    bool open = field_open(p, f);
    struct rect line = rect_cut_top(&area, 1);
    int x = line.x;

    p->answer.closed = p->reason.closed = !open;
    x += canvas_text(c, x, line.y, ROLE_TITLE, "reason ");
    prompt_draw(c, x, line.y, line.x + line.columns - x - 4, ROLE_INPUT, &p->reason,
                open && p->on_reason);
    canvas_text(c, line.x + line.columns - 3, line.y, ROLE_KEY, "Tab");
    line = rect_cut_top(&area, 1);
    x = line.x + canvas_text(c, line.x, line.y, ROLE_TITLE, p->question) + 1;
    prompt_draw(c, x, line.y, line.x + line.columns - x, ROLE_INPUT, &p->answer,
                open && !p->on_reason);
    line = rect_cut_top(&area, 1);
    if (f->read_only)
        canvas_text(c, line.x, line.y, ROLE_STALE, "started with --read-only: nothing can be sent");
    else if (!open)
        canvas_text(c, line.x, line.y, ROLE_ARMED, "read-only: A arms for 15 min");
    else
        canvas_text(c, line.x, line.y, ROLE_MUTED,
                    p->refusal[0]       ? "another target?  Esc does nothing"
                    : line.columns < 46 ? "Enter commits, Esc does nothing"
                                        : "Enter commits.  Esc or empty Enter: do nothing");
}

static void draw_bottom(struct plan_panel *p, struct canvas *c, struct rect area,
                        const struct view_frame *f)
{
    switch (p->stage) {
    case PLAN_READING:
        canvas_text(c, area.x, area.y + area.rows - 1, ROLE_MUTED, "reading ...  Esc: leave it");
        return;
    case PLAN_SENDING:
        top_line(c, &area, ROLE_ARMED, "VERIFY: not settled yet");
        top_line(c, &area, ROLE_MUTED,
                 "Esc closes this; what was sent stays sent, and is in Audit");
        return;
    case PLAN_SETTLED:
        top_line(c, &area, p->good ? ROLE_OK | STYLE_BOLD : ROLE_PAGE, "%s", p->verdict);
        text_draw(c, area, ROLE_TEXT, p->advice, 0);
        return;
    case PLAN_SHOWN: break;
    }
    if (!p->refusal[0]) {
        draw_field(p, c, area, f);
        return;
    }
    /* A plan that was refused can still be made again for another target. */
    char refusal[sizeof p->refusal + 16];
    snprintf(refusal, sizeof refusal, "refused: %s", p->refusal);
    int rows = area.rows - FIELD_ROWS;
    text_draw(c, rect_cut_top(&area, rows > 0 ? rows : 1), ROLE_PAGE, refusal, 0);
    draw_field(p, c, area, f);
}

/* The field's rows, with those of the reason why it cannot be committed. */
static int field_rows(const struct plan_panel *p, int columns)
{
    if (!p->refusal[0] || p->stage >= PLAN_SENDING)
        return FIELD_ROWS;
    return FIELD_ROWS + text_rows(p->refusal, columns > 32 ? columns - 16 : 16);
}

/* In the row below the text where there is one, else in the frame. */
static void more_text(const struct plan_panel *p, char *buf, size_t size)
{
    int more = p->rows - p->first - p->shown;

    buf[0] = '\0';
    if (more > 0)
        snprintf(buf, size, "%d more, Down", more);
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct plan_panel *p = state;
    bool sent = p->stage >= PLAN_SENDING;
    int columns = area.columns < PLAN_COLUMNS ? area.columns : PLAN_COLUMNS;
    int fields = field_rows(p, columns);
    const char *text = sent ? p->progress.data : p->text.data;
    char more[32];

    int wanted = text_rows(text, columns > 5 ? columns - 4 : 1) + fields + 3;
    if (wanted < 12)
        wanted = 12;
    struct rect box = panel_center(area, PLAN_COLUMNS, wanted);
    bool tight = box.rows - 2 - fields <= 4;
    more_text(p, more, sizeof more);
    box = panel_box(c, box, sent && !p->good && p->stage == PLAN_SETTLED ? ROLE_PAGE : ROLE_BORDER,
                    p->title,
                    tight && more[0] ? more
                    : sent           ? "VERIFY"
                                     : "dry run, no write yet");
    /* On a small screen the field goes before the text. */
    struct rect bottom = rect_cut_bottom(&box, fields);
    if (!tight)
        rect_cut_bottom(&box, 1);
    draw_lines(p, c, box);
    more_text(p, more, sizeof more);
    if (!tight && more[0])
        canvas_text(c, box.x + box.columns - 16, box.y + box.rows, ROLE_KEY, more);
    struct rect saved = canvas_clip(c, bottom);
    draw_bottom(p, c, bottom, frame);
    canvas_unclip(c, saved);
}

/* ---- keys ---- */

static struct view_result command(enum view_do what, const char *text)
{
    return (struct view_result){.act = VIEW_COMMAND, .command = what, .text = text};
}

static struct view_result key_in_field(struct plan_panel *p, const struct key *key)
{
    struct prompt *field = p->on_reason ? &p->reason : &p->answer;

    if (key->code == KEY_TAB) {
        p->on_reason = !p->on_reason;
        return (struct view_result){.act = VIEW_REDRAW};
    }
    if (prompt_key(field, key) == PROMPT_ENTER && p->answer.text[0])
        return command(DO_COMMIT, p->answer.text);
    return (struct view_result){.act = VIEW_REDRAW};
}

/* In a field Left, Right, Home and End are the field's own. */
static bool scrolls(const struct plan_panel *p, const struct view_frame *f, const struct key *key)
{
    bool vertical = key->code == KEY_UP || key->code == KEY_DOWN || key->code == KEY_PAGE_UP ||
                    key->code == KEY_PAGE_DOWN;
    return vertical || !field_open(p, f);
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct plan_panel *p = state;
    struct view_result nothing = {.act = VIEW_REDRAW};

    if (key->code == KEY_PASTE)
        return nothing;
    if (key->code == KEY_ESC)
        return command(DO_BACK, NULL);
    if (scrolls(p, frame, key) && scroll_key(&p->first, p->rows, p->shown, key))
        return nothing;
    if (p->stage == PLAN_SETTLED && (what == DO_UNDO || what == DO_RESUME))
        return command(what, NULL);
    if (!is_armed(frame) && what == DO_ARM)
        return command(DO_ARM, NULL);
    return field_open(p, frame) ? key_in_field(p, key) : nothing;
}

const struct view view_plan = {
    .name = "plan",
    .title = "Plan",
    .modal = true,
    .state_size = sizeof(struct plan_panel),
    .open = open_plan,
    .close = close_plan,
    .draw = draw,
    .key = on_key,
};
