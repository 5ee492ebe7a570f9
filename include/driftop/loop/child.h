/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Child processes: an argument list, never a shell. A child gets its own session, so a time-out
 * ends it with everything it started, and Ctrl-C in the terminal reaches only driftop. Its
 * standard input is what is given (or empty), its outputs are kept up to a ceiling and read and
 * dropped beyond it. Signals and descriptors of ours are not inherited.
 */
#ifndef DRIFTOP_LOOP_CHILD_H
#define DRIFTOP_LOOP_CHILD_H

#include "driftop/base/err.h"
#include "driftop/loop/id.h"

struct loop;
struct str;

struct child_options {
    const char *const *argv; /* ends with NULL; argv[0] is searched in PATH unless it has a slash */
    const char *const *env;  /* "NAME=value" ..., NULL; NULL: ours */
    const char *folder;      /* to run in; NULL: ours */
    const void *input;
    size_t input_length;
    size_t output_ceiling; /* for each of the two outputs; 0: 64 KiB */
    int timeout_ms;        /* SIGTERM then, SIGKILL a second later; 0: none */
};

struct child_result {
    int code;                          /* 0: ran to its own end, whatever its status; ERR_TIMEOUT */
    int exit_status;                   /* 0-255, or -1 when a signal ended it */
    int signal;                        /* that signal, or 0 */
    bool truncated;                    /* an output was longer than its ceiling */
    struct str *output, *error_output; /* borrowed; the callback may move them out */
};

typedef void child_fn(struct loop *loop, struct loop_id id, struct child_result *result, void *ctx);

/* The options are copied. ERR_ABSENT or ERR_DENIED when the program cannot be started, ERR_NOMEM;
 * then there is no callback. loop_cancel() kills it and its whole session. */
int child_run(struct loop *loop, const struct child_options *options, child_fn *fn, void *ctx,
              struct loop_id *ret_id, struct err *e);

/* Start a process that outlives us: own session, no input, both outputs appended to log_path
 * (0600; NULL: nowhere). Nothing is reported when it ends, but it is reaped while the loop runs.
 * *ret_pid may be NULL. */
int child_detach(struct loop *loop, const char *const *argv, const char *const *env,
                 const char *log_path, int *ret_pid, struct err *e);

#endif
