/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The digits do not depend on where the values lay: the moments are summed over the same order, and
 * runs merged by the order of the sort give what one sort gives.
 */
#include "numbers_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "driftop/stats/quantile.h"

#define FIRST_VALUES 32
#define LEAST_RUN    4096 /* values that are worth a run of their own */

void numbers_done(struct numbers *x, struct spool *s)
{
    s->used_bytes -= x->capacity * sizeof *x->values;
    free(x->values);
    free(x->extents);
    *x = (struct numbers){.n = 0};
}

int numbers_grow(struct numbers *x, struct spool *s)
{
    size_t capacity = x->capacity ? 2 * x->capacity : FIRST_VALUES;
    double *values = realloc(x->values, capacity * sizeof *values);
    if (!values)
        return ERR_NOMEM;
    s->used_bytes += (capacity - x->capacity) * sizeof *values;
    x->values = values;
    x->capacity = capacity;
    return 0;
}

static void forget_memory(struct numbers *x, struct spool *s)
{
    s->used_bytes -= x->capacity * sizeof *x->values;
    free(x->values);
    x->values = NULL;
    x->n = x->capacity = 0;
}

int numbers_spill(struct numbers *x, struct spool *s, struct err *e)
{
    if (x->n > 0) {
        if (VEC_ROOM(x->extents, x->n_extents, x->extents_capacity, 1) < 0)
            return err_set(e, ERR_NOMEM, "out of memory");
        int rc = spool_write(s, x->values, x->n * sizeof *x->values, &x->extents[x->n_extents], e);
        if (rc < 0)
            return rc;
        x->n_extents++;
        x->spooled += x->n;
    }
    forget_memory(x, s);
    return 0;
}

size_t numbers_count(const struct numbers *x)
{
    return (size_t)x->spooled + x->n;
}

/* Everything in the order of the rows. */
static int gather(const struct numbers *x, const struct spool *s, double *to, struct err *e)
{
    for (size_t i = 0; i < x->n_extents; i++) {
        int rc = spool_read(s, x->extents[i].offset, to, (size_t)x->extents[i].length, e);
        if (rc < 0)
            return rc;
        to += x->extents[i].length / sizeof *to;
    }
    if (x->n > 0)
        memcpy(to, x->values, x->n * sizeof *to);
    return 0;
}

/* A sorted run being consumed. */
struct run {
    const double *at, *end;
};

/* The order of quantile_sort(): -0 before +0. */
static bool run_before(const struct run *a, const struct run *b)
{
    if (*a->at < *b->at || *a->at > *b->at)
        return *a->at < *b->at;
    return signbit(*a->at) && !signbit(*b->at);
}

static void sink(struct run *heap, size_t n, size_t i)
{
    for (;;) {
        size_t least = i, child = 2 * i + 1;
        for (size_t c = child; c < n && c <= child + 1; c++) {
            if (run_before(&heap[c], &heap[least]))
                least = c;
        }
        if (least == i)
            return;
        struct run swap = heap[i];
        heap[i] = heap[least];
        heap[least] = swap;
        i = least;
    }
}

static void merge(struct run *heap, size_t n, double *to)
{
    for (size_t i = n / 2; i-- > 0;)
        sink(heap, n, i);
    while (n > 0) {
        *to++ = *heap[0].at++;
        if (heap[0].at == heap[0].end)
            heap[0] = heap[--n];
        sink(heap, n, 0);
    }
}

/* Sort pieces of what memory is left, then merge them into another room. */
static int sort_runs(struct spool *s, struct room *room, struct err *e)
{
    size_t left = s->limit_bytes > s->used_bytes ? s->limit_bytes - s->used_bytes : 0;
    size_t length = left / sizeof(double) > LEAST_RUN ? left / sizeof(double) : LEAST_RUN;
    size_t n_runs = (room->n + length - 1) / length;
    struct room scratch = {.n = 0}, sorted = {.n = 0};
    struct run *runs = calloc(n_runs + 1, sizeof *runs);
    int rc = runs ? 0 : err_set(e, ERR_NOMEM, "out of memory");
    scratch.values = runs ? malloc(length * sizeof(double)) : NULL;
    if (rc == 0 && !scratch.values)
        rc = err_set(e, ERR_NOMEM, "out of memory");
    for (size_t i = 0; rc == 0 && i < n_runs; i++) {
        double *first = room->values + i * length;
        size_t n = i + 1 < n_runs ? length : room->n - i * length;
        quantile_sort(first, scratch.values, n);
        runs[i] = (struct run){first, first + n};
    }
    free(scratch.values);
    if (rc == 0)
        rc = spool_room(s, room->n, &sorted, e);
    if (rc == 0) {
        merge(runs, n_runs, sorted.values);
        spool_release(s, room);
        *room = sorted;
    }
    free(runs);
    return rc;
}

static int sort_room(struct spool *s, struct room *room, struct err *e)
{
    struct room scratch;
    if (room->mapped_bytes)
        return sort_runs(s, room, e);
    int rc = spool_room(s, room->n, &scratch, e);
    if (rc < 0)
        return rc;
    quantile_sort(room->values, scratch.values, room->n);
    spool_release(s, &scratch);
    return 0;
}

int numbers_sort(struct numbers *x, struct spool *s, struct room *ret_room,
                 struct side_numbers *ret, struct err *e)
{
    size_t n = numbers_count(x);
    *ret = (struct side_numbers){
        .finite = n,
        .positive = x->positive,
        .negative = x->negative,
        .invalid = x->invalid,
        .mean = NAN,
        .sd = NAN,
    };
    int rc = spool_room(s, n, ret_room, e);
    if (rc == 0)
        rc = gather(x, s, ret_room->values, e);
    if (rc < 0)
        return rc;
    numbers_done(x, s);
    if (n > 0)
        quantile_moments(ret_room->values, n, &ret->mean, &ret->sd);
    rc = sort_room(s, ret_room, e);
    ret->sorted = ret_room->values;
    return rc;
}
