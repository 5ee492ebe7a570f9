/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Starting processes, and those that outlive us.
 */
#include "child_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* Descriptors that other libraries opened carelessly must not reach a child. */
static void close_on_exec(void)
{
#ifdef CLOSE_RANGE_CLOEXEC
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
#endif
}

char **child_argument_list(const char *const *list)
{
    return (char **)(uintptr_t)list; /* the cast forgets const, libuv does not write */
}

int child_spawn_process(struct loop *loop, uv_process_t *process,
                        const uv_process_options_t *options, struct err *e)
{
    close_on_exec();
    int status = uv_spawn(&loop->uv, process, options);
    if (status == 0)
        return 0;
    int code = status == UV_ENOENT    ? ERR_ABSENT
               : status == UV_ENOMEM  ? ERR_NOMEM
               : status == UV_EACCES  ? ERR_DENIED
               : status == UV_ENOTDIR ? ERR_ABSENT
                                      : ERR_IO;
    return err_set(e, code, "cannot run %s: %s", options->file, uv_strerror(status));
}

struct detached {
    struct loop_object object; /* first */
    uv_process_t process;
};

static void detached_release(struct loop_object *object)
{
    free(object);
}

static void detached_cancel(struct loop_object *object)
{
    object_close_handle((uv_handle_t *)&((struct detached *)object)->process);
}

static void on_detached_exit(uv_process_t *process, int64_t status, int number)
{
    struct detached *d = process->data;
    (void)status, (void)number;
    loop_cancel(d->object.loop, d->object.id);
}

int child_detach(struct loop *loop, const char *const *argv, const char *const *env,
                 const char *log_path, int *ret_pid, struct err *e)
{
    const char *path = log_path != NULL ? log_path : "/dev/null";
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set_errno(e, errno, "%s", path);
    struct detached *d = calloc(1, sizeof *d);
    int code =
        d != NULL ? object_add(&d->object, loop, detached_cancel, detached_release) : ERR_NOMEM;
    if (code < 0) {
        free(d);
        close(fd);
        return err_set(e, code, "cannot run %s", argv[0]);
    }
    uv_stdio_container_t stdio[N_PIPES] = {{.flags = UV_IGNORE},
                                           {.flags = UV_INHERIT_FD, .data.fd = fd},
                                           {.flags = UV_INHERIT_FD, .data.fd = fd}};
    uv_process_options_t options = {
        .exit_cb = on_detached_exit,
        .file = argv[0],
        .args = child_argument_list(argv),
        .env = child_argument_list(env),
        .flags = UV_PROCESS_DETACHED,
        .stdio_count = N_PIPES,
        .stdio = stdio,
    };
    d->process.data = d;
    object_opened(&d->object);
    code = child_spawn_process(loop, &d->process, &options, e);
    close(fd);
    if (code < 0) {
        loop_cancel(loop, d->object.id);
        return code;
    }
    uv_unref((uv_handle_t *)&d->process); /* it alone does not keep the loop running */
    if (ret_pid != NULL)
        *ret_pid = d->process.pid;
    return 0;
}
