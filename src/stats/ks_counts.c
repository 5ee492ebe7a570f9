/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * D on counts of cells.
 */
#include <math.h>

#include "ks_private.h"

/* No double lies strictly between the cell's ends: it holds one value, so there is no inside. */
static bool is_atom(const double *cuts, size_t n_cuts, size_t cell)
{
    return cell > 0 && cell < n_cuts && nextafter(cuts[cell - 1], INFINITY) >= cuts[cell];
}

/* Two cumulative counts on the way up the cells, F times w and G times n so that they compare. */
struct climb {
    uint64_t n, w;
    uint64_t f, g;       /* up to the last cell */
    uint64_t low, high;  /* the widest gap at a cut, and the widest that a cell could hide */
    uint64_t at_f, at_g; /* where low was found */
    size_t at;
};

/* Between here and there F and G rise, so that no gap on the way is wider than this. */
static uint64_t widest_gap(const struct climb *c, uint64_t f_end, uint64_t g_end)
{
    uint64_t above = f_end > c->g ? f_end - c->g : 0, below = g_end > c->f ? g_end - c->f : 0;
    return above > below ? above : below;
}

/* The cells from `first` to before `end`. */
static void climb_cells(struct climb *c, const double *cuts, size_t n_cuts,
                        const uint32_t *reference, const uint32_t *current, size_t first,
                        size_t end)
{
    for (size_t i = first; i < end; i++) {
        uint64_t f_end = c->f + reference[i] * c->w, g_end = c->g + current[i] * c->n;
        uint64_t inside = widest_gap(c, f_end, g_end), gap = ks_distance(f_end, g_end);
        c->f = f_end;
        c->g = g_end;
        /* What is no wider than the widest gap at a cut changes nothing: most cells end here. */
        if (inside <= c->low)
            continue;
        if (gap > c->low) {
            c->low = gap;
            c->at = i;
            c->at_f = f_end;
            c->at_g = g_end;
        }
        if (inside > c->high && reference[i] > 0 && current[i] > 0 && !is_atom(cuts, n_cuts, i))
            c->high = inside;
    }
}

/* Cells are summed by the block first, as fast as they come from memory; then only those blocks are
 * climbed in which a gap can be wider than at the blocks' ends. */
#define BLOCK       16
#define MOST_BLOCKS 1024 /* of more than BLOCK cells each where there are more cells */

struct block {
    uint64_t reference, current;
};

struct blocks {
    size_t cells, length; /* in all, and in each but the last block */
    uint64_t n, w;
    struct block sums[MOST_BLOCKS];
};

/* The constant length lets the compiler add four or more at once. */
static uint64_t block_sum(const uint32_t *counts)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += counts[i];
    return sum;
}

static uint64_t sum_of(const uint32_t *counts, size_t n)
{
    uint64_t sum = 0;
    size_t i = 0;
    for (; i + BLOCK <= n; i += BLOCK)
        sum += block_sum(&counts[i]);
    for (; i < n; i++)
        sum += counts[i];
    return sum;
}

static size_t block_end(const struct blocks *b, size_t first)
{
    return b->cells - first < b->length ? b->cells : first + b->length;
}

static void sum_blocks(const uint32_t *reference, const uint32_t *current, size_t cells,
                       struct blocks *ret)
{
    ret->cells = cells;
    ret->length = BLOCK * (1 + (cells - 1) / (BLOCK * MOST_BLOCKS));
    ret->n = ret->w = 0;
    struct block *sum = ret->sums;
    for (size_t i = 0; i < cells; i += ret->length, sum++) {
        size_t length = block_end(ret, i) - i;
        sum->reference = sum_of(&reference[i], length);
        sum->current = sum_of(&current[i], length);
        ret->n += sum->reference;
        ret->w += sum->current;
    }
}

/* The widest gap at the end of a block. */
static uint64_t widest_end(const struct blocks *b)
{
    const struct block *sum = b->sums;
    uint64_t f = 0, g = 0, widest = 0;
    for (size_t i = 0; i < b->cells; i += b->length, sum++) {
        f += sum->reference * b->w;
        g += sum->current * b->n;
        uint64_t gap = ks_distance(f, g);
        widest = gap > widest ? gap : widest;
    }
    return widest;
}

struct ks_bracket ks_bracket_counts(const double *cuts, size_t n_cuts, const uint32_t *reference,
                                    const uint32_t *current)
{
    struct blocks b;
    sum_blocks(reference, current, n_cuts + 1, &b);
    struct climb c = {.n = b.n, .w = b.w, .low = widest_end(&b)};
    /* one less, so that the first cell that attains it is found */
    c.low -= c.low > 0;
    const struct block *sum = b.sums;
    for (size_t i = 0; i < b.cells; i += b.length, sum++) {
        uint64_t f_end = c.f + sum->reference * c.w, g_end = c.g + sum->current * c.n;
        if (widest_gap(&c, f_end, g_end) > c.low)
            climb_cells(&c, cuts, n_cuts, reference, current, i, block_end(&b, i));
        c.f = f_end;
        c.g = g_end;
    }
    return (struct ks_bracket){.n = c.n,
                               .w = c.w,
                               .low = c.low,
                               .high = c.high > c.low ? c.high : c.low,
                               .cut = c.at,
                               .at_f = c.at_f,
                               .at_g = c.at_g};
}

void ks_from_counts(const double *cuts, size_t n_cuts, const uint32_t *reference,
                    const uint32_t *current, double alpha, struct ks *ret)
{
    struct ks_bracket b = ks_bracket_counts(cuts, n_cuts, reference, current);
    *ret = (struct ks){.n = b.n, .w = b.w};
    if (b.n == 0 || b.w == 0)
        return;
    double scale = (double)b.n * (double)b.w;
    ret->location = n_cuts > 0 ? cuts[b.cut] : 0; /* the open cell ends with F = G = 1 */
    ret->direction = ks_direction_of(b.at_f, b.at_g);
    ret->reference_below_ratio = (double)b.at_f / scale;
    ret->current_below_ratio = (double)b.at_g / scale;
    ret->bracket_low = (double)b.low / scale;
    ret->bracket_high = (double)b.high / scale;
    ks_frame(ret, alpha);
}
