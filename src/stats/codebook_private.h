/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of a codebook, for the files of this folder.
 *
 * Numeric cells: 0 .. n_cuts are intervals, cell i being (cuts[i-1], cuts[i]], then missing, +inf,
 * -inf, invalid. Report cells: 0 .. n_edges are deciles, then the same four.
 * Categorical cells: 0 .. n_named-1, then other, unseen, missing; report cells are the same.
 */
#ifndef DRIFTOP_STATS_CODEBOOK_PRIVATE_H
#define DRIFTOP_STATS_CODEBOOK_PRIVATE_H

#include "driftop/base/hash.h"
#include "driftop/stats/codebook.h"

#define CODEBOOK_NAMED     64
#define CODEBOOK_QUANTILES 64
#define CODEBOOK_EDGES     9
#define NUMERIC_SPECIALS   4
#define TEXT_SPECIALS      3

struct codebook_name {
    char *bytes; /* not terminated */
    size_t length;
};

/* A category's bytes, borrowed. */
struct codebook_bytes {
    const char *bytes;
    size_t length;
};

/* A text of the reference, by its hash; `cell` is its name's, or OTHER's. */
struct codebook_known {
    uint64_t hash;
    uint32_t cell;
};

struct codebook {
    struct codebook_summary summary;
    size_t n_cells;
    uint32_t *counts;
    char hash[HASH_HEX_SIZE];

    double *cuts; /* finite, strictly rising */
    size_t n_cuts;
    uint8_t *decile; /* of each of the n_cuts + 1 interval cells */
    double edges[CODEBOOK_EDGES];
    size_t n_edges;

    struct codebook_name names[CODEBOOK_NAMED]; /* by count, ties by bytes */
    size_t n_named;
    struct codebook_known *known; /* by hash */
    size_t n_known;
};

/* Seed of the hashes that are stored: fixed, because an encoding must mean the same everywhere. */
#define CODEBOOK_SEED UINT64_C(0x64726966746f7001)

/* A category's bytes: the text as written, or the shortest decimal of a number that came without
 * one. buf holds the latter. */
#define CODEBOOK_NUMBER_SIZE 32
struct codebook_bytes codebook_text(const struct value *value, char buf[CODEBOOK_NUMBER_SIZE]);

/* Allocate an empty codebook's counts once its shape is known. ERR_NOMEM. */
int codebook_shape(struct codebook *c);
/* Derive `decile` from cuts and edges. ERR_NOMEM. */
int codebook_derive(struct codebook *c);
/* Fill `hash` from the encoding. ERR_NOMEM, ERR_LIMIT. */
int codebook_seal(struct codebook *c);

/* Cells of the categorical kind, built from the reference. */
int codebook_build_texts(struct codebook *c, const struct value *values, size_t n, size_t limit);
/* The kind by the rule of codebook_build(). */
enum codebook_kind codebook_kind_of(const struct value *values, size_t n);
/* A zeroed codebook of no values yet. NULL when out of memory. */
struct codebook *codebook_new(enum codebook_kind kind, size_t rows);

/* Number of report cells, and the one that a cell belongs to. */
size_t codebook_reports(const struct codebook *c);
size_t codebook_report(const struct codebook *c, size_t cell);
/* Number of cells that are intervals; 0 when categorical. */
size_t codebook_intervals(const struct codebook *c);
/* Whether a cell is an interval that lies outside the reference's range. */
bool codebook_outside(const struct codebook *c, size_t cell);

#endif
