/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text in a box: numbers behind a number, an act's events, a runbook.
 */
#include "driftop/base/err.h"
#include "driftop/term/canvas.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/view/dialog.h"
#include "driftop/view/stack.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/text.h"
#include "scroll_private.h"
#include "view_private.h"

int text_panel_open(struct view_stack *stack, const char *title, const char *text)
{
    int code = view_stack_open(stack, "text", NULL);
    if (code < 0)
        return code;
    struct text_panel *p = view_stack_top_state(stack);
    str_copy(p->title, sizeof p->title, title);
    code = str_add(&p->text, text);
    if (code < 0)
        view_stack_close_top(stack);
    return code;
}

static int open_text(void *state, const struct view_target *target)
{
    struct text_panel *p = state;
    (void)target;
    str_init(&p->text, 1 << 20);
    return 0;
}

static void close_text(void *state)
{
    struct text_panel *p = state;
    str_done(&p->text);
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct text_panel *p = state;
    int columns = area.columns > 90 ? 90 : area.columns;
    (void)frame;

    p->rows = text_rows(p->text.data, columns - 4 > 1 ? columns - 4 : 1);
    struct rect box = panel_center(area, columns, p->rows + 2);
    box = panel_box(c, box, ROLE_BORDER, p->title, "Esc closes");
    p->shown = box.rows;
    p->first = scroll_clamp(p->first, p->rows, p->shown);
    text_draw(c, box, ROLE_TEXT, p->text.data, p->first);
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct text_panel *p = state;
    (void)frame;
    if (scroll_key(&p->first, p->rows, p->shown, key))
        return (struct view_result){.act = VIEW_REDRAW};
    if (what == DO_BACK || what == DO_LEAVE || what == DO_OPEN)
        return (struct view_result){.act = VIEW_BACK};
    return (struct view_result){.act = VIEW_REDRAW};
}

extern const struct view view_text;
const struct view view_text = {
    .name = "text",
    .title = "Text",
    .modal = true,
    .state_size = sizeof(struct text_panel),
    .open = open_text,
    .close = close_text,
    .draw = draw,
    .key = on_key,
};
