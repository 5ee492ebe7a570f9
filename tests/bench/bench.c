/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/hash.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/cmd/types.h"
#include "driftop/config/load.h"
#include "driftop/model/drift.h"

/* ---- results ---- */

void bench_figure(struct bench *b, const char *name, double value)
{
    json_put(b->results, name, json_new_real(value));
}

void bench_detail(struct bench *b, const char *name, double value)
{
    json_put(b->details, name, json_new_real(value));
}

void bench_checksum(struct bench *b, const char *name, uint64_t checksum)
{
    char text[24];

    snprintf(text, sizeof text, "%016llx", (unsigned long long)checksum);
    json_put(b->checksums, name, json_new_text(text));
}

void bench_skip(struct bench *b, const char *name, const char *why)
{
    json_put(b->results, name, json_new_null());
    json_put(b->details, name, json_new_text(why));
}

/* ---- input ---- */

uint64_t bench_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double bench_uniform(uint64_t *state)
{
    return (double)(bench_random(state) >> 11) * 0x1p-53;
}

double bench_normal(uint64_t *state)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += bench_uniform(state);
    return sum;
}

uint64_t bench_mix(uint64_t sum, const void *bytes, size_t length)
{
    return hash_fast(bytes, length, sum);
}

/* ---- measuring ---- */

double bench_wall_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double bench_cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The whole of a small file of /proc; "" when it is gone. */
static const char *proc_text(int pid, const char *name, char *buf, size_t size)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    FILE *file = fopen(path, "r");
    size_t n = file ? fread(buf, 1, size - 1, file) : 0;
    if (file)
        fclose(file);
    buf[n] = '\0';
    return buf;
}

/* The word after n blanks, as a number; 0 when there is none. */
static unsigned long long number_at(const char *text, int n)
{
    for (; text && n > 0; n--)
        if ((text = strchr(text, ' ')) != NULL)
            text++;
    return text ? strtoull(text, NULL, 10) : 0;
}

bool bench_cpu_of(int pid, double *ret_s)
{
    char text[1024];

    /* The name in parentheses may hold anything; the third field begins a blank behind it. */
    const char *rest = strrchr(proc_text(pid, "stat", text, sizeof text), ')');
    if (!rest)
        return false;
    *ret_s = (double)(number_at(rest, 12) + number_at(rest, 13)) / (double)sysconf(_SC_CLK_TCK);
    return true;
}

size_t bench_rss_bytes(int pid)
{
    char text[256];

    proc_text(pid, "statm", text, sizeof text);
    return (size_t)number_at(text, 1) * (size_t)sysconf(_SC_PAGESIZE);
}

/* ---- the world ---- */

void bench_die(const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    fputs("driftop-bench: ", stderr);
    vfprintf(stderr, format, ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

char *bench_path(const struct bench *b, const char *name, char *buf, size_t size)
{
    snprintf(buf, size, "%s/%s", b->folder, name);
    return buf;
}

void bench_write(const char *path, const struct str *text)
{
    FILE *file = fopen(path, "w");

    if (text->failed || !file || fwrite(text->data, 1, text->length, file) != text->length ||
        fclose(file) != 0)
        bench_die("cannot write %s", path);
}

struct config *bench_config(const char *yaml)
{
    struct config_errors errors = {0};
    struct config *config = NULL;
    struct types types;
    char text[sizeof(struct err)];

    types_fill(&types);
    if (config_load_bytes(yaml, strlen(yaml), "bench", &types.types, &config, &errors) < 0)
        bench_die("%s", errors.n_errors ? err_format(&errors.errors[0], text, sizeof text)
                                        : "the configuration");
    config_errors_done(&errors);
    return config;
}

static struct codebook *make_codebook(uint64_t *state)
{
    struct codebook *c;
    struct value values[1000];

    for (size_t i = 0; i < 1000; i++)
        values[i] = value_from_number(bench_normal(state));
    if (codebook_build(values, 1000, NULL, &c, NULL) < 0)
        bench_die("no codebook");
    return c;
}

struct layout *bench_layout(uint64_t *state, size_t n_features)
{
    struct layout *layout = calloc(1, sizeof *layout);

    if (layout)
        layout->features = calloc(n_features, sizeof *layout->features);
    if (!layout || !layout->features)
        bench_die("no memory for a layout");
    layout->n_features = n_features;
    for (size_t i = 0; i < n_features; i++) {
        snprintf(layout->features[i].name, sizeof layout->features[i].name, "f%02zu", i);
        layout->features[i].codebook = make_codebook(state);
    }
    if (layout_close(layout) < 0)
        bench_die("no layout");
    return layout;
}
