/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/file.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/loop/timer.h"
#include "loop_private.h"

struct file_object {
    struct loop_object object; /* first */
    uv_fs_event_t handle;
    bool has_handle;
    char *path;
    int64_t every_ms, min_gap_ms, last_ms;
    struct loop_id timer; /* the next call, whatever brings it about */
    bool soon;            /* an event has already moved that call forward */
    file_fn *fn;
    void *ctx;
};

static void file_release(struct loop_object *object)
{
    struct file_object *watch = (struct file_object *)object;
    free(watch->path);
    free(watch);
}

static void file_cancel(struct loop_object *object)
{
    struct file_object *watch = (struct file_object *)object;
    loop_cancel(object->loop, watch->timer);
    if (watch->has_handle)
        object_close_handle((uv_handle_t *)&watch->handle);
    object_end(object);
}

static void on_due(struct loop *loop, struct loop_id id, void *ctx);

static void call_in(struct file_object *watch, int64_t delay_ms)
{
    loop_cancel(watch->object.loop, watch->timer);
    watch->timer = timer_once(watch->object.loop, delay_ms, on_due, watch);
}

static void on_event(uv_fs_event_t *handle, const char *name, int events, int status)
{
    struct file_object *watch = handle->data;
    (void)name, (void)events, (void)status;
    if (watch->soon)
        return;
    watch->soon = true;
    call_in(watch, watch->last_ms + watch->min_gap_ms - loop_now_ms(watch->object.loop));
}

/* Also later, when a path that was absent has come, or another has taken its place. */
static void start_events(struct file_object *watch)
{
    if (!watch->has_handle)
        return;
    uv_fs_event_stop(&watch->handle);
    uv_fs_event_start(&watch->handle, on_event, watch->path, 0);
}

static void on_due(struct loop *loop, struct loop_id id, void *ctx)
{
    struct file_object *watch = ctx;
    (void)id;
    if (!watch->soon)
        start_events(watch);
    watch->soon = false;
    watch->last_ms = loop_now_ms(loop);
    call_in(watch, watch->every_ms);
    watch->fn(loop, watch->object.id, watch->ctx);
}

int file_watch(struct loop *loop, const char *path, int64_t every_ms, int64_t min_gap_ms,
               file_fn *fn, void *ctx, struct loop_id *ret_id, struct err *e)
{
    struct file_object *watch = calloc(1, sizeof *watch);
    char *copy = strdup(path);
    int code = ERR_NOMEM;
    if (watch != NULL && copy != NULL)
        code = object_add(&watch->object, loop, file_cancel, file_release);
    if (code < 0) {
        free(copy);
        free(watch);
        return err_set(e, code, "cannot watch %s", path);
    }
    watch->path = copy;
    watch->every_ms = every_ms > 0 ? every_ms : 1;
    watch->min_gap_ms = min_gap_ms;
    watch->last_ms = loop_now_ms(loop);
    watch->fn = fn;
    watch->ctx = ctx;
    if (uv_fs_event_init(&loop->uv, &watch->handle) == 0) {
        watch->handle.data = watch;
        watch->has_handle = true;
        object_opened(&watch->object);
        start_events(watch);
    }
    call_in(watch, watch->every_ms);
    *ret_id = watch->object.id;
    return 0;
}
