/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/fd.h"

#include <fcntl.h>
#include <stdlib.h>

#include "loop_private.h"

struct fd_object {
    struct loop_object object; /* first */
    uv_poll_t poll;
    int fd;
    unsigned events;
    fd_fn *fn;
    void *ctx;
};

static void fd_release(struct loop_object *object)
{
    free(object);
}

static void fd_cancel(struct loop_object *object)
{
    object_close_handle((uv_handle_t *)&((struct fd_object *)object)->poll);
}

static void on_poll(uv_poll_t *poll, int status, int uv_events);

static int start(struct fd_object *watch)
{
    int uv_events = 0;
    if (watch->events & FD_READABLE)
        uv_events |= UV_READABLE;
    if (watch->events & FD_WRITABLE)
        uv_events |= UV_WRITABLE;
    return uv_events == 0 ? uv_poll_stop(&watch->poll)
                          : uv_poll_start(&watch->poll, uv_events, on_poll);
}

static void on_poll(uv_poll_t *poll, int status, int uv_events)
{
    struct fd_object *watch = poll->data;
    unsigned events = 0;
    if (uv_events & UV_READABLE)
        events |= FD_READABLE;
    if (uv_events & UV_WRITABLE)
        events |= FD_WRITABLE;
    if (status < 0) {
        events |= FD_BROKEN;
        start(watch); /* libuv stops at an error; the owner may want to read what is left */
    }
    watch->fn(watch->object.loop, watch->object.id, watch->fd, events, watch->ctx);
}

/* libuv makes the descriptor non-blocking, which would also hit whoever shares it. */
static int poll_init(struct loop *loop, uv_poll_t *poll, int fd)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0)
        return UV_EBADF;
    int status = uv_poll_init(&loop->uv, poll, fd);
    if ((flags & O_NONBLOCK) == 0)
        fcntl(fd, F_SETFL, flags);
    return status;
}

int fd_watch(struct loop *loop, int fd, unsigned events, fd_fn *fn, void *ctx,
             struct loop_id *ret_id, struct err *e)
{
    struct fd_object *watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    watch->fd = fd;
    watch->events = events;
    watch->fn = fn;
    watch->ctx = ctx;
    int code = object_add(&watch->object, loop, fd_cancel, fd_release);
    if (code < 0) {
        free(watch);
        return err_set(e, code, "cannot watch a descriptor");
    }
    int status = poll_init(loop, &watch->poll, fd);
    if (status < 0) {
        object_end(&watch->object);
        return err_set(e, ERR_INVALID, "descriptor %d cannot be watched: %s", fd,
                       uv_strerror(status));
    }
    watch->poll.data = watch;
    object_opened(&watch->object);
    start(watch);
    *ret_id = watch->object.id;
    return 0;
}

int fd_set_events(struct loop *loop, struct loop_id id, unsigned events)
{
    struct fd_object *watch = id_table_get(&loop->objects, id);
    if (watch == NULL || watch->object.cancel != fd_cancel)
        return ERR_ABSENT;
    watch->events = events;
    return start(watch) < 0 ? ERR_IO : 0;
}
