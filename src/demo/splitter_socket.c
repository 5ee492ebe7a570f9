/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connections of the runtime API. Like HAProxy the splitter answers all lines that came together
 * and then closes, unless `prompt` was said.
 */
#include <stdlib.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/demo/splitter_cli.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/stream_server.h"
#include "driftop/loop/timer.h"

#define SESSIONS 64

struct open_session {
    struct loop_id connection; /* none: free */
    struct cli_session cli;
    bool ending;
};

struct splitter_socket {
    struct loop *loop;
    struct splitter *splitter;
    struct loop_id server, sweep;
    struct open_session sessions[SESSIONS];
};

static struct open_session *find(struct splitter_socket *s, struct loop_id connection)
{
    struct open_session *free_one = NULL;

    for (size_t i = 0; i < SESSIONS; i++) {
        struct open_session *o = &s->sessions[i];
        if (loop_id_equal(o->connection, connection))
            return o;
        if (!free_one && !loop_has(s->loop, o->connection))
            free_one = o;
    }
    if (free_one)
        *free_one = (struct open_session){.connection = connection};
    return free_one;
}

/* Once everything that came with the last line has been answered. */
static void on_sweep(struct loop *loop, struct loop_id id, void *ctx)
{
    struct splitter_socket *s = ctx;

    (void)id;
    for (size_t i = 0; i < SESSIONS; i++) {
        struct open_session *o = &s->sessions[i];
        if (!o->ending)
            continue;
        stream_server_finish(loop, o->connection);
        *o = (struct open_session){0};
    }
}

static void on_line(struct loop *loop, struct loop_id connection, const char *line, size_t length,
                    void *ctx)
{
    struct splitter_socket *s = ctx;
    struct open_session *o = find(s, connection);
    struct str answer;

    if (!o) {
        stream_server_finish(loop, connection);
        return;
    }
    str_init(&answer, 0);
    splitter_execute(s->splitter, &o->cli, line, length, &answer);
    stream_server_reply(loop, connection, answer.data, answer.length);
    str_done(&answer);
    if (o->cli.quit) {
        o->connection = (struct loop_id){0};
        stream_server_finish(loop, connection);
        return;
    }
    o->ending = !o->cli.prompt;
    if (o->ending && !loop_has(loop, s->sweep))
        s->sweep = timer_once(loop, 0, on_sweep, s);
}

int splitter_socket_open(struct loop *loop, const char *address, struct splitter *splitter,
                         struct splitter_socket **ret, struct err *e)
{
    struct splitter_socket *s = calloc(1, sizeof *s);
    int result;

    if (!s)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    s->loop = loop;
    s->splitter = splitter;
    struct stream_server_options options = {.address = address, .on_line = on_line, .ctx = s};
    result = stream_server_open(loop, &options, &s->server, NULL, e);
    if (result < 0) {
        free(s);
        return result;
    }
    *ret = s;
    return 0;
}

void splitter_socket_close(struct splitter_socket *s)
{
    if (!s)
        return;
    loop_cancel(s->loop, s->server);
    loop_cancel(s->loop, s->sweep);
    free(s);
}
