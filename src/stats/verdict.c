/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/stats/feature.h"
#include "verdict_private.h"

/* The quantile of the Kolmogorov law at 5 %: what D loses before its effect counts. */
#define KS_MARGIN 1.36

static const struct threshold {
    double warn, page;
} KS = {VERDICT_KS_WARN, VERDICT_KS_PAGE}, PSI = {0.1, 0.25}, JS = {0.01, 0.0225},
  RATE = {VERDICT_RATE_WARN, VERDICT_RATE_PAGE};

/* Divergences hold a fired alert up to this p; without any significance they are noise. */
#define RELEASE_P 0.05

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
    return a > b ? a : b;
}

const char *verdict_name(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_OK: return "ok";
    case VERDICT_UNKNOWN: return "unknown";
    case VERDICT_WARN: return "warn";
    case VERDICT_PAGE: return "page";
    }
    return "";
}

bool verdict_from_name(const char *name, enum verdict *ret)
{
    for (int v = VERDICT_OK; v <= VERDICT_PAGE; v++) {
        if (strcmp(name, verdict_name((enum verdict)v)) == 0) {
            *ret = (enum verdict)v;
            return true;
        }
    }
    return false;
}

struct judge_options judge_defaults(const struct judge_options *options)
{
    struct judge_options o = {.alpha = 0};
    if (options)
        o = *options;
    if (!(o.alpha > 0 && o.alpha < 1))
        o.alpha = VERDICT_ALPHA;
    if (o.n_judged == 0)
        o.n_judged = 1;
    o.design.rank = fmax(1, o.design.rank);
    o.design.cells = fmax(1, o.design.cells);
    o.design.shape = o.design.shape > 0 ? o.design.shape : 1;
    if (o.min_rows == 0)
        o.min_rows = VERDICT_MIN_ROWS;
    return o;
}

/* `above` when a threshold must be passed, else reaching it is enough. */
static enum verdict grade(double effect, struct threshold t, bool above)
{
    if (above ? effect > t.page : effect >= t.page)
        return VERDICT_PAGE;
    return (above ? effect > t.warn : effect >= t.warn) ? VERDICT_WARN : VERDICT_OK;
}

static double limit_of(struct threshold t, enum verdict level)
{
    return level == VERDICT_PAGE ? t.page : t.warn;
}

/* What the worst rule so far says. */
static void note(struct feature_result *r, enum verdict verdict, const char *what, double effect,
                 struct threshold t)
{
    if (verdict <= r->verdict)
        return;
    r->verdict = verdict;
    snprintf(r->reason, sizeof r->reason, "%s %.4g, %s from %.4g", what, effect,
             verdict_name(verdict), limit_of(t, verdict));
}

double verdict_ks_effect(double d, uint64_t n, uint64_t w)
{
    return d - KS_MARGIN * sqrt(1 / (double)n + 1 / (double)w);
}

/* verdict_ks_effect() with the noise of rows that are not independent. */
static double ks_effect(const struct ks *ks, double d, const struct judge_options *o)
{
    double wider = sqrt(design_inflation(ks->n, ks->w, o->design.rank, o->both));
    return d - wider * (d - verdict_ks_effect(d, ks->n, ks->w));
}

static void judge_ks(struct feature_result *r, double alpha, const struct judge_options *o)
{
    const struct ks *ks = &r->ks;
    if (!ks->present)
        return;
    double wider = sqrt(design_inflation(ks->n, ks->w, o->design.rank, o->both));
    if (ks->bracket_low <= wider * ks_band(alpha, ks->n, ks->w))
        return;
    double effect = ks_effect(ks, ks->bracket_low, o);
    note(r, o->any_effect ? VERDICT_PAGE : grade(effect, KS, true), "ks beyond noise", effect, KS);
}

static bool enough_rows(const struct feature_result *r, const struct judge_options *o)
{
    return r->reference_rows >= o->min_rows && r->current_rows >= o->min_rows;
}

static void judge_cells(struct feature_result *r, double alpha, const struct judge_options *o)
{
    const struct divergence *c = &r->cells;
    if (!c->present || !(c->chi2.p <= alpha))
        return;
    double psi = c->psi.excess, js = c->js.excess_divergence;
    note(r, o->any_effect ? VERDICT_PAGE : grade(psi, PSI, false), "psi excess", psi, PSI);
    note(r, grade(js, JS, false), "js excess divergence", js, JS);
}

/* By how much the rate has surely changed: at the alpha that its bounds are printed with, which
 * unlike that of the tests is not divided by the number of columns. */
static double rate_effect(const struct rate *rate)
{
    return fmax(rate->low, -rate->high);
}

static void judge_rates(struct feature_result *r)
{
    for (int i = 0; i < RATE_KINDS; i++) {
        const struct rate *rate = &r->rates[i];
        double effect = rate->present ? rate_effect(rate) : 0;
        enum verdict verdict = grade(effect, RATE, true);
        if (verdict <= r->verdict)
            continue;
        char what[48];
        snprintf(what, sizeof what, "%s rate surely %s by", rate_name((enum rate_kind)i),
                 rate->current_ratio > rate->reference_ratio ? "up" : "down");
        note(r, verdict, what, effect, RATE);
    }
}

/* Too few rows to call it fine: how many are missing, and what could hide meanwhile. */
static void judge_unknown(struct feature_result *r, const struct judge_options *o)
{
    bool current = r->current_rows <= r->reference_rows;
    uint64_t have = current ? r->current_rows : r->reference_rows;
    int length = snprintf(r->reason, sizeof r->reason, "%llu of %llu %s rows missing",
                          (unsigned long long)(o->min_rows - have), (unsigned long long)o->min_rows,
                          current ? "current" : "reference");
    r->verdict = VERDICT_UNKNOWN;
    if (r->ks.present && length > 0 && (size_t)length < sizeof r->reason)
        snprintf(r->reason + length, sizeof r->reason - (size_t)length,
                 "; a drift of D up to %.2g could hide", fmin(1, r->ks.d_high));
}

void verdict_judge(struct feature_result *r, const struct judge_options *options)
{
    struct judge_options o = judge_defaults(options);
    double alpha = o.alpha / (double)o.n_judged;
    r->verdict = VERDICT_OK;
    r->reason[0] = '\0';
    judge_ks(r, alpha, &o);
    if (enough_rows(r, &o))
        judge_cells(r, alpha, &o);
    judge_rates(r);
    if (r->verdict == VERDICT_OK && !enough_rows(r, &o))
        judge_unknown(r, &o);
}

bool verdict_released(const struct feature_result *r, enum verdict level,
                      const struct judge_options *options)
{
    struct judge_options o = judge_defaults(options);
    if (!enough_rows(r, &o))
        return false;
    const struct ks *ks = &r->ks;
    if (ks->present && ks_effect(ks, ks->bracket_high, &o) >= VERDICT_RELEASE * limit_of(KS, level))
        return false;
    const struct divergence *c = &r->cells;
    if (c->present && c->chi2.p <= RELEASE_P &&
        (c->psi.excess >= VERDICT_RELEASE * limit_of(PSI, level) ||
         c->js.excess_divergence >= VERDICT_RELEASE * limit_of(JS, level)))
        return false;
    for (int i = 0; i < RATE_KINDS; i++) {
        if (r->rates[i].present &&
            rate_effect(&r->rates[i]) >= VERDICT_RELEASE * limit_of(RATE, level))
            return false;
    }
    return true;
}
