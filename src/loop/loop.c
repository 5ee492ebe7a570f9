/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/loop.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>

#include "loop_private.h"

int object_add(struct loop_object *object, struct loop *loop, void (*cancel)(struct loop_object *),
               void (*release)(struct loop_object *))
{
    object->loop = loop;
    object->cancel = cancel;
    object->release = release;
    if (loop->freeing)
        return ERR_CANCELLED;
    return id_table_add(&loop->objects, object, &object->id);
}

void object_retire(struct loop_object *object)
{
    id_table_remove(&object->loop->objects, object->id);
    object->id = (struct loop_id){0};
}

void object_opened(struct loop_object *object)
{
    object->n_open++;
}

void object_end(struct loop_object *object)
{
    object_retire(object);
    if (object->n_open == 0)
        object->release(object);
}

void object_closed(struct loop_object *object)
{
    object->n_open--;
    if (object->n_open == 0 && !loop_id_set(object->id))
        object->release(object);
}

static void on_handle_closed(uv_handle_t *handle)
{
    object_closed(handle->data);
}

void object_close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, on_handle_closed);
}

struct loop *loop_new(const struct clock *clock)
{
    struct loop *loop = calloc(1, sizeof *loop);
    if (loop == NULL)
        return NULL;
    if (uv_loop_init(&loop->uv) < 0) {
        free(loop);
        return NULL;
    }
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    loop->clock = clock;
    id_table_init(&loop->objects);
    uv_timer_init(&loop->uv, &loop->wake);
    return loop;
}

static void cancel_all(struct loop *loop)
{
    size_t position = 0;
    struct loop_object *object;
    while ((object = id_table_next(&loop->objects, &position)) != NULL)
        loop_cancel(loop, object->id);
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    loop->freeing = true;
    cancel_all(loop);
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    uv_loop_close(&loop->uv);
    timers_done(loop);
    id_table_done(&loop->objects);
    free(loop);
}

static void on_wake(uv_timer_t *timer)
{
    (void)timer; /* waking up was all */
}

/* How long this turn may wait: the caller's limit or the earliest timer, -1 for ever. */
static int64_t turn_wait_ms(const struct loop *loop, int timeout_ms)
{
    if (loop->stopping)
        return 0;
    int64_t wait = timers_wait_ms(loop);
    if (wait < 0 || (timeout_ms >= 0 && timeout_ms < wait))
        wait = timeout_ms;
    return wait;
}

bool loop_turn(struct loop *loop, int timeout_ms)
{
    if (loop->hook != NULL)
        loop->hook(loop, loop->hook_ctx);
    int64_t wait = turn_wait_ms(loop, timeout_ms);
    uv_update_time(&loop->uv);
    /* It repeats: libuv runs its timers before it waits, too, and one that was due by then would not be
     * there to end the waiting. */
    if (wait > 0)
        uv_timer_start(&loop->wake, on_wake, (uint64_t)wait, (uint64_t)wait);
    uv_run(&loop->uv, wait == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
    uv_timer_stop(&loop->wake);
    timers_run_due(loop);
    return loop->timers.n_items > 0 || uv_loop_alive(&loop->uv);
}

void loop_run(struct loop *loop)
{
    bool more = true;
    while (more && !loop->stopping)
        more = loop_turn(loop, -1);
    loop->stopping = false;
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
}

const struct clock *loop_clock(const struct loop *loop)
{
    return loop->clock;
}

int64_t loop_now_ms(const struct loop *loop)
{
    return clock_mono(loop->clock);
}

void loop_before_sleep(struct loop *loop, loop_hook *hook, void *ctx)
{
    loop->hook = hook;
    loop->hook_ctx = ctx;
}

void loop_cancel(struct loop *loop, struct loop_id id)
{
    struct loop_object *object = id_table_remove(&loop->objects, id);
    if (object == NULL)
        return;
    object->id = (struct loop_id){0};
    object->cancel(object);
}

bool loop_has(const struct loop *loop, struct loop_id id)
{
    return id_table_get(&loop->objects, id) != NULL;
}
