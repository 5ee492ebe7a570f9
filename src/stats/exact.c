/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/stats/quantile.h"
#include "search_private.h"

/* A stretch of cells: the sum of their weights, and the extremes of its prefixes. A cell weighs W
 * for each of its reference values and -n for each value in the window, so that the prefix that
 * ends with it is n W (F - G). */
struct node {
    int64_t sum, max, min;
};

struct exact {
    double *unique; /* reference values, rising */
    size_t n_unique;
    uint32_t *reference; /* how often each came */
    size_t n, window;
    struct node *nodes; /* 1 is the root, 2i and 2i+1 are below i */
    size_t leaves;      /* a power of two; cell c is node leaves + c */
    double *ring;
    uint32_t *ring_cells;
    size_t next, count;
};

static void pull(struct node *nodes, size_t i)
{
    const struct node *l = &nodes[2 * i], *r = &nodes[2 * i + 1];
    int64_t max = l->sum + r->max, min = l->sum + r->min;
    nodes[i].max = l->max > max ? l->max : max;
    nodes[i].min = l->min < min ? l->min : min;
    nodes[i].sum = l->sum + r->sum;
}

static void add_leaf(struct exact *x, size_t cell, int64_t weight)
{
    struct node *leaf = &x->nodes[x->leaves + cell];
    leaf->sum += weight;
    leaf->max = leaf->min = leaf->sum;
}

/* Both ways to the root at once: they do not wait for each other, and going on together after they
 * have met costs less than a guess where that is. */
static void climb(struct exact *x, size_t a, size_t b)
{
    a += x->leaves;
    b += x->leaves;
    while (a > 1) {
        a >>= 1;
        b >>= 1;
        pull(x->nodes, a);
        pull(x->nodes, b);
    }
}

static size_t cell_of(const struct exact *x, double value)
{
    size_t i = search_first(x->unique, x->n_unique, value);
    return 2 * i + (i < x->n_unique && x->unique[i] <= value);
}

/* Fold sorted values into unique ones with their counts. */
static void fold(struct exact *x, const double *sorted, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i] > sorted[i - 1])
            x->unique[x->n_unique++] = sorted[i];
        x->reference[x->n_unique - 1]++;
    }
}

static int prepare(struct exact *x, const double *reference)
{
    double *sorted = malloc(2 * x->n * sizeof *sorted);
    x->unique = malloc(x->n * sizeof *x->unique);
    x->reference = calloc(x->n, sizeof *x->reference);
    x->ring = malloc(x->window * sizeof *x->ring);
    x->ring_cells = malloc(x->window * sizeof *x->ring_cells);
    int rc = sorted && x->unique && x->reference && x->ring && x->ring_cells ? 0 : ERR_NOMEM;
    if (rc == 0) {
        memcpy(sorted, reference, x->n * sizeof *sorted);
        quantile_sort(sorted, sorted + x->n, x->n);
        fold(x, sorted, x->n);
    }
    free(sorted);
    for (x->leaves = 2; x->leaves < 2 * x->n_unique + 1;)
        x->leaves *= 2;
    if (rc == 0)
        x->nodes = calloc(2 * x->leaves, sizeof *x->nodes);
    if (!x->nodes)
        return ERR_NOMEM;
    for (size_t i = 0; i < x->n_unique; i++)
        add_leaf(x, 2 * i + 1, (int64_t)x->reference[i] * (int64_t)x->window);
    for (size_t i = x->leaves - 1; i > 0; i--)
        pull(x->nodes, i);
    return 0;
}

int exact_new(const double *reference, size_t n, size_t window, struct exact **ret)
{
    if (n == 0 || window == 0)
        return ERR_INVALID;
    if (n > (size_t)1 << 30 || window > (size_t)1 << 30)
        return ERR_LIMIT;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(reference[i]))
            return ERR_INVALID;
    }
    struct exact *x = calloc(1, sizeof *x);
    if (!x)
        return ERR_NOMEM;
    x->n = n;
    x->window = window;
    int rc = prepare(x, reference);
    if (rc < 0) {
        exact_free(x);
        return rc;
    }
    *ret = x;
    return 0;
}

void exact_free(struct exact *x)
{
    if (!x)
        return;
    free(x->unique);
    free(x->reference);
    free(x->nodes);
    free(x->ring);
    free(x->ring_cells);
    free(x);
}

void exact_push(struct exact *x, double value)
{
    uint32_t cell = (uint32_t)cell_of(x, value), gone = cell;
    if (x->count == x->window) {
        gone = x->ring_cells[x->next];
        add_leaf(x, gone, (int64_t)x->n);
    } else {
        x->count++;
    }
    x->ring[x->next] = value;
    x->ring_cells[x->next] = cell;
    x->next = x->next + 1 == x->window ? 0 : x->next + 1;
    add_leaf(x, cell, -(int64_t)x->n);
    climb(x, cell, gone);
}

size_t exact_count(const struct exact *x)
{
    return x->count;
}

uint64_t exact_gap(const struct exact *x)
{
    const struct node *root = &x->nodes[1];
    if (x->count < x->window)
        return 0;
    return (uint64_t)(root->max > -root->min ? root->max : -root->min);
}

/* The first cell at whose end the gap is attained. */
static size_t first_cell(const struct exact *x, int64_t gap, int64_t *ret_prefix)
{
    const struct node *nodes = x->nodes;
    int64_t before = 0;
    size_t i = 1;
    while (i < x->leaves) {
        const struct node *left = &nodes[2 * i];
        bool here = before + left->max >= gap || before + left->min <= -gap;
        before += here ? 0 : left->sum;
        i = 2 * i + !here;
    }
    *ret_prefix = before + nodes[i].sum;
    return i - x->leaves;
}

/* Inside a gap between reference values the largest of the window's own attains it, or, where the
 * window has none there, the reference value before. */
static double cell_end(const struct exact *x, size_t cell)
{
    if (cell % 2 == 1)
        return x->unique[cell / 2];
    double end = cell > 0 ? x->unique[cell / 2 - 1] : -INFINITY;
    for (size_t i = 0; i < x->count; i++) {
        if (x->ring_cells[i] == cell && x->ring[i] > end)
            end = x->ring[i];
    }
    return end;
}

/* How many values of each side are up to the location. */
static struct ks_gap with_counts(const struct exact *x, struct ks_gap gap)
{
    for (size_t i = 0; i < x->n_unique && x->unique[i] <= gap.location; i++)
        gap.reference_below += x->reference[i];
    for (size_t i = 0; i < x->count; i++)
        gap.current_below += x->ring[i] <= gap.location;
    return gap;
}

/* Until the window is full its weights are not those of the tree. */
static struct ks_gap scan(const struct exact *x)
{
    struct ks_gap best = {.gap = 0};
    int64_t prefix = 0, count = (int64_t)x->count, window = (int64_t)x->window;
    size_t at = 0;
    for (size_t c = 0; c <= 2 * x->n_unique; c++) {
        int64_t reference = c % 2 ? (int64_t)x->reference[c / 2] : 0;
        int64_t inside = reference * window - x->nodes[x->leaves + c].sum;
        prefix += reference * count - inside;
        uint64_t gap = (uint64_t)(prefix < 0 ? -prefix : prefix);
        if (gap > best.gap) {
            best = (struct ks_gap){.gap = gap, .direction = prefix < 0 ? KS_LOWER : KS_HIGHER};
            at = c;
        }
    }
    best.location = best.gap > 0 ? cell_end(x, at) : x->unique[0];
    return best;
}

struct ks_gap exact_locate(const struct exact *x)
{
    uint64_t gap = exact_gap(x);
    if (gap == 0)
        return with_counts(x, scan(x));
    int64_t prefix;
    size_t cell = first_cell(x, (int64_t)gap, &prefix);
    return with_counts(x, (struct ks_gap){.gap = gap,
                                          .location = cell_end(x, cell),
                                          .direction = prefix < 0 ? KS_LOWER : KS_HIGHER});
}
