/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dialogs whose contents come from elsewhere: a text to read, and a plan with its field. They are
 * views like all others and are opened on the stack; whoever fills them finds their state there.
 */
#ifndef DRIFTOP_VIEW_DIALOG_H
#define DRIFTOP_VIEW_DIALOG_H

#include "driftop/base/str.h"
#include "driftop/view/view.h"
#include "driftop/widget/prompt.h"

struct view_stack;

/* "text": a title and lines to scroll through; Esc or Enter closes. */
struct text_panel {
    char title[128];
    struct str text;
    int first, rows, shown;
};
/* Opens it; `title` and `text` are copied. */
int text_panel_open(struct view_stack *stack, const char *title, const char *text);

enum plan_stage {
    PLAN_READING, /* the world is being read */
    PLAN_SHOWN,   /* the field is open when armed */
    PLAN_SENDING, /* committed: sending, then verifying */
    PLAN_SETTLED, /* ended, well or not */
};

/* "plan": what R, T and U open. Filled by the dashboard; the field is edited here and comes back as
 * VIEW_COMMAND DO_COMMIT with its text. Pasted text does nothing. */
struct plan_panel {
    enum plan_stage stage;
    char title[160];   /* "roll back fraud-score in prod-eu" */
    char question[64]; /* "Go to which version?" */
    char refusal[400]; /* why this plan cannot be committed; "" it can */
    char verdict[64];  /* PLAN_SETTLED: "verified", "diverged" ... */
    char advice[200];  /* what to do next */
    bool good;         /* the verdict is one to be glad of */
    struct str text;   /* the plan's lines, then each line of the act */
    struct str progress;
    struct prompt answer, reason;
    bool on_reason;
    int first, rows, shown;
};
/* The open plan's panel, or NULL. */
struct plan_panel *plan_panel_find(struct view_stack *stack);

#endif
