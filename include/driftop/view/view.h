/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Views. A view is one const struct of functions in a file of its own, named once in the list. It
 * loads its query's struct, draws it on a canvas and answers keys. Views sit on a stack; dialogs
 * are views too. A view never touches the network, the store's tables or the terminal.
 */
#ifndef DRIFTOP_VIEW_VIEW_H
#define DRIFTOP_VIEW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct canvas;
struct err;
struct key_event;
struct rect;
struct store;
struct theme_set;

/* What a key led to; the dashboard does it. Texts are borrowed from the view until its next call. */
enum view_act {
    VIEW_NONE,   /* not my key */
    VIEW_REDRAW, /* handled */
    VIEW_OPEN,   /* open `view` on (deployment, version, feature) */
    VIEW_BACK,
    VIEW_COMMAND, /* run `command`: "ack", "rollback", "traffic", "undo" ... on the target */
};

struct view_target {
    const char *deployment, *version, *feature;
    int64_t alert_id;
    const char *act_id;
};

struct view_result {
    enum view_act act;
    const char *view, *command;
    struct view_target target;
};

/* What surrounds every view. */
struct view_frame {
    int64_t now_ms;
    bool read_only;         /* --read-only: A is dead */
    int64_t armed_until_ms; /* 0: not armed */
    const char *filter;     /* "" none */
    const char *message;    /* a line for the bottom; "" none */
    bool frozen;            /* p */
    bool linear;
};

/* One row of the key table: help, man page and dispatch come from it. `view` NULL: everywhere. */
struct view_key {
    const char *view, *key, *name, *help;
    bool changes_world; /* opens a plan */
};

struct view {
    const char *name; /* "triage" */
    char digit;       /* '1'; 0 for dialogs */
    const char *title;
    size_t state_size;
    const struct view_key *keys;
    size_t n_keys;
    int (*open)(void *state, const struct view_target *target);
    void (*close)(void *state);
    /* Read again from the store. An error is drawn in the view's place, the old data stays. */
    int (*load)(void *state, struct store *store, const struct view_frame *frame, struct err *e);
    void (*draw)(const void *state, struct canvas *canvas, const struct rect *area,
                 const struct view_frame *frame);
    struct view_result (*key)(void *state, const struct key_event *key,
                              const struct view_frame *frame);
};

extern const struct view *const views[]; /* ended by NULL; src/view/views.c */
const struct view *view_find(const char *name);

#endif
