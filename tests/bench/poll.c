/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * poll_cpu_ratio: 2,000 endpoints with pages of 200 samples, polled every 5 s by driftop and by
 * Debian's Prometheus side by side: processor time for a page of the one by that of the other. driftop
 * also asks each server whether it is ready, so it sends twice as many requests.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "driftop/base/str.h"

#define ENDPOINTS  2000
#define WARM_S     12
#define MEASURE_S  60
#define PROMETHEUS "/usr/bin/prometheus"

/* It ends with us, however we end. */
static pid_t start(const char *const *argv, int out)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (out >= 0)
            dup2(out, STDOUT_FILENO);
        execv(argv[0], (char *const *)(uintptr_t)argv); /* it changes none of them */
        _exit(127);
    }
    if (pid < 0)
        bench_die("cannot start %s", argv[0]);
    return pid;
}

static void stop(pid_t pid)
{
    kill(pid, SIGTERM);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

/* The page server, and what it says. */
struct pages {
    pid_t pid;
    int fd, port;
};

static void read_line(const struct pages *p, char buf[64])
{
    ssize_t n = read(p->fd, buf, 63);

    buf[n > 0 ? n : 0] = '\0';
}

static void start_server(struct bench *b, struct pages *ret)
{
    char text[64];
    int fds[2];

    if (pipe(fds) < 0)
        bench_die("no pipe");
    ret->pid = start((const char *const[]){b->program, "--serve", NULL}, fds[1]);
    ret->fd = fds[0];
    close(fds[1]);
    read_line(ret, text);
    ret->port = (int)strtol(text, NULL, 10);
    if (ret->port <= 0)
        bench_die("the page server does not start");
}

/* What one of the two has used and got so far. */
struct spent {
    double cpu_s, pages;
};

static double cpu_of(pid_t pid, const char *name)
{
    double s;

    if (waitpid(pid, NULL, WNOHANG) == pid || !bench_cpu_of((int)pid, &s))
        bench_die("%s has ended", name);
    return s;
}

static void look(const struct pages *p, pid_t driftop, pid_t prometheus, struct spent ret[2])
{
    char text[64], *rest;

    ret[0].cpu_s = cpu_of(driftop, "driftop");
    ret[1].cpu_s = cpu_of(prometheus, "prometheus");
    kill(p->pid, SIGUSR1);
    read_line(p, text);
    ret[0].pages = strtod(text, &rest);
    ret[1].pages = strtod(rest, NULL);
}

/* Who took less than half of the pages that were due has not done the work. */
static double page_cost(struct bench *b, const char *name, const struct spent *before,
                        const struct spent *after, double due)
{
    double pages = after->pages - before->pages, cpu_s = after->cpu_s - before->cpu_s;
    char detail[64];

    if (pages < due / 2)
        bench_die("%.0f pages were due, %s took %.0f", due, name, pages);
    snprintf(detail, sizeof detail, "poll_%s_pages", name);
    bench_detail(b, detail, pages);
    snprintf(detail, sizeof detail, "poll_%s_page_us", name);
    bench_detail(b, detail, cpu_s / pages * 1e6);
    return cpu_s / pages;
}

static pid_t start_driftop(struct bench *b, size_t n, int port)
{
    char config[512], store[512], log[512];
    struct str s;

    bench_path(b, "driftop.yaml", config, sizeof config);
    bench_path(b, "poll.db", store, sizeof store);
    bench_path(b, "driftop.log", log, sizeof log);
    str_init(&s, 0);
    str_addf(&s, "environment: bench\nstore: {path: \"%s\"}\npoll: {interval: 5s}\ndeployments:\n",
             store);
    for (size_t i = 0; i < n / 2; i++) {
        str_addf(&s, "  - name: model-%zu\n    versions:\n", i);
        for (size_t k = 0; k < 2; k++) {
            size_t endpoint = i * 2 + k;
            str_addf(&s,
                     "      \"%zu\": {servers: {type: open-inference, model: m,\n"
                     "              url: \"http://127.0.0.%zu:%d/%zu\",\n"
                     "              metrics: \"http://127.0.0.%zu:%d/metrics/%zu\"}}\n",
                     41 + k, endpoint % BENCH_HOSTS + 1, port, endpoint, endpoint % BENCH_HOSTS + 1,
                     port, endpoint);
        }
    }
    bench_write(config, &s);
    str_done(&s);
    return start((const char *const[]){b->driftop, "-c", config, "record", "--log", log, NULL}, -1);
}

/* One job for each page of all hosts. */
static pid_t start_prometheus(struct bench *b, size_t n, int port)
{
    char config[512], data[600], argument[600];
    struct str s;

    bench_path(b, "prometheus.yml", config, sizeof config);
    bench_path(b, "prometheus", data, sizeof data);
    str_init(&s, 0);
    str_add(&s, "global: {scrape_interval: 5s, scrape_timeout: 3s}\nscrape_configs:\n");
    for (size_t i = 0; i < n; i++) {
        if (i % BENCH_HOSTS == 0)
            str_addf(&s,
                     "  - job_name: pages-%zu\n    metrics_path: /metrics/%zu\n"
                     "    static_configs:\n      - targets:\n",
                     i, i);
        str_addf(&s, "          - 127.0.0.%zu:%d\n", i % BENCH_HOSTS + 1, port);
    }
    bench_write(config, &s);
    str_done(&s);
    snprintf(argument, sizeof argument, "--config.file=%s", config);
    char storage[700];
    snprintf(storage, sizeof storage, "--storage.tsdb.path=%s", data);
    return start((const char *const[]){PROMETHEUS, argument, storage, "--log.level=error",
                                       "--web.listen-address=127.0.0.1:0", NULL},
                 -1);
}

static void run(struct bench *b)
{
    size_t n = b->quick ? ENDPOINTS / 20 : ENDPOINTS;
    int warm_s = b->quick ? 6 : WARM_S, measure_s = b->quick ? 10 : MEASURE_S;

    if (access(PROMETHEUS, X_OK) < 0) {
        bench_skip(b, "poll_cpu_ratio", "there is no " PROMETHEUS);
        return;
    }
    double due = (double)n * measure_s / 5;
    struct spent before[2], after[2];
    struct pages pages;

    start_server(b, &pages);
    pid_t driftop = start_driftop(b, n, pages.port);
    pid_t prometheus = start_prometheus(b, n, pages.port);
    poll(NULL, 0, warm_s * 1000);
    look(&pages, driftop, prometheus, before);
    poll(NULL, 0, measure_s * 1000);
    look(&pages, driftop, prometheus, after);
    bench_figure(b, "poll_cpu_ratio",
                 page_cost(b, "driftop", &before[0], &after[0], due) /
                     page_cost(b, "prometheus", &before[1], &after[1], due));
    bench_detail(b, "poll_driftop_rss_bytes", (double)bench_rss_bytes((int)driftop));
    bench_detail(b, "poll_prometheus_rss_bytes", (double)bench_rss_bytes((int)prometheus));
    stop(driftop);
    stop(prometheus);
    stop(pages.pid);
    close(pages.fd);
}

const struct bench_case bench_poll = {
    .name = "poll_cpu_ratio",
    .help = "2,000 endpoints every 5 s: processor time by that of Prometheus",
    .run = run,
};
