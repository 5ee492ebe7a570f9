/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dashboard's inside: dashboard.c starts and ends it and hears signals, dashboard_draw.c draws,
 * dashboard_store.c follows the store and the recorder, dashboard_key.c answers keys, dashboard_act.c
 * carries plans.
 */
#ifndef DRIFTOP_APP_DASHBOARD_PRIVATE_H
#define DRIFTOP_APP_DASHBOARD_PRIVATE_H

#include <sys/types.h>

#include "driftop/act/act.h"
#include "driftop/loop/id.h"
#include "driftop/view/stack.h"

struct backend;
struct canvas;
struct command_context;
struct lease;

#define KEY_GAP_MS  16  /* between the answers to a key that is held down */
#define DRAW_GAP_MS 200 /* before a frame that nobody has asked for */
#define ARM_MS      (15 * 60 * 1000)

/* A plan on the screen, or the act it has become. */
struct dashboard_act {
    struct act_planning *planning;
    struct plan plan;
    bool has_plan;
    struct plan_wish wish; /* of the plan, as asked for */
    char deployment[MODEL_NAME_SIZE];
    struct act *act;
    char act_id[32];
    enum act_phase phase;
    size_t line_at;      /* where the next line of the progress takes the place of the last */
    size_t steps;        /* done so far: the line of each stays */
    bool commit_planned; /* what was typed is planned just now, and commits when nothing stops it */
    bool credentials_loaded;
};

struct dashboard {
    struct command_context *c;
    const struct config *config;
    struct loop *loop;
    struct net *net;
    struct backend *backend;
    struct canvas *canvas;
    struct view_stack *stack;
    int status;
    bool stopping;
    const char *gone; /* why it ended, for the shell; NULL: as asked */

    /* drawing */
    bool dirty;         /* something has changed by itself */
    bool urgent;        /* a key wants its answer */
    bool stuck;         /* the terminal has not taken the last frame */
    int64_t drawn_mono; /* the last frame; 0: none yet */
    struct loop_id draw_timer, input, output, key_timer;

    /* the store */
    struct store *store;
    dev_t store_device;
    ino_t store_inode;
    bool fresh;  /* something is to be read again */
    bool behind; /* it has changed, but it is not time yet */
    int64_t loaded_mono, load_cost_ms;
    bool offered; /* acts that were left have been looked for */

    /* leases and the recorder */
    struct lease *lease;
    int recorder_pid;
    int64_t recorder_mono, recorder_wait_ms;

    int64_t armed_until_mono; /* 0: read-only */
    bool quit_asked;
    char by[256];
    struct dashboard_act act;
};

/* dashboard_draw.c */
void dashboard_dirty(struct dashboard *d);
void dashboard_before_sleep(struct loop *loop, void *ctx);
void dashboard_writable(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx);
/* Take the size that the terminal has now. */
void dashboard_resize(struct dashboard *d);

/* dashboard_store.c */
void dashboard_store_open(struct dashboard *d);
void dashboard_store_poll(struct loop *loop, struct loop_id id, void *ctx);
void dashboard_leases(struct loop *loop, struct loop_id id, void *ctx);
/* Read what is in sight: again, or (not `all`) what a key has led to. */
void dashboard_load(struct dashboard *d, bool all);

/* dashboard_key.c */
void dashboard_input(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx);
void dashboard_stop(struct dashboard *d, const char *gone);
void dashboard_suspend(struct dashboard *d);
bool dashboard_armed(const struct dashboard *d);

#endif
