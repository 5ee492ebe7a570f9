/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two sorted streams of counted texts side by side. The commonest of the reference are kept in
 * order; what falls out of them, or never gets in, is the remaining reference.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "judge_private.h"
#include "text_run_private.h"

static void drop_last(struct joined *j)
{
    struct side_categories *s = &j->sides;
    const struct side_category *last = &s->named[--s->n_named];
    s->other_reference += last->reference;
    s->other_current += last->current;
    free(j->names[s->n_named]);
}

/* A text of the reference. They come in the order of bytes, so of two with the same count the
 * first one stays in front. */
static int put_text(struct joined *j, const struct text_entry *text, uint64_t current)
{
    struct side_categories *s = &j->sides;
    size_t at = s->n_named;
    while (at > 0 && s->named[at - 1].reference < text->count)
        at--;
    if (at == SIDE_NAMED) {
        s->other_reference += text->count;
        s->other_current += current;
        return 0;
    }
    char *copy = malloc(text->length + 1);
    if (!copy)
        return ERR_NOMEM;
    memcpy(copy, text->bytes, text->length);
    if (s->n_named == SIDE_NAMED)
        drop_last(j);
    memmove(&s->named[at + 1], &s->named[at], (s->n_named - at) * sizeof *s->named);
    memmove(&j->names[at + 1], &j->names[at], (s->n_named - at) * sizeof *j->names);
    s->named[at] = (struct side_category){copy, text->length, text->count, current};
    j->names[at] = copy;
    s->n_named++;
    return 0;
}

/* One side's stream with the text it stands at. */
struct reader {
    struct text_stream *stream;
    struct text_entry at;
    bool live;
};

static int move_on(struct reader *r, struct err *e)
{
    int rc = text_stream_next(r->stream, &r->at, e);
    r->live = rc > 0;
    return rc < 0 ? rc : 0;
}

/* The smaller of the two texts, or both when they are equal. */
static int join_one(struct joined *j, struct reader *x, struct reader *y, struct err *e)
{
    int order = !x->live ? 1 : !y->live ? -1 : text_order(&x->at, &y->at);
    if (order > 0) {
        j->sides.unseen += y->at.count;
        return move_on(y, e);
    }
    if (put_text(j, &x->at, order == 0 ? y->at.count : 0) < 0)
        return err_set(e, ERR_NOMEM, "out of memory");
    int rc = move_on(x, e);
    return rc == 0 && order == 0 ? move_on(y, e) : rc;
}

int join_texts(struct texts *reference, uint64_t reference_rows, struct texts *current,
               uint64_t current_rows, const struct spool *s, struct joined *ret, struct err *e)
{
    struct reader x = {.stream = NULL}, y = {.stream = NULL};
    *ret = (struct joined){.sides = {.n_named = 0}};
    int rc = text_stream_new(reference, s, &x.stream, e);
    if (rc == 0)
        rc = text_stream_new(current, s, &y.stream, e);
    if (rc == 0)
        rc = move_on(&x, e);
    if (rc == 0)
        rc = move_on(&y, e);
    while (rc == 0 && (x.live || y.live))
        rc = join_one(ret, &x, &y, e);
    ret->sides.missing_reference = reference_rows - reference->rows;
    ret->sides.missing_current = current_rows - current->rows;
    text_stream_free(x.stream);
    text_stream_free(y.stream);
    return rc;
}

void joined_done(struct joined *j)
{
    for (size_t i = 0; i < j->sides.n_named; i++)
        free(j->names[i]);
    j->sides.n_named = 0;
}
