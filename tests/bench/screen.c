/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dashboard on a pseudo-terminal of 80x24: how long the first screen takes, how long a key takes
 * while somebody writes the store, what it sends, computes and holds when nobody touches it. A child
 * writes like a recorder and holds the recorder's lease, so that none is started.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driftop/store/db.h"
#include "driftop/store/lease.h"
#include "screen_world.h"

#define FIRST_ROUNDS 7
#define KEYS         300
#define IDLE_S       20
#define SILENCE_MS   8 /* a frame goes out in one piece: after so long it is over */
#define GIVE_UP_MS   3000
#define SCREEN_BYTES 65536

struct terminal {
    pid_t pid;
    int fd;
    char seen[SCREEN_BYTES]; /* since it was last cleared */
    size_t n_seen;
    double last_s; /* when the last byte came */
};

static void open_terminal(const struct world *w, struct terminal *t)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};

    t->n_seen = 0;
    t->pid = forkpty(&t->fd, NULL, NULL, &size);
    if (t->pid < 0)
        bench_die("no pseudo-terminal");
    if (t->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        execl(w->bench->driftop, "driftop", "-c", w->config, (char *)NULL);
        _exit(127);
    }
}

static void close_terminal(struct terminal *t)
{
    kill(t->pid, SIGTERM);
    while (waitpid(t->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    close(t->fd);
}

/* What comes within timeout_ms; false when nothing does. */
static bool take(struct terminal *t, int timeout_ms)
{
    struct pollfd p = {.fd = t->fd, .events = POLLIN};

    if (poll(&p, 1, timeout_ms) <= 0)
        return false;
    if (t->n_seen > SCREEN_BYTES / 2)
        t->n_seen = 0;
    ssize_t n = read(t->fd, t->seen + t->n_seen, SCREEN_BYTES - 1 - t->n_seen);
    if (n <= 0)
        bench_die("the dashboard has ended");
    t->n_seen += (size_t)n;
    t->seen[t->n_seen] = '\0';
    t->last_s = bench_wall_s();
    return true;
}

/* A whole screen: a row of the list and the line of keys. */
static bool complete(const struct terminal *t)
{
    return memmem(t->seen, t->n_seen, "model-", 6) && memmem(t->seen, t->n_seen, "rollback", 8);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure_first(const struct world *w)
{
    double ms[FIRST_ROUNDS];
    struct terminal t;

    for (int i = 0; i < FIRST_ROUNDS; i++) {
        double start_s = bench_wall_s();
        open_terminal(w, &t);
        while (!complete(&t))
            if (!take(&t, GIVE_UP_MS))
                bench_die("no first screen; it ends with: %.200s", t.seen);
        ms[i] = (t.last_s - start_s) * 1e3;
        close_terminal(&t);
    }
    qsort(ms, FIRST_ROUNDS, sizeof *ms, by_value);
    bench_figure(w->bench, "screen_first_ms", ms[FIRST_ROUNDS / 2]);
    bench_detail(w->bench, "screen_first_ms_worst", ms[FIRST_ROUNDS - 1]);
}

static void wait_quiet(struct terminal *t, int silence_ms)
{
    while (take(t, silence_ms)) {
    }
}

/* One key, and the frame that answers it: from the first byte on until it falls silent. */
static double press(struct terminal *t, const char *key)
{
    double start_s = bench_wall_s();

    if (write(t->fd, key, strlen(key)) < 0)
        bench_die("the terminal takes no key");
    if (!take(t, GIVE_UP_MS))
        bench_die("no answer to %s", key);
    wait_quiet(t, SILENCE_MS);
    return (t->last_s - start_s) * 1e3;
}

static void measure_keys(const struct world *w, struct terminal *t)
{
    static const char *const keys[] = {"2", "\033[B", "\033[B", "\033[A", "\033[B",
                                       "4", "\033[B", "3",      "1",      "\033[B"};
    size_t n = w->bench->quick ? 20 : KEYS;
    double *ms = calloc(n, sizeof *ms);

    if (!ms)
        bench_die("no memory");
    for (size_t i = 0; i < n; i++) {
        /* As fast as a hand, at times that have nothing to do with the clock on the screen. */
        wait_quiet(t, 110 + (int)(i * 37 % 60));
        ms[i] = press(t, keys[i % (sizeof keys / sizeof *keys)]);
    }
    qsort(ms, n, sizeof *ms, by_value);
    bench_figure(w->bench, "screen_key_ms_p99", ms[n * 99 / 100]);
    bench_detail(w->bench, "screen_key_ms_p50", ms[n / 2]);
    free(ms);
}

static void measure_idle(const struct world *w, struct terminal *t)
{
    double seconds = w->bench->quick ? 2 : IDLE_S, before_s = 0, after_s = 0, bytes = 0;

    press(t, "2"); /* Fleet: the view with the most numbers that move */
    wait_quiet(t, 500);
    double start_s = bench_wall_s();
    bench_cpu_of(t->pid, &before_s);
    while (bench_wall_s() - start_s < seconds) {
        t->n_seen = 0;
        take(t, 100);
        bytes += (double)t->n_seen;
    }
    seconds = bench_wall_s() - start_s;
    bench_cpu_of(t->pid, &after_s);
    bench_figure(w->bench, "screen_bytes_per_s", bytes / seconds);
    bench_figure(w->bench, "screen_cpu_ratio", (after_s - before_s) / seconds);
    bench_figure(w->bench, "screen_rss_bytes", (double)bench_rss_bytes(t->pid));
}

/* Until it is killed. */
static void write_for_ever(struct world *w, int interval_ms)
{
    struct lease *lease;

    store_close(w->store);
    if (store_open(w->path, STORE_RECORD, &w->store, NULL) < 0 ||
        lease_take(w->path, "recorder", "bench", &lease, NULL) < 0)
        _exit(1);
    for (unsigned round = 0;; round++) {
        world_write(w, round);
        poll(NULL, 0, interval_ms);
    }
}

static pid_t start_writer(struct world *w, int interval_ms)
{
    pid_t pid = fork();

    if (pid == 0)
        write_for_ever(w, interval_ms);
    while (!lease_held(w->path, "recorder", (char[64]){0}, 64))
        poll(NULL, 0, 10);
    return pid;
}

static void stop_writer(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void run(struct bench *b)
{
    struct world *w = calloc(1, sizeof *w);
    struct lease *lease;
    struct terminal t;

    if (!w)
        bench_die("no memory");
    world_make(b, w);
    store_close(w->store);
    w->store = NULL;
    if (lease_take(w->path, "recorder", "bench", &lease, NULL) < 0)
        bench_die("no lease");
    measure_first(w);
    lease_drop(lease);
    pid_t writer = start_writer(w, 1000);
    open_terminal(w, &t);
    while (!complete(&t))
        take(&t, GIVE_UP_MS);
    measure_keys(w, &t);
    stop_writer(writer);
    writer = start_writer(w, 2000);
    measure_idle(w, &t);
    close_terminal(&t);
    stop_writer(writer);
    bench_checksum(b, "screen_first_ms", bench_mix(0, w->layout->hash, HASH_HEX_SIZE));
    bench_world_done(w);
    free(w);
}

const struct bench_case bench_screen = {
    .name = "screen_first_ms screen_key_ms_p99 screen_bytes_per_s screen_cpu_ratio "
            "screen_rss_bytes",
    .help = "the dashboard on a pseudo-terminal, 200 deployments, a week of history",
    .run = run,
};
