/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two dialogs of one line at the bottom: the filter, which works while it is typed, and the
 * note on an alert.
 */
#include <string.h>

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/prompt.h"
#include "view_private.h"

struct line_dialog {
    struct prompt prompt;
    struct view_target target;
    bool started;
};

static int open_line(void *state, const struct view_target *target)
{
    struct line_dialog *d = state;
    d->target = *target;
    return 0;
}

static void draw_line(const struct line_dialog *d, struct canvas *c, struct rect area,
                      const char *label, const char *hint)
{
    struct rect line = rect_cut_bottom(&area, 1);

    canvas_fill(c, line, ROLE_TEXT);
    int used = canvas_text(c, line.x, line.y, ROLE_KEY, label);
    rect_cut_left(&line, used);
    int hint_columns = (int)strlen(hint);
    if (line.columns > hint_columns + 24) {
        struct rect right = rect_cut_right(&line, hint_columns);
        canvas_text(c, right.x, right.y, ROLE_MUTED, hint);
    }
    prompt_draw(c, line.x, line.y, line.columns, ROLE_INPUT, &d->prompt, true);
}

static void draw_filter(void *state, struct canvas *c, struct rect area,
                        const struct view_frame *frame)
{
    struct line_dialog *d = state;
    if (!d->started)
        prompt_set(&d->prompt, frame->filter);
    d->started = true;
    draw_line(d, c, area, " / ", " words !not sev:page v:42; Esc clears");
}

static struct view_result key_filter(void *state, const struct key *key, enum view_do what,
                                     const struct view_frame *frame)
{
    struct line_dialog *d = state;
    (void)what;
    if (!d->started)
        prompt_set(&d->prompt, frame->filter);
    d->started = true;
    switch (prompt_key(&d->prompt, key)) {
    case PROMPT_ENTER: return (struct view_result){.act = VIEW_BACK};
    case PROMPT_CANCEL:
        /* The first Esc takes back what was typed, the next one closes an empty line. */
        if (!d->prompt.text[0])
            return (struct view_result){.act = VIEW_BACK};
        prompt_clear(&d->prompt);
        break;
    case PROMPT_CHANGED: break;
    default: return (struct view_result){.act = VIEW_REDRAW};
    }
    return (struct view_result){.act = VIEW_COMMAND, .command = DO_FILTER, .text = d->prompt.text};
}

static void draw_note(void *state, struct canvas *c, struct rect area,
                      const struct view_frame *frame)
{
    (void)frame;
    draw_line(state, c, area, " note: ", " Enter keeps it, Esc does not");
}

static struct view_result key_note(void *state, const struct key *key, enum view_do what,
                                   const struct view_frame *frame)
{
    struct line_dialog *d = state;
    (void)what;
    (void)frame;
    enum prompt_result r = prompt_key(&d->prompt, key);
    if (r == PROMPT_CANCEL || (r == PROMPT_ENTER && !d->prompt.text[0]))
        return (struct view_result){.act = VIEW_BACK};
    if (r == PROMPT_ENTER)
        return (struct view_result){
            .act = VIEW_COMMAND, .command = DO_NOTE, .target = d->target, .text = d->prompt.text};
    return (struct view_result){.act = VIEW_REDRAW};
}

extern const struct view view_filter, view_note;
const struct view view_filter = {
    .name = "filter",
    .title = "Filter",
    .modal = true,
    .state_size = sizeof(struct line_dialog),
    .open = open_line,
    .draw = draw_filter,
    .key = key_filter,
};

const struct view view_note = {
    .name = "note",
    .title = "Note",
    .modal = true,
    .state_size = sizeof(struct line_dialog),
    .open = open_line,
    .draw = draw_note,
    .key = key_note,
};
