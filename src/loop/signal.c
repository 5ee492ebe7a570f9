/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/signal.h"

#include <stdlib.h>

#include "loop_private.h"

struct signal_object {
    struct loop_object object; /* first */
    uv_signal_t handle;
    signal_fn *fn;
    void *ctx;
};

static void signal_release(struct loop_object *object)
{
    free(object);
}

static void signal_cancel(struct loop_object *object)
{
    object_close_handle((uv_handle_t *)&((struct signal_object *)object)->handle);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct signal_object *watch = handle->data;
    watch->fn(watch->object.loop, number, watch->ctx);
}

int signal_watch(struct loop *loop, int number, signal_fn *fn, void *ctx, struct loop_id *ret_id,
                 struct err *e)
{
    struct signal_object *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    watch->fn = fn;
    watch->ctx = ctx;
    int code = object_add(&watch->object, loop, signal_cancel, signal_release);
    if (code < 0) {
        free(watch);
        return err_set(e, code, "cannot watch signal %d", number);
    }
    int status = uv_signal_init(&loop->uv, &watch->handle);
    if (status == 0) {
        watch->handle.data = watch;
        object_opened(&watch->object);
        status = uv_signal_start(&watch->handle, on_signal, number);
    }
    *ret_id = watch->object.id;
    if (status == 0)
        return 0;
    if (watch->object.n_open > 0)
        loop_cancel(loop, watch->object.id);
    else
        object_end(&watch->object);
    *ret_id = (struct loop_id){0};
    return err_set(e, ERR_INVALID, "signal %d cannot be watched: %s", number, uv_strerror(status));
}
