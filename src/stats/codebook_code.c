/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A codebook as bytes: "DCB", a version byte, then little-endian numbers; a double is its bits.
 * What can be derived is not stored. Decoding believes nothing.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codebook_private.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"

#define MAGIC         "DCB"
#define VERSION       1
#define MAX_CUTS      ((size_t)1 << 26)
#define MAX_KNOWN     ((size_t)1 << 26)
#define SUMMARY_REALS 9

#define FLAG_CATEGORICAL 1u
#define FLAG_EXACT       2u
#define FLAG_TRUNCATED   4u

static void put(struct str *s, uint64_t v, int bytes)
{
    char raw[8];
    for (int i = 0; i < bytes; i++)
        raw[i] = (char)(unsigned char)(v >> (8 * i));
    str_add_bytes(s, raw, (size_t)bytes);
}

static void put_real(struct str *s, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    put(s, isnan(v) ? UINT64_C(0x7ff8000000000000) : bits, 8);
}

/* The places of the summary's doubles, in the order of the encoding. */
static void reals_of(struct codebook_summary *s, double *ret[SUMMARY_REALS])
{
    double *all[SUMMARY_REALS] = {&s->min, &s->max, &s->mean, &s->sd, &s->p5,
                                  &s->q1,  &s->p50, &s->q3,   &s->p95};
    memcpy(ret, all, sizeof all);
}

int codebook_encode(const struct codebook *c, struct str *out)
{
    struct codebook_summary summary = c->summary;
    double *reals[SUMMARY_REALS];
    reals_of(&summary, reals);
    unsigned flags = (summary.kind == CODEBOOK_CATEGORICAL ? FLAG_CATEGORICAL : 0) |
                     (summary.exact ? FLAG_EXACT : 0) | (summary.truncated ? FLAG_TRUNCATED : 0);
    str_add(out, MAGIC);
    put(out, VERSION, 1);
    put(out, flags, 1);
    put(out, summary.rows, 8);
    put(out, summary.finite, 8);
    put(out, summary.distinct, 8);
    for (size_t i = 0; i < SUMMARY_REALS; i++)
        put_real(out, *reals[i]);
    put(out, c->n_edges, 1);
    for (size_t i = 0; i < c->n_edges; i++)
        put_real(out, c->edges[i]);
    put(out, c->n_cuts, 4);
    for (size_t i = 0; i < c->n_cuts; i++)
        put_real(out, c->cuts[i]);
    put(out, c->n_named, 1);
    for (size_t i = 0; i < c->n_named; i++) {
        put(out, c->names[i].length, 4);
        str_add_bytes(out, c->names[i].bytes, c->names[i].length);
    }
    put(out, c->n_known, 4);
    for (size_t i = 0; i < c->n_known; i++) {
        put(out, c->known[i].hash, 8);
        put(out, c->known[i].cell, 1);
    }
    for (size_t i = 0; i < c->n_cells; i++)
        put(out, c->counts[i], 4);
    return out->failed ? ERR_LIMIT : 0;
}

/* What is left to read; `bad` once anything was short or out of range. */
struct reader {
    const unsigned char *at;
    size_t left;
    bool bad;
};

static uint64_t get(struct reader *r, int bytes)
{
    uint64_t v = 0;
    if (r->bad || r->left < (size_t)bytes) {
        r->bad = true;
        return 0;
    }
    for (int i = 0; i < bytes; i++)
        v |= (uint64_t)r->at[i] << (8 * i);
    r->at += bytes;
    r->left -= (size_t)bytes;
    return v;
}

static double get_real(struct reader *r)
{
    uint64_t bits = get(r, 8);
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

/* A number of elements of at least `size` bytes each, which must still fit into what is left. */
static size_t get_count(struct reader *r, int bytes, size_t limit, size_t size)
{
    uint64_t n = get(r, bytes);
    if (n > limit || n > r->left / size)
        r->bad = true;
    return r->bad ? 0 : (size_t)n;
}

static void get_rising(struct reader *r, double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        values[i] = get_real(r);
        if (!isfinite(values[i]) || (i > 0 && !(values[i] > values[i - 1])))
            r->bad = true;
    }
}

static void decode_summary(struct reader *r, struct codebook *c)
{
    double *reals[SUMMARY_REALS];
    reals_of(&c->summary, reals);
    uint64_t flags = get(r, 1);
    c->summary.kind = flags & FLAG_CATEGORICAL ? CODEBOOK_CATEGORICAL : CODEBOOK_NUMERIC;
    c->summary.exact = flags & FLAG_EXACT;
    c->summary.truncated = flags & FLAG_TRUNCATED;
    c->summary.rows = get(r, 8);
    c->summary.finite = get(r, 8);
    c->summary.distinct = get(r, 8);
    for (size_t i = 0; i < SUMMARY_REALS; i++)
        *reals[i] = get_real(r);
    bool measured = c->summary.kind == CODEBOOK_NUMERIC && c->summary.finite > 0;
    for (size_t i = 0; i < SUMMARY_REALS; i++) {
        /* mean and sd may overflow in an honest reference; an order never may */
        if (isnan(*reals[i]) == measured && i != 2 && i != 3)
            r->bad = true;
    }
    if (flags > 7 || c->summary.finite > c->summary.rows ||
        c->summary.distinct > c->summary.finite || c->summary.rows > UINT32_MAX)
        r->bad = true;
}

static int decode_numbers(struct reader *r, struct codebook *c)
{
    c->n_edges = get_count(r, 1, CODEBOOK_EDGES, 8);
    get_rising(r, c->edges, c->n_edges);
    c->n_cuts = get_count(r, 4, MAX_CUTS, 8);
    c->cuts = calloc(c->n_cuts + 1, sizeof *c->cuts);
    if (!c->cuts)
        return ERR_NOMEM;
    get_rising(r, c->cuts, c->n_cuts);
    /* Every edge must be a cut, or deciles would not be unions of cells. */
    for (size_t i = 0, j = 0; i < c->n_edges; i++) {
        while (j < c->n_cuts && c->cuts[j] < c->edges[i])
            j++;
        if (j == c->n_cuts || c->cuts[j] > c->edges[i])
            r->bad = true;
    }
    return 0;
}

static int decode_names(struct reader *r, struct codebook *c)
{
    size_t n_named = get_count(r, 1, CODEBOOK_NAMED, 4);
    for (size_t i = 0; i < n_named && !r->bad; i++) {
        size_t length = get_count(r, 4, SIZE_MAX, 1);
        char *copy = malloc(length + 1);
        if (!copy)
            return ERR_NOMEM;
        memcpy(copy, r->at, length);
        copy[length] = '\0';
        c->names[c->n_named++] = (struct codebook_name){copy, length};
        r->at += length;
        r->left -= length;
    }
    c->n_known = get_count(r, 4, MAX_KNOWN, 9);
    c->known = calloc(c->n_known + 1, sizeof *c->known);
    if (!c->known)
        return ERR_NOMEM;
    for (size_t i = 0; i < c->n_known; i++) {
        c->known[i].hash = get(r, 8);
        c->known[i].cell = (uint32_t)get(r, 1);
        if (c->known[i].cell > c->n_named || (i > 0 && c->known[i].hash < c->known[i - 1].hash))
            r->bad = true;
    }
    return 0;
}

static int decode_counts(struct reader *r, struct codebook *c)
{
    int rc = r->bad ? ERR_DATA : codebook_shape(c);
    uint64_t sum = 0;
    for (size_t i = 0; rc == 0 && i < c->n_cells; i++) {
        c->counts[i] = (uint32_t)get(r, 4);
        sum += c->counts[i];
    }
    if (rc < 0)
        return rc;
    bool numeric = c->summary.kind == CODEBOOK_NUMERIC;
    bool other_kind = numeric ? c->n_named + c->n_known > 0 : c->n_cuts + c->n_edges > 0;
    return r->bad || r->left > 0 || other_kind || sum != c->summary.rows ? ERR_DATA : 0;
}

static int decode(struct reader *r, struct codebook *c)
{
    decode_summary(r, c);
    int rc = decode_numbers(r, c);
    if (rc == 0)
        rc = decode_names(r, c);
    if (rc == 0)
        rc = decode_counts(r, c);
    if (rc == 0)
        rc = codebook_derive(c);
    return rc == 0 ? codebook_seal(c) : rc;
}

int codebook_decode(const void *bytes, size_t length, struct codebook **ret, struct err *e)
{
    struct reader r = {bytes, length, false};
    if (length < 4 || memcmp(bytes, MAGIC, 3) != 0)
        return err_set(e, ERR_DATA, "not a codebook");
    if (r.at[3] != VERSION)
        return err_set(e, ERR_VERSION, "codebook of version %d, this program reads %d", r.at[3],
                       VERSION);
    r.at += 4;
    r.left -= 4;
    struct codebook *c = calloc(1, sizeof *c);
    int rc = c ? decode(&r, c) : ERR_NOMEM;
    /* One codebook has one encoding, or its hash would not name it. */
    char hash[HASH_HEX_SIZE];
    if (rc == 0 && strcmp(hash_sha256(bytes, length, hash), c->hash) != 0)
        rc = ERR_DATA;
    if (rc < 0) {
        codebook_free(c);
        return err_set(e, rc, "not a codebook: %s", err_message(rc));
    }
    *ret = c;
    return 0;
}
