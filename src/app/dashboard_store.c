/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Following the store and those who write it. A store that is not there yet, cannot be read or was
 * replaced by another is a state to show and to try again, never an end.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dashboard_private.h"
#include "driftop/app/screen.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/config/config.h"
#include "driftop/loop/child.h"
#include "driftop/loop/loop.h"
#include "driftop/query/lists.h"
#include "driftop/store/audit.h"
#include "driftop/store/db.h"
#include "driftop/store/lease.h"
#include "driftop/term/canvas.h"

#define LOAD_PART        40   /* reading takes at most this part of the time, when nobody waits */
#define REFRESH_MS       1900 /* every other second of a recorder that writes each */
#define RELOAD_MS        5000 /* severities age without anything being written */
#define RECORDER_WAIT_MS 5000
#define RECORDER_MAX_MS  60000

/* ---- reading ---- */

static void forget_store(struct dashboard *d)
{
    store_close(d->store);
    d->store = NULL;
}

/* Somebody has put another file in its place. */
static bool was_replaced(const struct dashboard *d)
{
    struct stat st;
    return stat(d->config->store_path, &st) < 0 || st.st_ino != d->store_inode ||
           st.st_dev != d->store_device;
}

void dashboard_store_open(struct dashboard *d)
{
    struct view_frame *frame = view_stack_frame(d->stack);
    const char *path = d->config->store_path;
    struct stat st;
    struct err e = {0};

    int code = store_open(path, STORE_READ, &d->store, &e);
    frame->waiting = code == ERR_ABSENT;
    str_copy(frame->fault, sizeof frame->fault, code < 0 && code != ERR_ABSENT ? e.text : "");
    dashboard_dirty(d);
    if (code < 0) {
        d->store = NULL;
        return;
    }
    if (stat(path, &st) == 0) {
        d->store_device = st.st_dev;
        d->store_inode = st.st_ino;
    }
    d->fresh = true;
}

/* Acts that a vanished process left are offered once. */
static void offer_left_acts(struct dashboard *d, int64_t now_ms)
{
    struct act_list acts = {0};

    if (d->offered ||
        act_list_load(d->store, now_ms - 7 * 24 * INT64_C(3600000), now_ms, &acts, NULL) < 0)
        return;
    d->offered = true;
    for (size_t i = 0; i < acts.n_acts; i++)
        if (acts.acts[i].left) {
            view_stack_say(d->stack,
                           "act %s on %s was left, its outcome is unknown: V verifies it (reads "
                           "only)",
                           acts.acts[i].id, acts.acts[i].deployment);
            break;
        }
    act_list_done(&acts);
}

void dashboard_load(struct dashboard *d, bool all)
{
    struct view_frame *frame = view_stack_frame(d->stack);
    int64_t began = loop_now_ms(d->loop);
    struct err e = {0};

    d->fresh = d->fresh && !all;
    if (!d->store)
        return;
    frame->now_ms = clock_wall(loop_clock(d->loop));
    int code = 0;
    /* One moment, and one lock instead of one a statement. */
    store_hold(d->store, true);
    if (all && !frame->frozen)
        code = screen_load_status(d->config, d->store, frame, &e);
    if (code == 0)
        code = view_stack_load(d->stack, d->store, canvas_area(d->canvas), all, &e);
    store_hold(d->store, false);
    str_copy(frame->fault, sizeof frame->fault, code < 0 ? e.text : "");
    if (all) {
        d->behind = false;
        d->loaded_mono = loop_now_ms(d->loop);
        d->load_cost_ms = d->loaded_mono - began;
    }
    offer_left_acts(d, frame->now_ms);
    dashboard_dirty(d);
}

void dashboard_store_poll(struct loop *loop, struct loop_id id, void *ctx)
{
    struct dashboard *d = ctx;
    int64_t since = loop_now_ms(loop) - d->loaded_mono;
    (void)id;

    if (!d->store)
        return;
    if (was_replaced(d)) {
        forget_store(d);
        dashboard_store_open(d);
        return;
    }
    /* A change is remembered until its turn has come. */
    bool changed = store_changed(d->store) || d->behind;
    if ((changed || since > RELOAD_MS) && since >= REFRESH_MS &&
        since >= d->load_cost_ms * LOAD_PART)
        d->fresh = true;
    else if (changed)
        d->behind = true;
}

/* ---- the recorder ---- */

static void start_recorder(struct dashboard *d)
{
    struct str self, log;
    struct err e = {0};

    str_init(&self, 0);
    str_init(&log, 0);
    int code = path_self(&self);
    if (code == 0)
        code = str_addf(&log, "%s", d->config->store_path);
    char *slash = code == 0 ? strrchr(log.data, '/') : NULL;
    log.length = slash ? (size_t)(slash - log.data) + 1 : 0;
    if (code == 0)
        code = str_add(&log, "recorder.log");
    const char *argv[] = {self.data,
                          "record",
                          "-c",
                          d->config->path,
                          "--log",
                          log.data,
                          d->c->detach ? NULL : "--with-readers",
                          NULL};
    if (code == 0)
        code = child_detach(d->loop, argv, NULL, log.data, &d->recorder_pid, &e);
    if (code < 0)
        view_stack_say(d->stack, "no recorder could be started: %s", e.text);
    str_done(&self);
    str_done(&log);
}

/* Nobody records: start somebody, less and less often when he does not stay. */
static void look_after_recorder(struct dashboard *d)
{
    struct view_frame *frame = view_stack_frame(d->stack);
    int64_t now = loop_now_ms(d->loop);
    char who[256];

    bool held = lease_held(d->config->store_path, "recorder", who, sizeof who);
    frame->own_recorder = held && d->recorder_pid > 0 && !d->c->detach;
    if (held) {
        d->recorder_wait_ms = 0;
        return;
    }
    if (d->recorder_mono && now - d->recorder_mono < d->recorder_wait_ms)
        return;
    if (d->recorder_wait_ms > 2 * RECORDER_WAIT_MS)
        view_stack_say(d->stack, "the recorder does not stay: see recorder.log beside the store");
    d->recorder_mono = now;
    d->recorder_wait_ms = d->recorder_wait_ms ? d->recorder_wait_ms * 2 : RECORDER_WAIT_MS;
    if (d->recorder_wait_ms > RECORDER_MAX_MS)
        d->recorder_wait_ms = RECORDER_MAX_MS;
    start_recorder(d);
}

void dashboard_leases(struct loop *loop, struct loop_id id, void *ctx)
{
    struct dashboard *d = ctx;
    const char *path = d->config->store_path;
    char audit[4096];
    (void)loop;
    (void)id;

    /* Room for the first act, in case the disk fills up before it. */
    if (!d->lease)
        (void)audit_prepare(audit_path(path, audit, sizeof audit), NULL);
    /* Who may only look at the store can neither hold a lease nor record. */
    if (path_make_parent(path, NULL) < 0)
        return;
    if (!d->lease && lease_take(path, "dashboard", d->by, &d->lease, NULL) == ERR_DENIED)
        return;
    look_after_recorder(d);
    dashboard_dirty(d);
}
