/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of src/loop share. Everything on the loop starts with a struct loop_object, which
 * counts the libuv handles and requests it still has open: libuv gives their memory back only
 * after a callback, so an object is released when the last of them has called.
 */
#ifndef DRIFTOP_LOOP_PRIVATE_H
#define DRIFTOP_LOOP_PRIVATE_H

#include <uv.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/loop/loop.h"

struct timer;

struct timer_heap {
    struct timer **items; /* earliest first, a binary heap */
    size_t n_items, items_capacity;
    uint64_t next_sequence;
};

struct loop {
    uv_loop_t uv;
    const struct clock *clock;
    struct id_table objects;
    struct timer_heap timers;
    uv_timer_t wake; /* ends the waiting when one of our own timers is due */
    loop_hook *hook;
    void *hook_ctx;
    bool stopping;
    bool freeing; /* nothing new is taken any more */
};

struct loop_object {
    struct loop *loop;
    struct loop_id id;
    unsigned n_open;                       /* handles and requests of libuv */
    void (*cancel)(struct loop_object *);  /* the id is already stale */
    void (*release)(struct loop_object *); /* frees it */
};

/* ERR_NOMEM, or ERR_CANCELLED while the loop is being freed; then the caller still owns it. */
int object_add(struct loop_object *object, struct loop *loop, void (*cancel)(struct loop_object *),
               void (*release)(struct loop_object *));
/* Make the id stale, as the first step of ending. */
void object_retire(struct loop_object *object);
/* One more, one less handle or request. The last one releases an object that is retired. */
void object_opened(struct loop_object *object);
void object_closed(struct loop_object *object);
/* Release now if nothing is open; otherwise the last object_closed() does. */
void object_end(struct loop_object *object);
/* Close a handle whose `data` is the object, unless it is already closing. */
void object_close_handle(uv_handle_t *handle);

/* Milliseconds until the earliest timer, 0 when due, -1 without timers. */
int64_t timers_wait_ms(const struct loop *loop);
void timers_run_due(struct loop *loop);
void timers_done(struct loop *loop);

#endif
