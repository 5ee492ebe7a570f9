/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the benchmarks share. A benchmark generates its own input from a seed, does the work once (or
 * more often, where it would be over too soon to be timed), and reports figures together with a
 * checksum of the work, so that nobody can be fast by doing something else. It prints nothing and ends
 * the process when its world cannot be built.
 */
#ifndef DRIFTOP_TESTS_BENCH_H
#define DRIFTOP_TESTS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;
struct json;
struct layout;
struct str;

struct bench {
    uint64_t seed;
    bool quick;                    /* a hundredth of the work: to see that it runs, not how fast */
    const char *program, *driftop; /* driftop-bench itself; the driftop beside it */
    const char *folder;            /* a temporary one, gone at the end */
    const char *scipy;             /* a Python that has it; NULL: the one of build/venv-scipy */
    struct json *results, *checksums, *details;
};

struct bench_case {
    const char *name; /* its figures, blanks between */
    const char *help;
    void (*run)(struct bench *b);
};

extern const struct bench_case bench_rows, bench_window, bench_cells, bench_memory, bench_poll,
    bench_screen, bench_compare, bench_column, bench_exact;
/* The page server that bench_poll starts: driftop-bench --serve. It prints its port,
 * and at SIGUSR1 how many pages it gave to driftop and to others. */
#define BENCH_HOSTS   100
#define BENCH_SAMPLES 200 /* of a page */
int bench_serve(void);

/* ---- results ---- */
void bench_figure(struct bench *b, const char *name, double value);
void bench_detail(struct bench *b, const char *name, double value);
void bench_checksum(struct bench *b, const char *name, uint64_t checksum);
void bench_skip(struct bench *b, const char *name, const char *why); /* null, and why */

/* ---- input ---- */
uint64_t bench_random(uint64_t *state); /* splitmix64 */
double bench_uniform(uint64_t *state);  /* [0, 1) */
double bench_normal(uint64_t *state);   /* roughly: the sum of twelve */
uint64_t bench_mix(uint64_t sum, const void *bytes, size_t length);

/* ---- measuring ---- */
double bench_wall_s(void);
double bench_cpu_s(void);                  /* of this process, user and system */
bool bench_cpu_of(int pid, double *ret_s); /* of another one, out of /proc */
size_t bench_rss_bytes(int pid);           /* 0: it is gone */

/* ---- the world ---- */
_Noreturn void bench_die(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *bench_path(const struct bench *b, const char *name, char *buf, size_t size);
void bench_write(const char *path, const struct str *text);
struct config *bench_config(const char *yaml);
/* Features f00, f01, ... each with a codebook of its own over 1,000 numbers. */
struct layout *bench_layout(uint64_t *state, size_t n_features);

#endif
