/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Views. A view is one const struct of functions in a file of its own, named once in the list. It
 * loads its query's struct, draws it into a rectangle of any size and answers keys. Dialogs are
 * views too. A view never touches the network, the store's tables or the terminal: what a key asks
 * of the world it hands back as a result, and the dashboard does it.
 */
#ifndef DRIFTOP_VIEW_VIEW_H
#define DRIFTOP_VIEW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/query/query.h"
#include "driftop/term/rect.h"
#include "driftop/view/keys.h"

struct canvas;
struct err;
struct key;
struct store;
struct str;

/* What a view is about, or what its selected row is about. "" and 0 where it does not apply. */
struct view_target {
    char deployment[MODEL_NAME_SIZE], version[MODEL_NAME_SIZE], feature[MODEL_NAME_SIZE];
    int64_t alert_id;
    char act_id[32];
    unsigned span; /* enum window_span of a feature's verdict */
    bool narrow;   /* a list shows this deployment only */
    bool together; /* the alert speaks for all that fire by its rule on this version */
};

enum view_act {
    VIEW_NONE,    /* not my key */
    VIEW_REDRAW,  /* handled */
    VIEW_FOLLOW,  /* handled; another row is selected */
    VIEW_RELOAD,  /* handled; something else is to be read from the store */
    VIEW_OPEN,    /* open `view` on the target */
    VIEW_BACK,    /* close me */
    VIEW_COMMAND, /* do `command` on the target; `text` is what was typed for it */
};

/* `text` is borrowed from the view until its next call. */
struct view_result {
    enum view_act act;
    const char *view;
    enum view_do command;
    struct view_target target;
    const char *text;
};

/* What surrounds every view; filled by whoever draws. */
struct view_frame {
    int64_t now_ms;
    int64_t stale_ms;       /* readings older than this are stale */
    bool read_only;         /* --read-only: A is dead */
    int64_t armed_until_ms; /* 0: not armed */
    bool frozen;            /* p: nothing new is read */
    bool wide;              /* w: the list takes the whole body */
    bool own_recorder;      /* monitoring stops with this dashboard */
    const char *filter;     /* "" none */
    const char *message;    /* for the bottom line; "" none */
    struct status status;
    bool has_status;    /* false: nothing was ever read */
    char mismatch[200]; /* the recorder and this program disagree about the configuration; "" */
    char fault[256];    /* why the store cannot be read; "" when it can */
    bool waiting;       /* there is no store yet */
};

/* For which other target a view that was left can not simply be shown again. */
enum view_about { VIEW_ABOUT_ALL, VIEW_ABOUT_DEPLOYMENT, VIEW_ABOUT_FEATURE };

struct view {
    const char *name;  /* "triage" */
    char digit;        /* '1'; 0 for dialogs */
    const char *title; /* "Triage" */
    unsigned bit;      /* VIEW_BIT_... of the key table */
    enum view_about about;
    bool modal; /* takes every key; the view below stays in sight around it */
    /* Beside it where there is room: below it, and on the right. Names of views; NULL none. */
    const char *below, *right, *right_below;
    size_t state_size;
    /* state comes zeroed. */
    int (*open)(void *state, const struct view_target *target);
    void (*close)(void *state);
    /* Read again from the store. On an error the old data stays, and the error is drawn above it. */
    int (*load)(void *state, struct store *store, const struct view_frame *frame, struct err *e);
    /* Read only what belongs to the row that is now selected; NULL: nothing does. */
    int (*follow)(void *state, struct store *store, const struct view_frame *frame, struct err *e);
    /* The state is not const because scrolling keeps itself in range here. */
    void (*draw)(void *state, struct canvas *c, struct rect area, const struct view_frame *frame);
    struct view_result (*key)(void *state, const struct key *key, enum view_do what,
                              const struct view_frame *frame);
    /* What the selected row is about; false: nothing. */
    bool (*selected)(const void *state, struct view_target *ret);
    /* Append the contents as sentences, one a line: for `--linear`, and of the selected row alone for
     * copying. NULL: nothing to say. */
    void (*say)(const void *state, const struct view_frame *frame, bool selected_only,
                struct str *ret);
    /* Append what is behind the numbers of the selected row: formula, window, n, source, age. NULL:
     * there is no more than what is on the screen. */
    void (*detail)(const void *state, const struct view_frame *frame, struct str *ret);
};

extern const struct view *const views[]; /* ended by NULL; src/view/views.c */
/* By name, dialogs too; NULL when there is none. */
const struct view *view_find(const char *name);
const struct view *view_of_digit(char digit);

#endif
