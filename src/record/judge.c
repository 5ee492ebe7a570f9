/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "driftop/model/ground.h"
#include "driftop/stats/feature.h"
#include "driftop/stats/window_buckets.h"
#include "flow.h"
#include "judge_private.h"

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

enum window_span judge_span(const struct ingest_version *v)
{
    for (int span = 0; span < WINDOW_LEVELS; span++)
        if (window_rows(v->window, (enum window_span)span) >= VERDICT_MIN_ROWS)
            return (enum window_span)span;
    return WINDOW_24H;
}

/* The largest change of a rate that is beyond chance, with its sign; which one goes into the reason. */
static double rate_gap(const struct feature_result *r, uint16_t *reason)
{
    static const uint16_t bits[RATE_KINDS] = {
        [RATE_MISSING] = DRIFT_MISSING,   [RATE_INVALID] = DRIFT_INVALID,
        [RATE_INFINITE] = DRIFT_INFINITE, [RATE_OUT_OF_RANGE] = DRIFT_RANGE,
        [RATE_UNSEEN] = DRIFT_UNSEEN,
    };
    double worst = 0;
    for (int i = 0; i < RATE_KINDS; i++) {
        if (!r->rates[i].present)
            continue;
        double sure = fmax(r->rates[i].low, -r->rates[i].high);
        if (sure > 0.005)
            *reason |= bits[i];
        if (sure > fabs(worst))
            worst = r->rates[i].low >= sure ? sure : -sure;
    }
    return worst;
}

static struct drift_summary nothing_yet(size_t feature, int span, uint16_t mark)
{
    return (struct drift_summary){.feature = (uint32_t)feature,
                                  .span = (uint8_t)span,
                                  .reason = mark,
                                  .canary = VERDICT_UNKNOWN,
                                  .ks_low = NAN,
                                  .ks_high = NAN,
                                  .ks_floor = NAN,
                                  .psi = NAN,
                                  .psi_floor = NAN,
                                  .psi_excess = NAN,
                                  .js = NAN,
                                  .js_floor = NAN,
                                  .js_excess = NAN,
                                  .canary_psi = NAN};
}

static void summarise(const struct feature_result *r, struct drift_summary *ret)
{
    ret->verdict = (uint8_t)r->verdict;
    ret->rows = (uint32_t)r->current_rows;
    ret->n_eff = (float)r->n_eff;
    ret->rate_gap = (float)rate_gap(r, &ret->reason);
    if (r->cells.present) {
        ret->psi = (float)r->cells.psi.value;
        ret->psi_floor = (float)r->cells.psi.floor;
        ret->psi_excess = (float)r->cells.psi.excess;
        ret->js = (float)r->cells.js.divergence;
        ret->js_floor = (float)r->cells.js.floor_divergence;
        ret->js_excess = (float)r->cells.js.excess_divergence;
    }
    if (r->ks.present) {
        ret->ks_low = (float)r->ks.bracket_low;
        ret->ks_high = (float)r->ks.bracket_high;
        ret->ks_floor = (float)r->ks.floor;
    }
    if (r->verdict == VERDICT_UNKNOWN)
        ret->reason |= DRIFT_FEW_ROWS;
    if (r->verdict < VERDICT_WARN)
        return;
    if (r->ks.present && r->ks.d_low > 0 && r->ks.bracket_low > 0.05)
        ret->reason |= DRIFT_KS;
    if (r->cells.present && r->cells.psi.excess >= 0.1)
        ret->reason |= DRIFT_PSI;
    if (r->cells.present && r->cells.js.excess_divergence >= 0.01)
        ret->reason |= DRIFT_JS;
}

/* One version in one round. */
struct judging {
    struct judge *j;
    const struct ingest_deployment *d;
    struct ingest_version *v;
    enum window_span alerting;
    double alpha[WINDOW_LEVELS];
    int64_t now_ms;
    uint16_t mark;                         /* of every summary */
    const struct ingest_version *champion; /* NULL: there is nothing to compare */
    const uint32_t *stable, *canary;       /* the same minutes of both */
};

static struct judge_options options_of(const struct judging *g, size_t feature, int span)
{
    return (struct judge_options){
        .alpha = g->alpha[span], .quick = true, .design = g->v->watch->designs[feature]};
}

/* One value for longer than chance would have it: a run of r rows of a value with share p has p^r, r as
 * many independent rows as they are worth. What the reference has in every row may well be all there is:
 * p is taken as one row too many. */
static bool is_frozen(const struct judging *g, size_t feature)
{
    const struct codebook *c = g->d->layout->features[feature].codebook;
    size_t cell;
    uint32_t run = trace_run(g->v->watch->trace, feature, &cell);
    if (run < VERDICT_MIN_ROWS)
        return false;
    double share = (codebook_counts(c)[cell] + 1.0) / ((double)codebook_summary(c)->rows + 1);
    const struct design *design = &g->v->watch->designs[feature];
    double independent = run / fmax(1, fmax(design->rank, design->cells));
    return independent * log(share) < log(g->alpha[g->alerting]);
}

/* Which of two that differ has moved is the reference's word: a champion that is farther from it is no
 * measure for others. */
static bool champion_moved(const struct judging *g, size_t feature, const struct drift_summary *s)
{
    enum window_span span = judge_span(g->champion);
    const struct drift_summary *champion =
        &g->champion->summaries[feature * WINDOW_LEVELS + (size_t)span];
    return g->champion->judged_ms && drift_distance(champion) > drift_distance(s);
}

/* The canary against the champion over the same minutes, into the summary of the alerting window. */
static void judge_canary(const struct judging *g, size_t feature, struct drift_summary *s,
                         struct feature_result *r)
{
    const struct layout_feature *f = &g->d->layout->features[feature];
    struct judge_options o = options_of(g, feature, s->span);

    o.both = true;
    feature_judge_pair(f->codebook, g->stable + f->first_cell, g->canary + f->first_cell, &o, r);
    struct drift_summary pair = nothing_yet(feature, s->span, 0);
    summarise(r, &pair);
    const struct drift_ground ground = drift_ground(&pair);
    s->canary = pair.verdict;
    s->canary_psi = pair.psi_excess;
    s->canary_reason = (uint16_t)ground.reason;
    s->canary_value = (float)ground.value;
    if (champion_moved(g, feature, s))
        return;
    if (r->verdict >= VERDICT_WARN)
        s->reason |= DRIFT_CANARY;
    g->v->back[feature] = g->v->back[feature] && verdict_released(r, VERDICT_WARN, &o);
}

static void judge_feature(const struct judging *g, size_t feature, int span)
{
    const struct layout_feature *f = &g->d->layout->features[feature];
    const uint32_t *counts = window_totals(g->v->window, (enum window_span)span) + f->first_cell;
    struct drift_summary *s = &g->v->summaries[feature * WINDOW_LEVELS + (size_t)span];
    struct judge_options options = options_of(g, feature, span);
    struct feature_result result, pair;
    struct judge_told told = {&result, codebook_counts(f->codebook), counts, "reference"};

    *s = nothing_yet(feature, span, g->mark);
    feature_judge_counts(f->codebook, counts, &options, &result);
    summarise(&result, s);
    if (span != (int)g->alerting)
        return;
    g->v->back[feature] = verdict_released(&result, VERDICT_WARN, &options);
    if (is_frozen(g, feature))
        s->reason |= DRIFT_FROZEN;
    if (trace_foreign(g->v->watch->trace, feature))
        s->reason |= DRIFT_TYPE;
    if (g->champion)
        judge_canary(g, feature, s, &pair);
    /* Where the reference sees nothing, the champion is what there is to tell of. */
    if (result.verdict < VERDICT_WARN && s->reason & DRIFT_CANARY)
        told = (struct judge_told){&pair, g->stable + f->first_cell, g->canary + f->first_cell,
                                   "champion"};
    bool bad = result.verdict >= VERDICT_WARN || s->reason & (DRIFT_CANARY | DRIFT_FROZEN);
    if (!bad && result.verdict == VERDICT_OK)
        g->v->watch->well_ms[feature] = g->now_ms;
    if (bad)
        judge_note(g->v, f, feature, s, &told, g->now_ms);
    else if (result.verdict == VERDICT_OK && g->v->back[feature])
        drift_watch_drop(g->v->watch, feature);
}

/* ---- what a version is judged with ---- */

/* The minute that leaves the shortest window next, of every feature that is well: it tells how much
 * the counts of healthy minutes vary. */
static void learn(const struct judging *g)
{
    int64_t minute_ms = window_bucket_ms(WINDOW_15M);
    int64_t minute = g->now_ms / minute_ms - (int64_t)window_bucket_count(WINDOW_15M) + 1;
    struct drift_watch *w = g->v->watch;
    uint64_t rows;

    if (minute == w->minute)
        return;
    w->minute = minute;
    for (size_t i = 0; i < w->n; i++) {
        const struct layout_feature *f = &g->d->layout->features[i];
        const struct drift_summary *s = &g->v->summaries[i * WINDOW_LEVELS + (size_t)g->alerting];
        bool well = s->verdict == VERDICT_OK && !(s->reason & (DRIFT_CANARY | DRIFT_FROZEN));
        if (!well || !window_bucket_counts(g->v->window, WINDOW_15M, minute * minute_ms,
                                           f->first_cell, f->n_cells, g->j->counts, &rows))
            continue;
        drift_watch_learn(w, i, f->codebook, g->j->counts);
    }
}

static const struct ingest_version *champion_of(const struct ingest_deployment *d)
{
    for (size_t i = 0; d->champion[0] && i < d->n_versions; i++)
        if (strcmp(d->versions[i]->version, d->champion) == 0)
            return d->versions[i];
    return NULL;
}

/* Counts of the champion and of this version over the same minutes, when both have enough rows. */
static void find_canary(struct judging *g)
{
    const struct ingest_version *champion = champion_of(g->d);
    uint32_t *stable = g->j->counts, *canary = stable + g->d->layout->n_cells;
    uint64_t rows[2];

    if (!champion || champion == g->v || !champion->window)
        return;
    window_common(champion->window, g->v->window, g->alerting, stable, canary, rows);
    if (rows[0] < VERDICT_MIN_ROWS || rows[1] < VERDICT_MIN_ROWS)
        return;
    g->champion = champion;
    g->stable = stable;
    g->canary = canary;
}

static bool make_room(struct judge *j, const struct layout *layout)
{
    size_t n = 2 * (size_t)layout->n_cells;
    if (n <= j->n_counts)
        return true;
    uint32_t *counts = realloc(j->counts, n * sizeof *counts);
    if (!counts)
        return false;
    j->counts = counts;
    j->n_counts = n;
    return true;
}

static size_t count_versions(const struct ingest_deployment *d, int64_t now_ms)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_versions; i++)
        n += drift_counts(d->versions[i]->rows_at_ms, now_ms);
    return n;
}

static void judge_version(struct judge *j, struct ingest_deployment *d, struct ingest_version *v,
                          int64_t now_ms)
{
    struct judging g = {.j = j, .d = d, .v = v, .now_ms = now_ms};

    if (!make_room(j, d->layout))
        return; /* without memory the last verdicts age, and are shown so */
    window_advance(v->window, now_ms);
    g.alerting = judge_span(v);
    g.mark = d->mark | flow_marks(d, now_ms);
    if (v->judged_ms)
        learn(&g);
    find_canary(&g);
    size_t n_versions = count_versions(d, now_ms);
    for (int span = 0; span < WINDOW_LEVELS; span++) {
        g.alpha[span] =
            drift_alpha(d->false_pages, d->layout->n_features, n_versions, (enum window_span)span);
        for (size_t i = 0; i < d->layout->n_features; i++)
            judge_feature(&g, i, span);
    }
    v->rows_judged = v->rows_total;
    v->judged_ms = now_ms;
    v->summaries_changed = true;
}

void judge_done(struct judge *j)
{
    free(j->counts);
    j->counts = NULL;
    j->n_counts = 0;
}

/* Without new rows the windows still move: once a minute is enough then. A clock that was put back says
 * nothing of how long ago it was. */
static bool due(const struct ingest_version *v, int64_t now_ms)
{
    int64_t ago_ms = now_ms - v->judged_ms;
    return v->window && (v->rows_total != v->rows_judged ||
                         (v->rows_total && (ago_ms < 0 || ago_ms >= window_bucket_ms(WINDOW_15M))));
}

/* The champion first: the others are held against it. */
static struct ingest_version *version_at(const struct ingest_deployment *d, size_t i)
{
    const struct ingest_version *champion = champion_of(d);
    size_t at = 0;

    while (champion && at < d->n_versions && d->versions[at] != champion)
        at++;
    if (!champion)
        return d->versions[i];
    return d->versions[i == 0 ? at : i <= at ? i - 1 : i];
}

bool judge_step(struct judge *j, struct ingest *g, int64_t budget_us, int64_t now_ms)
{
    int64_t end_us = cpu_us() + budget_us;

    for (; j->deployment < ingest_count(g); j->deployment++, j->version = 0) {
        struct ingest_deployment *d = ingest_get(g, (int)j->deployment);
        for (; d->layout && j->version < d->n_versions; j->version++) {
            if (cpu_us() >= end_us)
                return false;
            struct ingest_version *v = version_at(d, j->version);
            if (due(v, now_ms))
                judge_version(j, d, v, now_ms);
        }
    }
    j->deployment = j->version = 0;
    return true;
}
