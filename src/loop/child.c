/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A child has ended when it has exited and both outputs are at their end. A grandchild may keep an
 * output open for ever, so after the exit the outputs get only a moment more.
 */
#include "child_private.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/loop/timer.h"

#define OUTPUT_CEILING_BYTES ((size_t)64 << 10)
#define KILL_AFTER_MS        1000
#define LINGER_MS            250
#define READ_CHUNK_BYTES     4096

struct child {
    struct loop_object object; /* first */
    uv_process_t process;
    uv_pipe_t pipes[N_PIPES];
    bool has_pipe[N_PIPES];
    uv_write_t write;
    char *input;
    size_t input_length;
    struct str texts[N_PIPES]; /* of the two outputs */
    struct loop_id timer;      /* the time-out, then the kill, then the lingering */
    bool exited;
    struct child_result result;
    child_fn *fn;
    void *ctx;
    char chunk[READ_CHUNK_BYTES];
};

static void child_release(struct loop_object *object)
{
    struct child *child = (struct child *)object;
    str_done(&child->texts[OUTPUT]);
    str_done(&child->texts[ERROR_OUTPUT]);
    free(child->input);
    free(child);
}

static void close_pipe(struct child *child, int which)
{
    if (child->has_pipe[which])
        object_close_handle((uv_handle_t *)&child->pipes[which]);
}

static void close_pipes(struct child *child)
{
    for (int i = 0; i < N_PIPES; i++)
        close_pipe(child, i);
}

/* The child leads its own session and process group, so this reaches all it started. */
static void kill_group(const struct child *child, int number)
{
    if (child->process.pid > 0)
        kill(-child->process.pid, number);
}

/* The process handle stays until the exit is seen: closed earlier, it would leave a zombie. */
static void child_cancel(struct loop_object *object)
{
    struct child *child = (struct child *)object;
    loop_cancel(object->loop, child->timer);
    close_pipes(child);
    if (!child->exited)
        kill_group(child, SIGKILL);
    object_end(object);
}

static bool is_live(const struct child *child)
{
    return loop_id_set(child->object.id);
}

static void finish(struct child *child)
{
    struct loop_id id = child->object.id;
    child->result.output = &child->texts[OUTPUT];
    child->result.error_output = &child->texts[ERROR_OUTPUT];
    object_retire(&child->object);
    child->fn(child->object.loop, id, &child->result, child->ctx);
    child_cancel(&child->object);
}

static void finish_when_complete(struct child *child)
{
    if (child->exited && uv_is_closing((uv_handle_t *)&child->pipes[OUTPUT]) &&
        uv_is_closing((uv_handle_t *)&child->pipes[ERROR_OUTPUT]))
        finish(child);
}

static void on_linger_end(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id;
    finish(ctx);
}

static void on_kill(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id;
    kill_group(ctx, SIGKILL);
}

static void on_timeout(struct loop *loop, struct loop_id id, void *ctx)
{
    struct child *child = ctx;
    (void)id;
    child->result.code = ERR_TIMEOUT;
    kill_group(child, SIGTERM);
    child->timer = timer_once(loop, KILL_AFTER_MS, on_kill, child);
}

static void on_exit_seen(uv_process_t *process, int64_t status, int number)
{
    struct child *child = process->data;
    child->exited = true;
    child->result.exit_status = number != 0 ? -1 : (int)status;
    child->result.signal = number;
    object_close_handle((uv_handle_t *)process);
    if (!is_live(child))
        return;
    loop_cancel(child->object.loop, child->timer);
    /* What a timed-out child had started must not outlive it. */
    if (child->result.code == ERR_TIMEOUT)
        kill_group(child, SIGKILL);
    child->timer = timer_once(child->object.loop, LINGER_MS, on_linger_end, child);
    finish_when_complete(child);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    struct child *child = handle->data;
    (void)suggested;
    *ret = uv_buf_init(child->chunk, sizeof child->chunk);
}

static void keep(struct child *child, struct str *text, const char *bytes, size_t length)
{
    size_t room = text->limit - text->length;
    if (length > room) {
        length = room;
        child->result.truncated = true;
    }
    str_add_bytes(text, bytes, length);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct child *child = stream->data;
    int which = stream == (uv_stream_t *)&child->pipes[OUTPUT] ? OUTPUT : ERROR_OUTPUT;
    if (!is_live(child) || n == 0)
        return;
    if (n > 0) {
        keep(child, &child->texts[which], buf->base, (size_t)n);
        return;
    }
    close_pipe(child, which);
    finish_when_complete(child);
}

static void on_input_written(uv_write_t *request, int status)
{
    struct child *child = request->data;
    (void)status; /* a child need not read its input */
    close_pipe(child, INPUT);
    object_closed(&child->object);
}

static void start_pipes(struct child *child)
{
    uv_read_start((uv_stream_t *)&child->pipes[OUTPUT], on_alloc, on_read);
    uv_read_start((uv_stream_t *)&child->pipes[ERROR_OUTPUT], on_alloc, on_read);
    uv_buf_t buf = uv_buf_init(child->input, (unsigned)child->input_length);
    child->write.data = child;
    if (child->input_length > 0 && uv_write(&child->write, (uv_stream_t *)&child->pipes[INPUT],
                                            &buf, 1, on_input_written) == 0)
        object_opened(&child->object);
    else
        close_pipe(child, INPUT);
}

static int child_spawn(struct child *child, const struct child_options *options, struct err *e)
{
    struct loop *loop = child->object.loop;
    uv_stdio_container_t stdio[N_PIPES];
    for (int i = 0; i < N_PIPES; i++) {
        if (uv_pipe_init(&loop->uv, &child->pipes[i], 0) < 0)
            return err_set(e, ERR_NOMEM, "out of memory");
        child->pipes[i].data = child;
        child->has_pipe[i] = true;
        object_opened(&child->object);
        stdio[i].flags =
            (uv_stdio_flags)(UV_CREATE_PIPE | (i == INPUT ? UV_READABLE_PIPE : UV_WRITABLE_PIPE));
        stdio[i].data.stream = (uv_stream_t *)&child->pipes[i];
    }
    uv_process_options_t spawn_options = {
        .exit_cb = on_exit_seen,
        .file = options->argv[0],
        .args = child_argument_list(options->argv),
        .env = child_argument_list(options->env),
        .cwd = options->folder,
        .flags = UV_PROCESS_DETACHED,
        .stdio_count = N_PIPES,
        .stdio = stdio,
    };
    child->process.data = child;
    object_opened(&child->object); /* libuv wants the handle closed even when spawning failed */
    int code = child_spawn_process(loop, &child->process, &spawn_options, e);
    if (code < 0) {
        child->exited = true;
        object_close_handle((uv_handle_t *)&child->process);
    }
    return code;
}

static struct child *child_new(const struct child_options *options)
{
    struct child *child = calloc(1, sizeof *child);
    char *input = malloc(options->input_length + 1);
    if (child == NULL || input == NULL || options->input_length > UINT32_MAX) {
        free(child);
        free(input);
        return NULL;
    }
    if (options->input_length > 0)
        memcpy(input, options->input, options->input_length);
    child->input = input;
    child->input_length = options->input_length;
    size_t ceiling = options->output_ceiling > 0 ? options->output_ceiling : OUTPUT_CEILING_BYTES;
    str_init(&child->texts[OUTPUT], ceiling);
    str_init(&child->texts[ERROR_OUTPUT], ceiling);
    return child;
}

int child_run(struct loop *loop, const struct child_options *options, child_fn *fn, void *ctx,
              struct loop_id *ret_id, struct err *e)
{
    struct child *child = child_new(options);
    if (child == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    child->fn = fn;
    child->ctx = ctx;
    int code = object_add(&child->object, loop, child_cancel, child_release);
    if (code < 0) {
        child_release(&child->object);
        return err_set(e, code, "cannot run %s", options->argv[0]);
    }
    code = child_spawn(child, options, e);
    if (code < 0) {
        object_retire(&child->object);
        child_cancel(&child->object);
        return code;
    }
    start_pipes(child);
    if (options->timeout_ms > 0)
        child->timer = timer_once(loop, options->timeout_ms, on_timeout, child);
    *ret_id = child->object.id;
    return 0;
}
