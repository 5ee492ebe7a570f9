/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong with a feature or its rows beside the statistics: it stopped changing, it comes in
 * another type, there are many fewer or more rows than usual, or none any more.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "drift_private.h"
#include "feature_private.h"

#define MINUTES      60 /* of the deployment's rows that are looked at, the last one still filling */
#define LATEST       5  /* the full minutes that are held against those before */
#define VOLUME_TIMES 2  /* less than half or more than twice as many is worth a word */
#define VOLUME_SD    5  /* and beyond the minutes' own variation */
#define QUIET_TIMES  10 /* as long as the usual gap between rows */
#define QUIET_MS     60000
#define LEAST_ROWS   60 /* an hour: below that no number of rows is usual */

const char *finding_name(enum finding_kind kind)
{
    switch (kind) {
    case FINDING_FROZEN: return "frozen";
    case FINDING_TYPE: return "type";
    case FINDING_VOLUME: return "volume";
    case FINDING_FRESHNESS: return "freshness";
    }
    return "";
}

static char *add(struct feature_view *view, enum finding_kind kind)
{
    struct finding *f = &view->findings[view->n_findings++];
    f->kind = kind;
    return f->text;
}

static int find_marks(struct looking *l, struct feature_view *view, struct err *e)
{
    const size_t size = sizeof view->findings[0].text;
    struct summaries all;
    int rc = summaries_load(l->s, l->shown->id, view->span, &l->sn->status, l->sn->now_ms, &all, e);
    if (rc < 0)
        return rc;
    const struct drift_summary *d = summaries_find(&all, (uint32_t)(l->f - l->layout->features));
    view->marks = d ? d->reason : 0;
    if (view->sides[view->shown].result.verdict < VERDICT_WARN && !(view->marks & DRIFT_CANARY))
        view->sentence[0] = '\0'; /* of a drift that is over */
    if (d && d->reason & DRIFT_FROZEN)
        snprintf(add(view, FINDING_FROZEN), size,
                 "frozen: one value for longer than chance would have it");
    if (d && d->reason & DRIFT_TYPE)
        snprintf(add(view, FINDING_TYPE), size, "another type: %s",
                 view->categorical ? "numbers where the reference has texts"
                                   : "texts where the reference has numbers");
    free(all.items);
    return 0;
}

/* Rows of all versions, minute by minute: a shift of traffic between them changes nothing. */
struct rows {
    int64_t first_ms;
    double minute[MINUTES];
};

static int add_rows(void *ctx, int64_t start_ms, uint32_t rows, const void *packed, size_t length)
{
    struct rows *r = ctx;
    int64_t at = (start_ms - r->first_ms) / FEATURE_MINUTE_MS;
    (void)packed;
    (void)length;
    if (at >= 0 && at < MINUTES)
        r->minute[at] += rows;
    return 0;
}

static void mean_sd(const double *x, size_t n, double *ret_mean, double *ret_sd)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    *ret_mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - *ret_mean) * (x[i] - *ret_mean);
    *ret_sd = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
}

static void find_volume(const struct rows *r, struct feature_view *view)
{
    /* From the first minute with rows on: what began half an hour ago has half an hour of history. */
    size_t first = 0, last = MINUTES - 1 - LATEST;
    double before, sd, now, unused;
    while (first < last && r->minute[first] <= 0)
        first++;
    if (last - first < 3 * LATEST)
        return;
    mean_sd(r->minute + first, last - first, &before, &sd);
    mean_sd(r->minute + last, LATEST, &now, &unused);
    double times = now > before ? now / before : before / fmax(now, 1e-9);
    if (before * 60 < LEAST_ROWS || times < VOLUME_TIMES ||
        fabs(now - before) < VOLUME_SD * fmax(sd, sqrt(before)) / sqrt(LATEST))
        return;
    snprintf(add(view, FINDING_VOLUME), sizeof view->findings[0].text,
             "%s rows: %.*f a minute, %.*f in the hour before", now > before ? "more" : "fewer",
             now < 10, now, before < 10, before);
}

static void find_freshness(const struct looking *l, const struct rows *r, struct feature_view *view)
{
    char age[CLOCK_TEXT_SIZE], gap[CLOCK_TEXT_SIZE];
    int64_t newest_ms = 0;
    double rows = 0, minutes = 0;

    for (size_t i = 0; i < l->n_versions; i++)
        if (l->versions[i].rows_at_ms > newest_ms)
            newest_ms = l->versions[i].rows_at_ms;
    for (size_t i = 0; i < MINUTES; i++) {
        rows += r->minute[i];
        minutes += r->minute[i] > 0;
    }
    int64_t quiet_ms = l->sn->now_ms - newest_ms;
    if (rows < LEAST_ROWS || l->sn->status.quiet)
        return; /* a recorder that does not record says so itself */
    double usual_ms = minutes * FEATURE_MINUTE_MS / rows;
    if ((double)quiet_ms < QUIET_TIMES * usual_ms || quiet_ms < QUIET_MS)
        return;
    snprintf(add(view, FINDING_FRESHNESS), sizeof view->findings[0].text,
             "no row for %s, usually one every %s", clock_format_age(quiet_ms, age),
             clock_format_age(usual_ms < 1000 ? 1000 : (int64_t)usual_ms, gap));
}

int feature_find(struct looking *l, struct feature_view *view, struct err *e)
{
    int64_t minute = l->sn->now_ms / FEATURE_MINUTE_MS;
    struct rows r = {.first_ms = (minute - MINUTES + 1) * FEATURE_MINUTE_MS};
    int rc = find_marks(l, view, e);

    for (size_t i = 0; i < l->n_versions && rc == 0; i++) {
        struct counts_key key = {l->versions[i].id, l->layout->id, WINDOW_15M, r.first_ms};
        rc = store_each_counts(l->s, &key, l->sn->now_ms, add_rows, &r, e);
    }
    if (rc < 0)
        return rc;
    find_volume(&r, view);
    find_freshness(l, &r, view);
    return 0;
}
