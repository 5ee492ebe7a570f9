/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sorted runs and the sorted table merged into one stream. The head of each run is in memory; a heap
 * says whose head comes next.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "text_run_private.h"

#define HEAD_BYTES (2 * sizeof(uint64_t))

/* One sorted source: a run in the spool, or the table (run.length 0, next and last set). */
struct source {
    struct text_entry head;
    struct extent rest; /* of the run, not read yet */
    struct str buffer;  /* read; the head's bytes begin it */
    size_t taken;       /* of the buffer, by the head */
    const struct text_entry *next, *last;
};

struct text_stream {
    const struct spool *spool;
    struct source **heap;
    struct source *sources;
    size_t n_sources, n_live;
    struct str bytes; /* of the text handed out */
};

int text_run_put(struct str *bytes, const struct text_entry *entry)
{
    uint64_t head[2] = {entry->count, entry->length};
    int rc = str_add_bytes(bytes, head, sizeof head);
    return rc < 0 ? rc : str_add_bytes(bytes, entry->bytes, entry->length);
}

/* At least `least` bytes in the buffer; the run has them. */
static int fill(struct source *r, const struct spool *s, size_t least, struct err *e)
{
    char piece[4096];
    while (r->buffer.length < least) {
        size_t n = r->rest.length < sizeof piece ? (size_t)r->rest.length : sizeof piece;
        int rc = n ? spool_read(s, r->rest.offset, piece, n, e)
                   : err_set(e, ERR_INTERNAL, "a run of texts is too short");
        if (rc == 0)
            rc = str_add_bytes(&r->buffer, piece, n);
        if (rc < 0)
            return rc;
        r->rest.offset += n;
        r->rest.length -= n;
    }
    return 0;
}

/* 1 with a head, 0 at the end. */
static int step(struct source *r, const struct spool *s, struct err *e)
{
    if (r->next != r->last) {
        r->head = *r->next++;
        return 1;
    }
    str_consume(&r->buffer, r->taken);
    r->taken = 0;
    if (r->buffer.length == 0 && r->rest.length == 0)
        return 0;
    uint64_t head[2];
    int rc = fill(r, s, HEAD_BYTES, e);
    if (rc < 0)
        return rc;
    memcpy(head, r->buffer.data, sizeof head);
    r->taken = HEAD_BYTES + (size_t)head[1];
    rc = fill(r, s, r->taken, e);
    r->head = (struct text_entry){
        .count = head[0], .bytes = r->buffer.data + HEAD_BYTES, .length = (size_t)head[1]};
    return rc < 0 ? rc : 1;
}

static void sink(struct text_stream *st, size_t i)
{
    for (;;) {
        size_t least = i, child = 2 * i + 1;
        for (size_t c = child; c < st->n_live && c <= child + 1; c++) {
            if (text_order(&st->heap[c]->head, &st->heap[least]->head) < 0)
                least = c;
        }
        if (least == i)
            return;
        struct source *swap = st->heap[i];
        st->heap[i] = st->heap[least];
        st->heap[least] = swap;
        i = least;
    }
}

void text_stream_free(struct text_stream *st)
{
    if (!st)
        return;
    for (size_t i = 0; i < st->n_sources; i++)
        str_done(&st->sources[i].buffer);
    free(st->sources);
    free(st->heap);
    str_done(&st->bytes);
    free(st);
}

static int start(struct text_stream *st, struct texts *t, struct err *e)
{
    st->sources = calloc(t->n_runs + 1, sizeof *st->sources);
    st->heap = calloc(t->n_runs + 1, sizeof(struct source *));
    if (!st->sources || !st->heap)
        return err_set(e, ERR_NOMEM, "out of memory");
    for (; st->n_sources <= t->n_runs; st->n_sources++) {
        struct source *r = &st->sources[st->n_sources];
        str_init(&r->buffer, 0);
        if (st->n_sources < t->n_runs)
            r->rest = t->runs[st->n_sources];
        else if (t->n > 0)
            r->last = (r->next = t->entries) + t->n;
        int rc = step(r, st->spool, e);
        if (rc < 0)
            return rc;
        if (rc > 0)
            st->heap[st->n_live++] = r;
    }
    for (size_t i = st->n_live / 2; i-- > 0;)
        sink(st, i);
    return 0;
}

int text_stream_new(struct texts *t, const struct spool *s, struct text_stream **ret, struct err *e)
{
    struct text_stream *st = calloc(1, sizeof *st);
    if (!st)
        return err_set(e, ERR_NOMEM, "out of memory");
    st->spool = s;
    str_init(&st->bytes, 0);
    texts_sort(t);
    int rc = start(st, t, e);
    if (rc < 0)
        text_stream_free(st);
    else
        *ret = st;
    return rc;
}

/* Move the first source on; it leaves at its end. */
static int advance(struct text_stream *st, struct err *e)
{
    int rc = step(st->heap[0], st->spool, e);
    if (rc < 0)
        return rc;
    if (rc == 0)
        st->heap[0] = st->heap[--st->n_live];
    sink(st, 0);
    return 0;
}

int text_stream_next(struct text_stream *st, struct text_entry *ret, struct err *e)
{
    if (st->n_live == 0)
        return 0;
    *ret = st->heap[0]->head;
    str_clear(&st->bytes);
    if (str_add_bytes(&st->bytes, ret->bytes, ret->length) < 0)
        return err_set(e, ERR_NOMEM, "out of memory");
    ret->bytes = st->bytes.data;
    ret->count = 0;
    while (st->n_live > 0 && text_order(&st->heap[0]->head, ret) == 0) {
        ret->count += st->heap[0]->head.count;
        int rc = advance(st, e);
        if (rc < 0)
            return rc;
    }
    return 1;
}

static int count_distinct(struct texts *t, const struct spool *s, uint64_t *ret, struct err *e)
{
    struct text_stream *st;
    struct text_entry text;
    int rc = text_stream_new(t, s, &st, e);
    if (rc < 0)
        return rc;
    *ret = 0;
    while ((rc = text_stream_next(st, &text, e)) > 0)
        (*ret)++;
    text_stream_free(st);
    return rc;
}

int texts_all_different(struct texts *t, const struct spool *s, bool *ret, struct err *e)
{
    uint64_t distinct = t->n;
    int rc = t->n_runs > 0 ? count_distinct(t, s, &distinct, e) : 0;
    *ret = t->rows > 1 && distinct == t->rows;
    return rc;
}
