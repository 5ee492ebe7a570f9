/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/view/stack.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/style.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/text.h"
#include "stack_private.h"

/* ---- instances ---- */

void instance_close(struct instance *i)
{
    if (!i->view)
        return;
    if (i->view->close)
        i->view->close(i->state);
    free(i->state);
    memset(i, 0, sizeof *i);
}

static int instance_open(struct instance *i, const struct view *view,
                         const struct view_target *target)
{
    memset(i, 0, sizeof *i);
    i->state = calloc(1, view->state_size ? view->state_size : 1);
    if (!i->state)
        return ERR_NOMEM;
    i->view = view;
    if (target)
        i->target = *target;
    return view->open ? view->open(i->state, &i->target) : 0;
}

/* A name that is not there is the view's own matter; any other failure is the store's. */
static int instance_load(struct instance *i, struct store *store, const struct view_frame *frame,
                         struct err *e)
{
    struct err why = {0};

    if (!i->view->load || !store)
        return 0;
    int code = i->view->load(i->state, store, frame, &why);
    i->loaded = i->loaded || code == 0;
    str_copy(i->absent, sizeof i->absent, code == ERR_ABSENT ? why.text : "");
    if (code == 0 || code == ERR_ABSENT)
        return 0;
    if (e)
        *e = why;
    return code;
}

/* In place of a view that has never been read. */
static const char *nothing_text(const struct view_frame *frame)
{
    if (frame->waiting)
        return "\nNothing has been recorded here yet. Where nobody records, this dashboard starts a "
               "recorder; its first readings take some seconds.\n\nWhen nothing appears: driftop "
               "doctor says what each source answers, recorder.log beside the store what the "
               "recorder says.";
    return "no data yet";
}

static void instance_draw(struct instance *i, struct canvas *c, struct rect area,
                          const struct view_frame *frame)
{
    struct rect saved = canvas_clip(c, area);

    canvas_fill(c, area, ROLE_TEXT);
    if (i->absent[0])
        text_draw(c, rect_inset(area, 1, 0), ROLE_TEXT, i->absent, 0);
    else if (!i->loaded && i->view->load)
        text_draw(c, rect_inset(area, 1, 0), ROLE_MUTED, nothing_text(frame), 0);
    else
        i->view->draw(i->state, c, area, frame);
    canvas_unclip(c, saved);
}

/* ---- the stack ---- */

struct view_stack *view_stack_new(const char *name, const struct view_target *target)
{
    struct view_stack *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->frame.filter = s->filter;
    s->frame.message = s->message;
    s->frame.stale_ms = 18000;
    if (view_stack_open(s, name, target) < 0) {
        view_stack_free(s);
        return NULL;
    }
    return s;
}

void view_stack_free(struct view_stack *s)
{
    if (!s)
        return;
    for (int i = 0; i < s->n; i++)
        instance_close(&s->open[i]);
    for (int i = 0; i < PLACES; i++)
        instance_close(&s->side[i]);
    for (int i = 0; i < VIEWS_KEPT; i++)
        instance_close(&s->kept[i]);
    free(s);
}

struct view_frame *view_stack_frame(struct view_stack *s)
{
    return &s->frame;
}

static bool same_target(const struct view_target *a, const struct view_target *b)
{
    return strcmp(a->deployment, b->deployment) == 0 && strcmp(a->version, b->version) == 0 &&
           strcmp(a->feature, b->feature) == 0;
}

void stack_keep(struct view_stack *s, struct instance *i)
{
    int at = 0;

    while (views[at] && views[at] != i->view)
        at++;
    if (at >= VIEWS_KEPT || !i->loaded) {
        instance_close(i);
        return;
    }
    instance_close(&s->kept[at]);
    s->kept[at] = *i;
    memset(i, 0, sizeof *i);
}

bool stack_take(struct view_stack *s, const struct view *view, const struct view_target *target,
                struct instance *ret)
{
    for (int i = 0; i < VIEWS_KEPT; i++) {
        struct instance *kept = &s->kept[i];
        if (kept->view != view)
            continue;
        if (view->about == VIEW_ABOUT_DEPLOYMENT &&
            strcmp(kept->target.deployment, target->deployment) != 0)
            return false;
        if (view->about == VIEW_ABOUT_FEATURE && !same_target(&kept->target, target))
            return false;
        *ret = *kept;
        memset(kept, 0, sizeof *kept);
        return true;
    }
    return false;
}

int view_stack_open(struct view_stack *s, const char *name, const struct view_target *target)
{
    const struct view *view = view_find(name);

    if (!view)
        return ERR_ABSENT;
    if (s->n == STACK_DEPTH) {
        /* Deeper than anybody goes back: the lowest but one is forgotten. */
        instance_close(&s->open[1]);
        memmove(&s->open[1], &s->open[2], (STACK_DEPTH - 2) * sizeof s->open[0]);
        s->n--;
    }
    struct instance opened;
    int code = instance_open(&opened, view, target);
    if (code < 0) {
        instance_close(&opened);
        return code;
    }
    s->open[s->n++] = opened;
    stack_want(s, VIEW_WANTS_NOW, false);
    return 0;
}

void view_stack_close_top(struct view_stack *s)
{
    if (s->n <= 1)
        return;
    instance_close(&s->open[--s->n]);
    stack_want(s, VIEW_WANTS_LATER, false);
}

void *view_stack_top_state(struct view_stack *s)
{
    return s->open[s->n - 1].state;
}

void view_stack_say(struct view_stack *s, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    vsnprintf(s->message, sizeof s->message, format, ap);
    va_end(ap);
}

enum view_wants view_stack_wants(const struct view_stack *s)
{
    return s->wants;
}

void stack_want(struct view_stack *s, enum view_wants wants, bool follow_only)
{
    s->follow_only = follow_only && (s->follow_only || s->wants == VIEW_WANTS_NOTHING);
    if (wants > s->wants)
        s->wants = wants;
}

struct instance *stack_base(struct view_stack *s)
{
    int at = s->n - 1;

    while (at > 0 && s->open[at].view->modal)
        at--;
    return &s->open[at];
}

/* The companions follow what the view below the dialogs has selected. */
static int load_sides(struct view_stack *s, struct store *store, struct rect size, struct err *e)
{
    struct instance *base = stack_base(s);
    struct layout_places places = layout_of(size, size, base->view, s->frame.wide);
    struct view_target target = {0};
    int code = 0;

    if (base->view->selected)
        base->view->selected(base->state, &target);
    target.narrow = true;
    for (int i = 0; i < PLACES; i++) {
        struct instance *side = &s->side[i];
        const struct view *view =
            rect_empty(places.side[i]) ? NULL : layout_side(base->view, (enum layout_place)i);
        if (side->view != view || !same_target(&side->target, &target)) {
            instance_close(side);
            if (view && instance_open(side, view, &target) < 0)
                instance_close(side);
        }
        if (side->view && instance_load(side, store, &s->frame, e) < 0)
            code = ERR_IO;
    }
    return code;
}

/* Only what belongs to another row. */
static int load_following(struct view_stack *s, struct store *store, struct err *e)
{
    struct instance *base = stack_base(s);

    if (!base->view->follow || !base->loaded)
        return 0;
    return base->view->follow(base->state, store, &s->frame, e);
}

int view_stack_load(struct view_stack *s, struct store *store, struct rect size, bool all,
                    struct err *e)
{
    bool follow_only = !all && s->follow_only;
    int code = 0;

    if (s->frame.frozen && (all || s->wants != VIEW_WANTS_NOW)) {
        s->wants = s->wants == VIEW_WANTS_NOW ? VIEW_WANTS_NOW : VIEW_WANTS_NOTHING;
        return 0;
    }
    s->wants = VIEW_WANTS_NOTHING;
    s->follow_only = false;
    if (follow_only)
        code = load_following(s, store, e);
    else
        for (struct instance *i = stack_base(s); i < s->open + s->n && code == 0; i++)
            code = instance_load(i, store, &s->frame, e);
    return code < 0 ? code : load_sides(s, store, size, e);
}

/* ---- drawing ---- */

static void draw_side(struct view_stack *s, enum layout_place place, struct canvas *c,
                      struct rect area)
{
    struct instance *side = &s->side[place];
    char title[MODEL_NAME_SIZE + 32];

    if (!side->view || rect_empty(area))
        return;
    snprintf(title, sizeof title, " %s ", side->view->title);
    panel_rule(c, &area, ROLE_BORDER, title);
    instance_draw(side, c, area, &s->frame);
}

void view_stack_draw(struct view_stack *s, struct canvas *c)
{
    struct instance *base = stack_base(s);
    struct rect screen = canvas_area(c);

    canvas_clear(c);
    struct rect body = frame_draw(c, base->view, &s->frame);
    struct layout_places places = layout_of(screen, body, base->view, s->frame.wide);
    instance_draw(base, c, places.main, &s->frame);
    if (places.divider_x > 0)
        canvas_vline(c, places.divider_x, body.y, body.rows, ROLE_BORDER, GLYPH_VLINE);
    for (int i = 0; i < PLACES; i++)
        draw_side(s, (enum layout_place)i, c, places.side[i]);
    /* The line that never moves stays in sight. */
    if (screen.rows > 4)
        rect_cut_top(&screen, 1);
    for (struct instance *i = base + 1; i < s->open + s->n; i++)
        i->view->draw(i->state, c, screen, &s->frame);
}

void view_stack_say_all(struct view_stack *s, struct str *ret)
{
    struct instance *base = stack_base(s);
    const struct status *st = &s->frame.status;

    str_addf(ret, "%s, %s: %d pages, %d tickets, %d of %d sources well.\n", st->environment,
             base->view->title, st->n_page, st->n_ticket, st->n_sources_ok, st->n_sources);
    if (base->absent[0])
        str_addf(ret, "%s\n", base->absent);
    else if (!base->loaded)
        str_add(ret, "No data yet.\n");
    else if (base->view->say)
        base->view->say(base->state, &s->frame, false, ret);
}
