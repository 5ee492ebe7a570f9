/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/judge.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "driftop/stats/feature.h"

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

/* The largest change of a rate that is beyond chance; which one goes into the reason. */
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
        worst = fmax(worst, sure);
    }
    return worst;
}

static void summarise(const struct feature_result *r, struct drift_summary *ret)
{
    ret->verdict = (uint8_t)r->verdict;
    ret->rows = (uint32_t)r->current_rows;
    ret->reason = 0;
    ret->rate_gap = (float)rate_gap(r, &ret->reason);
    ret->psi_excess = r->cells.present ? (float)r->cells.psi.excess : NAN;
    ret->js_excess = r->cells.present ? (float)r->cells.js.excess_divergence : NAN;
    ret->ks_low = r->ks.present ? (float)r->ks.bracket_low : NAN;
    ret->ks_high = r->ks.present ? (float)r->ks.bracket_high : NAN;
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

static void judge_version(const struct layout *layout, struct ingest_version *v, int64_t now_ms)
{
    struct judge_options options = {.n_judged = layout->n_features, .quick = true};
    struct feature_result result;

    window_advance(v->window, now_ms);
    enum window_span alerting = judge_span(v);
    for (int span = 0; span < WINDOW_LEVELS; span++) {
        const uint32_t *totals = window_totals(v->window, (enum window_span)span);
        for (size_t i = 0; i < layout->n_features; i++) {
            const struct layout_feature *f = &layout->features[i];
            struct drift_summary *s = &v->summaries[i * WINDOW_LEVELS + (size_t)span];
            feature_judge_counts(f->codebook, totals + f->first_cell, &options, &result);
            *s = (struct drift_summary){.feature = (uint32_t)i, .span = (uint8_t)span};
            summarise(&result, s);
            if ((int)alerting == span)
                v->back[i] = verdict_released(&result, VERDICT_WARN, &options);
        }
    }
    v->rows_judged = v->rows_total;
    v->judged_ms = now_ms;
    v->summaries_changed = true;
}

/* Without new rows the windows still move: once a minute is enough then. */
static bool due(const struct ingest_version *v, int64_t now_ms)
{
    return v->window && (v->rows_total != v->rows_judged ||
                         (v->rows_total && now_ms - v->judged_ms >= window_bucket_ms(WINDOW_15M)));
}

bool judge_step(struct judge *j, struct ingest *g, int64_t budget_us, int64_t now_ms)
{
    int64_t end_us = cpu_us() + budget_us;

    for (; j->deployment < ingest_count(g); j->deployment++, j->version = 0) {
        struct ingest_deployment *d = ingest_get(g, (int)j->deployment);
        for (; d->layout && j->version < d->n_versions; j->version++) {
            if (cpu_us() >= end_us)
                return false;
            if (due(d->versions[j->version], now_ms))
                judge_version(d->layout, d->versions[j->version], now_ms);
        }
    }
    j->deployment = j->version = 0;
    return true;
}
