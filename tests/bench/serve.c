/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page server of bench_poll: listeners on 127.0.0.1 to 127.0.0.HOSTS, one port, that answer every
 * metrics page with the same families and numbers that grow, and anything else with 200. At SIGUSR1 it
 * prints how many pages driftop and the other one have had.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/signal.h"
#include "driftop/net/listen.h"

#define BUCKETS 12
#define EXTRA   ((BENCH_SAMPLES - BUCKETS - 4) / 2) /* counters and gauges nobody asks for */

static void add_page(struct str *s, unsigned long long n)
{
    str_add(s, "# HELP model_infer_request_success Requests.\n"
               "# TYPE model_infer_request_success counter\n");
    str_addf(s, "model_infer_request_success{model=\"m\",version=\"41\"} %llu\n", n * 100);
    str_add(s, "# TYPE model_infer_request_failure counter\n");
    str_addf(s, "model_infer_request_failure{model=\"m\",version=\"41\"} %llu\n", n);
    str_add(s, "# HELP model_infer_request_duration_seconds Latency.\n"
               "# TYPE model_infer_request_duration_seconds histogram\n");
    for (int i = 0; i < BUCKETS; i++)
        str_addf(
            s,
            "model_infer_request_duration_seconds_bucket{model=\"m\",version=\"41\",le=\"%s\"} %llu\n",
            i + 1 < BUCKETS ? (char[][8]){"0.001", "0.0025", "0.005", "0.01", "0.025", "0.05",
                                          "0.1", "0.25", "0.5", "1.0", "2.5"}[i]
                            : "+Inf",
            n * 100 * (unsigned)(i + 1) / BUCKETS);
    str_addf(s, "model_infer_request_duration_seconds_sum{model=\"m\",version=\"41\"} %llu.5\n", n);
    str_addf(s, "model_infer_request_duration_seconds_count{model=\"m\",version=\"41\"} %llu\n",
             n * 100);
    for (int i = 0; i < EXTRA; i++) {
        str_addf(s, "# HELP process_detail_%d A counter of the server's own.\n", i);
        str_addf(s, "# TYPE process_detail_%d counter\n", i);
        str_addf(s, "process_detail_%d{kind=\"a\",worker=\"%d\"} %llu\n", i, i % 8,
                 n + (unsigned)i);
        str_addf(s, "process_detail_%d{kind=\"b\",worker=\"%d\"} %llu.25\n", i, i % 8, n);
    }
}

struct serving {
    struct loop *loop;
    struct listener *listeners[BENCH_HOSTS];
    unsigned long long n;     /* of pages: the counters grow with it */
    unsigned long long by[2]; /* and to whom: driftop, others */
    struct str page;
};

static void answer(struct listener *l, struct loop_id exchange,
                   const struct listen_request *request, void *ctx)
{
    struct serving *s = ctx;
    struct listen_answer a = {.content_type = "text/plain; version=0.0.4"};

    str_clear(&s->page);
    if (strncmp(request->path, "/metrics", 8) == 0) {
        const char *agent = listen_header(request, "User-Agent");
        s->by[!agent || strncmp(agent, "driftop", 7) != 0]++;
        add_page(&s->page, ++s->n);
    }
    a.body = s->page.data;
    a.body_length = s->page.length;
    listen_reply(l, exchange, &a);
}

static void on_end(struct loop *loop, int number, void *ctx)
{
    (void)number, (void)ctx;
    loop_stop(loop);
}

static void on_question(struct loop *loop, int number, void *ctx)
{
    const struct serving *s = ctx;

    (void)loop, (void)number;
    printf("%llu %llu\n", s->by[0], s->by[1]);
    fflush(stdout);
}

static int open_all(struct serving *s, struct err *e)
{
    struct listen_options options = {.handler = answer, .ctx = s, .connections_limit = 256};
    char address[64];
    int port = 0, code = 0;

    for (int i = 0; i < BENCH_HOSTS && code == 0; i++) {
        snprintf(address, sizeof address, "127.0.0.%d:%d", i + 1, port);
        options.address = address;
        code = listen_open(s->loop, &options, &s->listeners[i], e);
        if (code == 0)
            port = listen_port(s->listeners[i]);
    }
    return code < 0 ? code : port;
}

int bench_serve(void)
{
    struct clock clock = clock_system();
    struct serving s = {.loop = loop_new(&clock)};
    struct loop_id id;
    struct err e = {0};

    str_init(&s.page, 0);
    int port = s.loop ? open_all(&s, &e) : ERR_NOMEM;
    if (port < 0)
        bench_die("no page server: %s", e.text);
    signal_watch(s.loop, SIGTERM, on_end, NULL, &id, NULL);
    signal_watch(s.loop, SIGUSR1, on_question, &s, &id, NULL);
    printf("%d\n", port);
    fflush(stdout);
    loop_run(s.loop);
    for (int i = 0; i < BENCH_HOSTS; i++)
        listen_close(s.listeners[i]);
    loop_free(s.loop);
    str_done(&s.page);
    return 0;
}
