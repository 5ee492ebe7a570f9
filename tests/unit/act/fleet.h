/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A splitter that speaks HAProxy's runtime API and a registry that speaks MLflow's, both in this
 * process and on the test's own loop, and a configuration that names them. Time is turned by hand:
 * every turn of the loop is 50 ms of it.
 */
#ifndef DRIFTOP_TESTS_ACT_FLEET_H
#define DRIFTOP_TESTS_ACT_FLEET_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/act/act.h"
#include "driftop/base/clock.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/cmd/types.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/stream_server.h"
#include "driftop/net/listen.h"
#include "driftop/net/send.h"

#define FLEET_TURN_MS 50

/* What the splitter does with a command that changes something. */
enum fleet_fault {
    FLEET_WELL,
    FLEET_REJECT,         /* an error instead of an empty line */
    FLEET_SILENT_APPLIED, /* does it and never answers */
    FLEET_SILENT_NOT,     /* does not do it and never answers */
    FLEET_IGNORED,        /* says yes and does nothing */
};

struct fake_fleet {
    struct clock clock;
    struct loop *loop;
    struct net *net;
    struct config *config;
    struct listener *registry;
    struct loop_id splitter;
    char folder[64], store[96], socket[96];
    bool armed, registry_away, splitter_away;
    /* v41, v42 */
    int weight[2];
    bool up[2], stuck[2]; /* stuck: gets requests whatever its weight */
    double total[2];
    char champion[16];
    char authorization[2][128]; /* of the last read and the last write at the registry */
    char writes[16][64];
    size_t n_writes, n_alias_writes;
    enum fleet_fault fault;
    size_t fault_at;    /* at which write, from 0 */
    double per_turn;    /* requests a turn of the loop */
    bool requests_flow; /* else nothing comes */
};

static inline const char *fleet_server(size_t i)
{
    return i ? "v42" : "v41";
}

static inline void fleet_page(struct fake_fleet *f, struct str *out)
{
    str_add(out,
            "# pxname,svname,scur,status,weight,type,hrsp_5xx,lbtot,econ,eresp,uweight,algo\n");
    for (size_t i = 0; i < 2; i++)
        str_addf(out, "fraud,%s,0,%s,%d,2,0,%.0f,0,0,%d,\n", fleet_server(i),
                 f->up[i] ? "UP" : "DOWN", f->up[i] ? f->weight[i] : 0, f->total[i], f->weight[i]);
    str_add(out,
            "fraud,BACKEND,0,UP,100,1,0,0,0,0,100,roundrobin\n\n1\n"
            "# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight "
            "srv_iweight\n");
    for (size_t i = 0; i < 2; i++)
        str_addf(out, "3 fraud %zu %s - %d 0 %d 10\n", i + 1, fleet_server(i), f->up[i] ? 2 : 0,
                 f->weight[i]);
    str_add(out, "\nName: HAProxy\nVersion: 2.6.12\nPid: 77\n\nadmin\n\n");
}

static inline void fleet_set(struct fake_fleet *f, struct loop_id connection, const char *command)
{
    enum fleet_fault fault = f->n_writes == f->fault_at ? f->fault : FLEET_WELL;
    static const char prefix[] = "set weight fraud/";
    char server[16], *end;

    str_copy(f->writes[f->n_writes++ % 16], sizeof f->writes[0], command);
    assert_memory_equal(command, prefix, sizeof prefix - 1);
    command += sizeof prefix - 1;
    size_t length = strcspn(command, " ");
    assert_in_range(length, 1, sizeof server - 1);
    str_copy(server, length + 1, command);
    int weight = (int)strtol(command + length, &end, 10);
    assert_true(end > command + length && *end == '\0');
    if (fault == FLEET_REJECT) {
        stream_server_reply(f->loop, connection, "Permission denied\n\n", 19);
        stream_server_finish(f->loop, connection);
        return;
    }
    if (fault != FLEET_SILENT_NOT && fault != FLEET_IGNORED)
        f->weight[strcmp(server, "v42") == 0] = weight;
    if (fault == FLEET_SILENT_APPLIED || fault == FLEET_SILENT_NOT)
        return;
    stream_server_reply(f->loop, connection, "\n", 1);
    stream_server_finish(f->loop, connection);
}

static inline void fleet_line(struct loop *loop, struct loop_id connection, const char *line,
                              size_t length, void *ctx)
{
    struct fake_fleet *f = ctx;
    struct str text, answer;

    str_init(&text, 0);
    str_init(&answer, 0);
    str_add_bytes(&text, line, length);
    const char *set = strstr(text.data, "set weight ");
    if (f->splitter_away) {
        stream_server_finish(loop, connection);
    } else if (set) {
        fleet_set(f, connection, set);
    } else {
        fleet_page(f, &answer);
        stream_server_reply(loop, connection, answer.data, answer.length);
        stream_server_finish(loop, connection);
    }
    str_done(&answer);
    str_done(&text);
}

static inline void fleet_registry(struct listener *l, struct loop_id exchange,
                                  const struct listen_request *request, void *ctx)
{
    struct fake_fleet *f = ctx;
    bool writes = strcmp(request->method, "GET") != 0;
    const char *authorization = listen_header(request, "Authorization");
    char body[512] = "{}";

    str_copy(f->authorization[writes], sizeof f->authorization[writes],
             authorization ? authorization : "");
    if (f->registry_away) {
        listen_abort(l, exchange);
        return;
    }
    if (strcmp(request->method, "DELETE") == 0) {
        assert_non_null(memmem(request->body, request->body_length, "\"champion\"", 10));
        f->champion[0] = '\0';
        f->n_alias_writes++;
    } else if (writes) {
        const char *at = memmem(request->body, request->body_length, "\"version\":", 10);
        assert_non_null(at);
        at += 10 + strspn(at + 10, " \"");
        snprintf(f->champion, sizeof f->champion, "%.*s", (int)strcspn(at, "\""), at);
        f->n_alias_writes++;
    } else if (strstr(request->path, "registered-models/get") && !f->champion[0]) {
        snprintf(body, sizeof body, "{\"registered_model\":{\"name\":\"fraud\"}}");
    } else if (strstr(request->path, "registered-models/get")) {
        snprintf(body, sizeof body,
                 "{\"registered_model\":{\"name\":\"fraud\",\"aliases\":[{\"alias\":\"champion\","
                 "\"version\":\"%s\"}]}}",
                 f->champion);
    } else {
        snprintf(
            body, sizeof body,
            "{\"model_versions\":[{\"name\":\"fraud\",\"version\":\"42\",\"status\":\"READY\"},"
            "{\"name\":\"fraud\",\"version\":\"41\",\"status\":\"READY\"}]}");
    }
    struct listen_answer a = {.status = 200, .body = body, .body_length = strlen(body)};
    listen_reply(l, exchange, &a);
}

static inline bool fleet_armed(void *ctx)
{
    return ((struct fake_fleet *)ctx)->armed;
}

/* `extra` is appended to the configuration. */
static inline void fleet_configure(struct fake_fleet *f, const char *extra)
{
    struct config_errors errors = {0};
    struct types types;
    struct str text;

    str_init(&text, 0);
    str_addf(&text,
             "environment: test\nstore: {path: %s}\npoll: {interval: 1s}\nregistries:\n"
             "  main: {type: mlflow, url: \"http://127.0.0.1:%d\", token: \"${DRIFTOP_READ}\"}\n"
             "deployments:\n  - name: fraud\n"
             "    registry: {use: main, model: fraud, champion: champion}\n"
             "    traffic: {type: haproxy, sockets: [%s], backend: fraud}\n"
             "    versions: {\"*\": {target: \"v{version}\"}}\n%s",
             f->store, listen_port(f->registry), f->socket, extra);
    types_fill(&types);
    config_free(f->config);
    f->config = NULL;
    if (config_load_bytes(text.data, text.length, "test", &types.types, &f->config, &errors) < 0)
        fail_msg("%d: %s", errors.errors[0].line, errors.errors[0].text);
    config_errors_done(&errors);
    str_done(&text);
}

static inline int fleet_set_up(void **state)
{
    static struct fake_fleet fleet;
    struct fake_fleet *f = &fleet;

    *f = (struct fake_fleet){.clock = clock_fake(1795230000000, 1000000),
                             .armed = true,
                             .weight = {0, 100},
                             .up = {true, true},
                             .champion = "42",
                             .fault_at = 99,
                             .per_turn = 3,
                             .requests_flow = true};
    setenv("DRIFTOP_READ", "reader", 1);
    snprintf(f->folder, sizeof f->folder, "%s/driftop-act-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(f->folder));
    setenv("XDG_CONFIG_HOME", f->folder, 1);
    snprintf(f->store, sizeof f->store, "%.60s/t.db", f->folder);
    snprintf(f->socket, sizeof f->socket, "%.60s/s.sock", f->folder);
    f->loop = loop_new(&f->clock);
    struct net_options net = {.armed = fleet_armed, .armed_ctx = f};
    assert_int_equal(net_new(f->loop, &net, &f->net, NULL), 0);
    struct stream_server_options splitter = {.address = f->socket, .on_line = fleet_line, .ctx = f};
    assert_int_equal(stream_server_open(f->loop, &splitter, &f->splitter, NULL, NULL), 0);
    struct listen_options registry = {
        .address = "127.0.0.1:0", .handler = fleet_registry, .ctx = f};
    assert_int_equal(listen_open(f->loop, &registry, &f->registry, NULL), 0);
    fleet_configure(f, "");
    *state = f;
    return 0;
}

static inline int fleet_tear_down(void **state)
{
    struct fake_fleet *f = *state;

    net_free(f->net);
    listen_close(f->registry);
    loop_free(f->loop);
    config_free(f->config);
    return path_remove_tree(f->folder, NULL);
}

static inline void fleet_turn(struct fake_fleet *f)
{
    double sum = 0;

    f->clock.fake_mono_ms += FLEET_TURN_MS;
    f->clock.fake_wall_ms += FLEET_TURN_MS;
    for (size_t i = 0; i < 2; i++)
        sum += f->up[i] ? f->weight[i] : 0;
    for (size_t i = 0; i < 2 && f->requests_flow && sum > 0; i++)
        if (f->up[i])
            f->total[i] += f->per_turn * f->weight[i] / sum + f->stuck[i];
    loop_turn(f->loop, 1);
}

/* Until the condition holds, and at most 100 s of the test's own time. */
#define FLEET_WAIT(f, condition)                                                                   \
    do {                                                                                           \
        int64_t wait_end_ms = (f)->clock.fake_mono_ms + 100000;                                    \
        while (!(condition)) {                                                                     \
            if ((f)->clock.fake_mono_ms > wait_end_ms)                                             \
                fail_msg("waited in vain for: %s", #condition);                                    \
            fleet_turn(f);                                                                         \
        }                                                                                          \
    } while (0)

#endif
