/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys: the top view is asked first, then come those that mean the same everywhere.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/term/key.h"
#include "driftop/view/dialog.h"
#include "help_private.h"
#include "stack_private.h"

static struct view_result handled(void)
{
    return (struct view_result){.act = VIEW_REDRAW};
}

static struct view_target selected(struct view_stack *s)
{
    struct view_target target = {0};
    const struct instance *base = stack_base(s);

    if (!base->view->selected || !base->view->selected(base->state, &target))
        target = base->target;
    return target;
}

/* ---- going from view to view ---- */

/* What a new view is about: the selection where there is one, else what was looked at last. */
static void switch_to(struct view_stack *s, const struct view *view)
{
    struct view_target target = selected(s);
    const struct view *last = stack_base(s)->view;

    struct instance opened;

    if (view == last && s->n == 1)
        return;
    if (stack_take(s, view, &target, &opened)) {
        stack_want(s, VIEW_WANTS_LATER, false);
    } else if (view_stack_open(s, view->name, &target) == 0) {
        opened = s->open[--s->n];
    } else {
        view_stack_say(s, "no memory for another view");
        return;
    }
    while (s->n > 1)
        instance_close(&s->open[--s->n]);
    stack_keep(s, &s->open[0]);
    s->open[0] = opened;
    s->n = 1;
    s->last = last;
    s->last_target = target;
}

static void go_to_digit(struct view_stack *s, const struct key *key)
{
    const struct view *view = view_of_digit((char)key->character);

    if (view)
        switch_to(s, view);
    else
        view_stack_say(s, "%s: not in this version", key->character == '6' ? "Canary" : "Time");
}

static void go_round(struct view_stack *s, int step)
{
    int n = 0, at = 0;

    for (; views[n] && views[n]->digit; n++)
        if (views[n] == s->open[0].view)
            at = n;
    if (n > 0)
        switch_to(s, views[((at + step) % n + n) % n]);
}

/* Out of the innermost: the filter, the wide list, the view. False at the top. */
static bool go_back(struct view_stack *s)
{
    if (s->filter[0]) {
        s->filter[0] = '\0';
        stack_want(s, VIEW_WANTS_NOW, false);
    } else if (s->n > 1) {
        view_stack_close_top(s);
    } else if (s->frame.wide) {
        s->frame.wide = false;
        stack_want(s, VIEW_WANTS_LATER, false);
    } else {
        return false;
    }
    return true;
}

/* ---- what the selection is, in words ---- */

static void show_cli(struct view_stack *s)
{
    struct view_target t = selected(s);
    const char *view = stack_base(s)->view->name;

    if (strcmp(view, "fleet") == 0)
        view_stack_say(s, "driftop ls --json");
    else if (strcmp(view, "model") == 0 && t.deployment[0])
        view_stack_say(s, "driftop show %s --json", t.deployment);
    else if ((strcmp(view, "drift") == 0 || strcmp(view, "feature") == 0) && t.feature[0])
        view_stack_say(s, "driftop drift %s/%s --json", t.deployment, t.feature);
    else
        view_stack_say(s, "driftop %s --json", view);
}

static void show_detail(struct view_stack *s)
{
    const struct instance *base = stack_base(s);
    struct str text;

    str_init(&text, 1 << 16);
    if (base->view->detail && base->loaded)
        base->view->detail(base->state, &s->frame, &text);
    if (text.length == 0 || text_panel_open(s, base->view->title, text.data) < 0)
        view_stack_say(s, "there is nothing more to say about this row");
    str_done(&text);
}

static struct view_result copy_row(struct view_stack *s)
{
    const struct instance *base = stack_base(s);
    struct str text;

    str_init(&text, 1 << 16);
    if (base->view->say && base->loaded)
        base->view->say(base->state, &s->frame, true, &text);
    str_copy(s->copied, sizeof s->copied, text.data);
    str_done(&text);
    s->copied[strcspn(s->copied, "\n")] = '\0';
    if (!s->copied[0])
        return handled();
    view_stack_say(s, "%s", s->copied);
    return (struct view_result){.act = VIEW_COMMAND, .command = DO_COPY, .text = s->copied};
}

/* ---- dispatch ---- */

static struct view_result command(struct view_stack *s, enum view_do what)
{
    return (struct view_result){.act = VIEW_COMMAND, .command = what, .target = selected(s)};
}

static void open_dialog(struct view_stack *s, const char *name)
{
    struct view_target target = selected(s);

    if (view_stack_open(s, name, &target) < 0)
        view_stack_say(s, "no memory for a dialog");
}

static void open_help(struct view_stack *s)
{
    unsigned where = stack_base(s)->view->bit;

    open_dialog(s, "help");
    help_set_where(view_stack_top_state(s), where, s->frame.read_only);
}

static void open_note(struct view_stack *s)
{
    if (selected(s).alert_id != 0)
        open_dialog(s, "note");
    else
        view_stack_say(s, "a note belongs to an alert: select one in Triage or Alerts");
}

static void toggle(struct view_stack *s, bool *flag, const char *on, const char *off)
{
    *flag = !*flag;
    stack_want(s, VIEW_WANTS_LATER, false);
    view_stack_say(s, "%s", *flag ? on : off);
}

/* What needs nobody but the stack; false for the rest. */
static bool do_own(struct view_stack *s, const struct key *key, enum view_do what)
{
    switch (what) {
    case DO_VIEW: go_to_digit(s, key); return true;
    case DO_NEXT_VIEW: go_round(s, 1); return true;
    case DO_PREVIOUS_VIEW: go_round(s, -1); return true;
    case DO_LAST_VIEW:
        if (s->last)
            switch_to(s, s->last);
        return true;
    case DO_BACK: go_back(s); return true;
    case DO_FILTER: open_dialog(s, "filter"); return true;
    case DO_HELP: open_help(s); return true;
    case DO_NOTE: open_note(s); return true;
    case DO_NUMBERS: show_detail(s); return true;
    case DO_OPEN: show_detail(s); return true;
    case DO_CLI: show_cli(s); return true;
    case DO_WIDE: toggle(s, &s->frame.wide, "the list alone: w again for all", ""); return true;
    case DO_FREEZE: toggle(s, &s->frame.frozen, "frozen: p goes on", ""); return true;
    default: return false;
    }
}

static struct view_result do_everywhere(struct view_stack *s, const struct key *key,
                                        enum view_do what)
{
    if (what == DO_NOTHING)
        return handled();
    if (do_own(s, key, what))
        return handled();
    if (what == DO_LEAVE)
        return go_back(s) ? handled() : command(s, DO_QUIT);
    if (what == DO_COPY)
        return copy_row(s);
    return command(s, what);
}

/* What a view or dialog has answered. */
static struct view_result follow(struct view_stack *s, struct view_result r)
{
    struct key key;

    switch (r.act) {
    case VIEW_FOLLOW: stack_want(s, VIEW_WANTS_NOW, true); return handled();
    case VIEW_RELOAD: stack_want(s, VIEW_WANTS_NOW, false); return handled();
    case VIEW_OPEN:
        if (view_stack_open(s, r.view, &r.target) < 0)
            view_stack_say(s, "no memory for another view");
        return handled();
    case VIEW_BACK: view_stack_close_top(s); return handled();
    case VIEW_COMMAND: break;
    default: return r;
    }
    if (r.command == DO_FILTER) {
        str_copy(s->filter, sizeof s->filter, r.text);
        stack_want(s, VIEW_WANTS_NOW, false);
        return handled();
    }
    if (r.command == DO_HELP) { /* a row of the help was chosen: as if its key had been pressed */
        bool known = key_parse(r.text, &key) == 0;
        view_stack_close_top(s);
        return known ? view_stack_key(s, &key) : handled();
    }
    if (r.command == DO_NOTE) { /* its text outlives the dialog */
        str_copy(s->copied, sizeof s->copied, r.text);
        r.text = s->copied;
        view_stack_close_top(s);
    }
    return r;
}

struct view_result view_stack_key(struct view_stack *s, const struct key *key)
{
    struct instance *top = &s->open[s->n - 1];
    enum view_do what = view_key_find(key, top->view->modal ? VIEW_BIT_ALL : top->view->bit);

    if (what == DO_REDRAW || what == DO_SUSPEND || (what == DO_QUIT && !top->view->modal))
        return command(s, what);
    s->message[0] = '\0';
    struct view_result r = top->view->key(top->state, key, what, &s->frame);
    if (r.act != VIEW_NONE)
        return follow(s, r);
    return top->view->modal ? handled() : do_everywhere(s, key, what);
}
