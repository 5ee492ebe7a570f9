/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Freezing a categorical reference: which texts get a cell of their own.
 */
#include <stdlib.h>
#include <string.h>

#include "codebook_private.h"
#include "driftop/base/err.h"

/* A text and how often it came. `number` holds the bytes of a number that came without text. */
struct tally {
    const char *bytes;
    size_t length;
    uint64_t count;
};

static int compare_bytes(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->bytes, y->bytes, shorter);
    if (order != 0)
        return order;
    return (x->length > y->length) - (x->length < y->length);
}

static int compare_counts(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return compare_bytes(a, b);
}

static int compare_hashes(const void *a, const void *b)
{
    const struct codebook_known *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

/* The values that are not missing, one tally each; numbers without text are written to `numbers`. */
static size_t gather(const struct value *values, size_t n, struct tally *tallies,
                     char (*numbers)[CODEBOOK_NUMBER_SIZE])
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == VALUE_MISSING)
            continue;
        struct codebook_bytes t = codebook_text(&values[i], numbers ? numbers[i] : NULL);
        tallies[count++] = (struct tally){t.bytes, t.length, 1};
    }
    return count;
}

/* Merge equal texts; returns how many remain. */
static size_t fold(struct tally *tallies, size_t n)
{
    size_t kept = 0;
    qsort(tallies, n, sizeof *tallies, compare_bytes);
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && compare_bytes(&tallies[kept - 1], &tallies[i]) == 0)
            tallies[kept - 1].count++;
        else
            tallies[kept++] = tallies[i];
    }
    return kept;
}

static int name_cells(struct codebook *c, const struct tally *tallies, size_t distinct)
{
    for (size_t i = 0; i < distinct && i < CODEBOOK_NAMED; i++) {
        char *copy = malloc(tallies[i].length + 1);
        if (!copy)
            return ERR_NOMEM;
        memcpy(copy, tallies[i].bytes, tallies[i].length);
        copy[tallies[i].length] = '\0';
        c->names[c->n_named++] = (struct codebook_name){copy, tallies[i].length};
    }
    return 0;
}

static int remember(struct codebook *c, const struct tally *tallies, size_t n)
{
    c->known = calloc(n + 1, sizeof *c->known);
    if (!c->known)
        return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        c->known[i].hash = hash_fast(tallies[i].bytes, tallies[i].length, CODEBOOK_SEED);
        c->known[i].cell = (uint32_t)(i < c->n_named ? i : c->n_named);
    }
    qsort(c->known, n, sizeof *c->known, compare_hashes);
    c->n_known = n;
    return 0;
}

static bool has_bare_number(const struct value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == VALUE_NUMBER && !values[i].text)
            return true;
    }
    return false;
}

int codebook_build_texts(struct codebook *c, const struct value *values, size_t n, size_t limit)
{
    char(*numbers)[CODEBOOK_NUMBER_SIZE] = NULL;
    struct tally *tallies = calloc(n + 1, sizeof *tallies);
    int rc = tallies ? 0 : ERR_NOMEM;
    if (rc == 0 && has_bare_number(values, n)) {
        numbers = calloc(n, sizeof *numbers);
        rc = numbers ? 0 : ERR_NOMEM;
    }
    if (rc < 0)
        goto out;
    size_t present = gather(values, n, tallies, numbers), distinct = fold(tallies, present);
    qsort(tallies, distinct, sizeof *tallies, compare_counts);
    c->summary.finite = present;
    c->summary.distinct = distinct;
    if (limit < CODEBOOK_NAMED)
        limit = CODEBOOK_NAMED;
    c->summary.truncated = distinct > limit;
    rc = name_cells(c, tallies, distinct);
    if (rc == 0)
        rc = remember(c, tallies, distinct < limit ? distinct : limit);
out:
    free(numbers);
    free(tallies);
    return rc;
}
