/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/work.h"

#include <stdlib.h>

#include "loop_private.h"

struct work {
    struct loop_object object; /* first */
    uv_work_t request;
    work_run_fn *run;
    work_done_fn *done;
    void *argument;
};

static void work_release(struct loop_object *object)
{
    free(object);
}

/* What is already running runs to its end; on_done() then reports it as cancelled. */
static void work_cancel(struct loop_object *object)
{
    uv_cancel((uv_req_t *)&((struct work *)object)->request);
}

static void on_run(uv_work_t *request)
{
    struct work *work = request->data;
    work->run(work->argument);
}

static void on_done(uv_work_t *request, int status)
{
    struct work *work = request->data;
    bool cancelled = status < 0 || !loop_id_set(work->object.id);
    object_retire(&work->object);
    work->done(work->object.loop, work->argument, cancelled);
    object_closed(&work->object);
}

int work_start(struct loop *loop, work_run_fn *run, work_done_fn *done, void *argument,
               struct loop_id *ret_id)
{
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL)
        return ERR_NOMEM;
    work->run = run;
    work->done = done;
    work->argument = argument;
    work->request.data = work;
    int code = object_add(&work->object, loop, work_cancel, work_release);
    if (code < 0) {
        free(work);
        return code;
    }
    if (uv_queue_work(&loop->uv, &work->request, on_run, on_done) < 0) {
        object_end(&work->object);
        return ERR_NOMEM;
    }
    object_opened(&work->object);
    *ret_id = work->object.id;
    return 0;
}
