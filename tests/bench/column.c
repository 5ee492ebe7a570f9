/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * column_ks_w1_ms: sorting 356,251 against 356,251 doubles, then KS and Wasserstein-1.
 * column_ks_w1_scipy_ratio: how many times longer scipy takes for the same two numbers of the same
 * values, in turns. Both figures are the least of several: neighbours only add to them. The
 * answers must agree.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "driftop/stats/ks.h"
#include "driftop/stats/quantile.h"

#define VALUES 356251
#define TURNS  9
#define RATIO  "column_ks_w1_scipy_ratio"

/* Both sides' values one behind the other, and room to sort a copy. */
struct column {
    size_t n;
    double *values, *sorted, *scratch;
};

/* What one of the two says, and the least time that it took for that. */
struct answer {
    double d, w1, ms;
};

static void column_make(struct bench *b, struct column *ret)
{
    uint64_t state = b->seed;
    size_t n = ret->n = b->quick ? VALUES / 100 : VALUES;

    ret->values = calloc(5 * n, sizeof *ret->values);
    if (!ret->values)
        bench_die("no memory for a column");
    ret->sorted = ret->values + 2 * n;
    ret->scratch = ret->sorted + 2 * n;
    for (size_t i = 0; i < n; i++) {
        ret->values[i] = bench_normal(&state);
        ret->values[n + i] = bench_normal(&state) * 1.01;
    }
}

/* Returns the integer D. */
static uint64_t our_round(const struct column *c, struct answer *ret)
{
    double *x = c->sorted, *y = x + c->n, n = (double)c->n;

    memcpy(x, c->values, 2 * c->n * sizeof *x);
    double cpu_s = bench_cpu_s();
    quantile_sort(x, c->scratch, c->n);
    quantile_sort(y, c->scratch, c->n);
    struct ks_gap gap = ks_w1_sorted(x, c->n, y, c->n, &ret->w1);
    ret->ms = fmin(ret->ms, (bench_cpu_s() - cpu_s) * 1e3);
    ret->d = (double)gap.gap / (n * n);
    return gap.gap;
}

/* ---- the other program ---- */

struct scipy {
    pid_t pid;
    FILE *to, *from;
};

static bool scipy_start(struct bench *b, const struct column *c, struct scipy *ret)
{
    char python[4096], script[] = BENCH_SOURCES "/scipy_column.py", path[512];
    const char *slash = strrchr(b->program, '/');
    int in[2], out[2];

    if (b->scipy)
        snprintf(python, sizeof python, "%s", b->scipy);
    else
        snprintf(python, sizeof python, "%.*svenv-scipy/bin/python",
                 slash ? (int)(slash - b->program) + 1 : 0, b->program);
    if (access(python, X_OK) < 0)
        return false;
    FILE *file = fopen(bench_path(b, "column.bin", path, sizeof path), "w");
    if (!file || fwrite(c->values, sizeof *c->values, 2 * c->n, file) != 2 * c->n ||
        fclose(file) != 0 || pipe(in) < 0 || pipe(out) < 0)
        bench_die("cannot hand over %s", path);
    ret->pid = fork();
    if (ret->pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        execv(python, (char *[]){python, script, path, NULL});
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    ret->to = fdopen(in[1], "w");
    ret->from = fdopen(out[0], "r");
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL); /* it may have failed */
    return ret->to && ret->from;
}

/* False when it has ended. */
static bool scipy_round(struct scipy *s, struct answer *ret)
{
    char line[256] = "", *rest = line;

    if (fputs("\n", s->to) < 0 || fflush(s->to) != 0 || !fgets(line, sizeof line, s->from))
        return false;
    double ms = strtod(rest, &rest);
    ret->ms = fmin(ret->ms, ms);
    ret->d = strtod(rest, &rest);
    ret->w1 = strtod(rest, &rest);
    return ms > 0;
}

static void scipy_stop(struct scipy *s)
{
    fclose(s->to); /* its input ends, and so does it */
    fclose(s->from);
    while (s->pid > 0 && waitpid(s->pid, NULL, 0) < 0 && errno == EINTR) {
    }
}

/* ---- both ---- */

static void report(struct bench *b, struct answer *ours, struct answer *theirs)
{
    bench_figure(b, "column_ks_w1_ms", ours->ms);
    if (!theirs) {
        bench_skip(b, RATIO,
                   "no Python with scipy: ./bootstrap bench makes one, or --scipy PYTHON");
        return;
    }
    if (!(fabs(theirs->d - ours->d) <= 1e-12) || !(fabs(theirs->w1 - ours->w1) <= 1e-9 * ours->w1))
        bench_die("D %.17g and W1 %.17g, scipy says %.17g and %.17g", ours->d, ours->w1, theirs->d,
                  theirs->w1);
    bench_figure(b, RATIO, theirs->ms / ours->ms);
    bench_detail(b, "column_ks_w1_scipy_ms", theirs->ms);
}

/* In turns, so that both have the same neighbours. */
static void run(struct bench *b)
{
    struct column c;
    struct scipy scipy = {.pid = 0};
    struct answer ours = {.ms = INFINITY}, theirs = {.ms = INFINITY};
    uint64_t gap = 0;

    column_make(b, &c);
    bool there = scipy_start(b, &c, &scipy), fine = there;
    for (int turn = 0; turn < TURNS; turn++) {
        fine = fine && scipy_round(&scipy, &theirs);
        /* twice, because the first is over before the processor is awake and the caches are warm */
        our_round(&c, &ours);
        gap = our_round(&c, &ours);
    }
    if (there)
        scipy_stop(&scipy);
    uint64_t sum = bench_mix(c.n, &gap, sizeof gap);
    bench_checksum(b, "column_ks_w1_ms", bench_mix(sum, &ours.w1, sizeof ours.w1));
    report(b, &ours, fine ? &theirs : NULL);
    free(c.values);
}

const struct bench_case bench_column = {
    .name = "column_ks_w1_ms " RATIO,
    .help = "KS and W1 of a column of 356,251 against 356,251 values; scipy's time by that",
    .run = run,
};
