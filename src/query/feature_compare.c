/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window on the screen against other rows than the reference: the champion's of the same minutes, the
 * window before, the same hour a week ago. All on the counts that are stored anyway.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/stats/window_pack.h"
#include "feature_private.h"

#define WEEK_MS (7 * 24 * INT64_C(3600000))

/* Both sides of one comparison: the whole layout's cells, of which the feature's are judged. */
struct pair {
    uint32_t *other, *current;
    uint64_t other_rows, current_rows;
};

const char *feature_against_name(enum feature_against against)
{
    switch (against) {
    case AGAINST_CHAMPION: return "champion";
    case AGAINST_PREVIOUS: return "previous";
    case AGAINST_LAST_WEEK: return "last_week";
    }
    return "";
}

/* Where the window begins whose last bucket now is in. */
static int64_t first_ms(enum window_span span, int64_t now_ms)
{
    int64_t width = window_bucket_ms(span);
    return now_ms / width * width - ((int64_t)window_bucket_count(span) - 1) * width;
}

static int sum_of(struct looking *l, int64_t version_id, enum window_span level, int64_t from_ms,
                  int64_t to_ms, uint32_t *counts, uint64_t *rows, struct err *e)
{
    struct counts_key key = {version_id, l->layout->id, (int)level, from_ms};
    return store_sum_range(l->s, &key, to_ms, l->layout->n_cells, counts, rows, e);
}

static void clear(const struct looking *l, struct pair *p)
{
    memset(p->other, 0, l->layout->n_cells * sizeof *p->other);
    p->other_rows = 0;
}

static int previous_rows(struct looking *l, enum window_span span, struct pair *p, struct err *e)
{
    int64_t now_ms = l->sn->now_ms, from_ms = first_ms(span, now_ms);
    int64_t span_ms = window_bucket_ms(span) * (int64_t)window_bucket_count(span);
    return sum_of(l, l->shown->id, span, from_ms - span_ms, from_ms, p->other, &p->other_rows, e);
}

/* Whatever version served then; older counts are kept by the hour. */
static int last_week_rows(struct looking *l, enum window_span span, struct pair *p, struct err *e)
{
    int64_t hour_ms = window_bucket_ms(WINDOW_24H), now_ms = l->sn->now_ms;
    int64_t from_ms = (first_ms(span, now_ms) - WEEK_MS) / hour_ms * hour_ms;
    int rc = 0;
    for (size_t i = 0; i < l->n_versions && rc == 0; i++)
        rc = sum_of(l, l->versions[i].id, WINDOW_24H, from_ms, now_ms - WEEK_MS, p->other,
                    &p->other_rows, e);
    return rc;
}

/* ---- the champion, over the buckets in which both have rows ---- */

/* Which of a window's buckets have rows. */
struct starts {
    int64_t first_ms, width_ms;
    uint64_t has; /* a bit a bucket */
};

static int note_start(void *ctx, int64_t start_ms, uint32_t rows, const void *packed, size_t length)
{
    struct starts *s = ctx;
    int64_t at = (start_ms - s->first_ms) / s->width_ms;
    (void)packed;
    (void)length;
    if (rows > 0 && at >= 0 && at < 64)
        s->has |= UINT64_C(1) << at;
    return 0;
}

static int find_starts(struct looking *l, int64_t version_id, enum window_span span,
                       struct starts *ret, struct err *e)
{
    struct counts_key key = {version_id, l->layout->id, (int)span, first_ms(span, l->sn->now_ms)};
    *ret = (struct starts){.first_ms = key.start_ms, .width_ms = window_bucket_ms(span)};
    return store_each_counts(l->s, &key, l->sn->now_ms + WINDOW_AHEAD_MS + 1, note_start, ret, e);
}

static int champion_rows(struct looking *l, enum window_span span, int64_t champion_id,
                         struct pair *p, struct err *e)
{
    struct starts mine, theirs;
    int rc = find_starts(l, l->shown->id, span, &mine, e);
    if (rc == 0)
        rc = find_starts(l, champion_id, span, &theirs, e);
    if (rc < 0)
        return rc;
    memset(p->current, 0, l->layout->n_cells * sizeof *p->current);
    p->current_rows = 0;
    for (int i = 0; i < 64 && rc == 0; i++) {
        int64_t from_ms = mine.first_ms + i * mine.width_ms, to_ms = from_ms + mine.width_ms;
        if (!(mine.has & theirs.has & UINT64_C(1) << i))
            continue;
        rc = sum_of(l, champion_id, span, from_ms, to_ms, p->other, &p->other_rows, e);
        if (rc == 0)
            rc = sum_of(l, l->shown->id, span, from_ms, to_ms, p->current, &p->current_rows, e);
    }
    return rc;
}

static const struct version_state *champion_of(const struct looking *l)
{
    for (size_t i = 0; i < l->n_versions; i++)
        if (strcmp(l->versions[i].version, l->d->champion) == 0)
            return &l->versions[i];
    return NULL;
}

/* ---- what it means ---- */

/* No difference is no proof of likeness: the other rows' own verdict against the reference says which
 * of the two it is. */
static const char *against_champion(bool differs, bool drifts, bool other_drifts)
{
    if (differs && other_drifts)
        return drifts ? "both drift, each in its way" : "the champion drifts, not this one";
    if (differs)
        return "only this version: the champion is well";
    if (drifts)
        return other_drifts ? "the champion drifts alike: not this version's doing"
                            : "the champion is well, yet too near to tell";
    return "alike";
}

static const char *against_previous(bool differs, bool drifts, bool other_drifts)
{
    if (differs && drifts)
        return other_drifts ? "it began before, and has changed since"
                            : "it just broke: it was well before";
    if (differs)
        return other_drifts ? "it is over: it drifted before" : "it has changed";
    if (drifts)
        return other_drifts ? "it was so before" : "it was well before, yet too near to tell";
    return "steady";
}

static const char *against_last_week(bool differs, bool drifts, bool other_drifts)
{
    if (differs)
        return drifts ? "not so a week ago" : "a week ago it was different";
    if (drifts)
        return other_drifts ? "seasonal: it was so at this hour a week ago"
                            : "a week ago it was well, yet too near to tell";
    return "as a week ago";
}

static void say(enum feature_against against, bool drifts, bool other_drifts,
                struct feature_comparison *c)
{
    bool differs = c->result.verdict >= VERDICT_WARN;
    const char *text = c->result.reason;

    if (c->result.verdict != VERDICT_UNKNOWN)
        switch (against) {
        case AGAINST_CHAMPION: text = against_champion(differs, drifts, other_drifts); break;
        case AGAINST_PREVIOUS: text = against_previous(differs, drifts, other_drifts); break;
        case AGAINST_LAST_WEEK: text = against_last_week(differs, drifts, other_drifts); break;
        }
    str_copy(c->says, sizeof c->says, text);
}

/* The other rows against the reference. */
static bool other_drifts(const struct looking *l, const struct pair *p)
{
    struct judge_options o = l->options;
    struct feature_result r;

    o.quick = true;
    feature_judge_counts(l->f->codebook, p->other + l->f->first_cell, &o, &r);
    return r.verdict >= VERDICT_WARN;
}

static void judge(struct looking *l, enum feature_against against, const struct pair *p,
                  const struct feature_view *view, struct feature_comparison *ret)
{
    struct judge_options o = l->options;
    const struct layout_feature *f = l->f;

    if (!p->other_rows || !p->current_rows)
        return;
    o.both = true;
    ret->present = true;
    feature_judge_pair(f->codebook, p->other + f->first_cell, p->current + f->first_cell, &o,
                       &ret->result);
    bool drifts = view->sides[view->shown].result.verdict >= VERDICT_WARN;
    ret->drifts = other_drifts(l, p);
    say(against, drifts, ret->drifts, ret);
}

static int compare(struct looking *l, struct feature_view *view, struct pair *p, struct err *e)
{
    const struct version_state *champion = champion_of(l);
    int rc = previous_rows(l, view->span, p, e);
    if (rc < 0)
        return rc;
    judge(l, AGAINST_PREVIOUS, p, view, &view->comparisons[AGAINST_PREVIOUS]);
    clear(l, p);
    rc = last_week_rows(l, view->span, p, e);
    if (rc < 0)
        return rc;
    judge(l, AGAINST_LAST_WEEK, p, view, &view->comparisons[AGAINST_LAST_WEEK]);
    if (!champion || champion == l->shown)
        return 0;
    str_copy(view->champion, sizeof view->champion, champion->version);
    clear(l, p);
    rc = champion_rows(l, view->span, champion->id, p, e);
    if (rc == 0)
        judge(l, AGAINST_CHAMPION, p, view, &view->comparisons[AGAINST_CHAMPION]);
    return rc;
}

int feature_compare(struct looking *l, struct feature_view *view, struct err *e)
{
    struct pair p = {.other = calloc(2 * (size_t)l->layout->n_cells + 1, sizeof *p.other)};
    if (!p.other)
        return err_set(e, ERR_NOMEM, "%u cells", l->layout->n_cells);
    p.current = p.other + l->layout->n_cells;
    int rc = store_sum_counts(l->s, l->shown->id, l->layout, view->span, l->sn->now_ms, p.current,
                              &p.current_rows, e);
    if (rc == 0)
        rc = compare(l, view, &p, e);
    free(p.other);
    return rc;
}
