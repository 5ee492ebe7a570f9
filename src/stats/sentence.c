/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/sentence.h"

#include <math.h>
#include <stdio.h>

#include "verdict_private.h"

/* How each kind of row is called in a sentence. */
static const char *rate_words(enum rate_kind kind)
{
    switch (kind) {
    case RATE_MISSING: return "missing";
    case RATE_INVALID: return "no number";
    case RATE_INFINITE: return "infinite";
    case RATE_OUT_OF_RANGE: return "outside the reference's range";
    case RATE_UNSEEN: return "a value the reference never had";
    }
    return "";
}

/* Two shares with as many digits as it takes to tell them apart. */
static void shares(const char *what, double current, const char *other, double reference, char *buf,
                   size_t size)
{
    int digits = fabs(current - reference) < 0.02 ? 1 : 0;
    if (fabs(current - reference) < 0.002)
        digits = 2;
    snprintf(buf, size, "%.*f %% of current is %s, %s %.*f %%", digits, 100 * current, what, other,
             digits, 100 * reference);
}

static const struct rate *worst_rate(const struct feature_result *r, enum rate_kind *ret_kind)
{
    const struct rate *worst = NULL;
    double most = VERDICT_RATE_WARN;
    for (int i = 0; i < RATE_KINDS; i++) {
        const struct rate *rate = &r->rates[i];
        double effect = rate->present ? fmax(rate->low, -rate->high) : 0;
        if (effect > most) {
            most = effect;
            worst = rate;
            *ret_kind = (enum rate_kind)i;
        }
    }
    return worst;
}

static const struct feature_cell *top_cell(const struct feature_cell *cells, size_t n)
{
    const struct feature_cell *top = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!top || cells[i].psi > top->psi)
            top = &cells[i];
    }
    return top;
}

static bool ks_drifts(const struct ks *ks)
{
    return ks->present && ks->d_low > 0 &&
           verdict_ks_effect(ks->bracket_low, ks->n, ks->w) > VERDICT_KS_WARN;
}

char *sentence_against(const struct feature_result *r, const struct feature_cell *cells, size_t n,
                       const char *other, char *buf, size_t size)
{
    char what[96];
    enum rate_kind kind;
    buf[0] = '\0';
    if (ks_drifts(&r->ks)) {
        snprintf(what, sizeof what, "up to %.4g", r->ks.location);
        shares(what, r->ks.current_below_ratio, other, r->ks.reference_below_ratio, buf, size);
        return buf;
    }
    const struct rate *rate = worst_rate(r, &kind);
    if (rate) {
        shares(rate_words(kind), rate->current_ratio, other, rate->reference_ratio, buf, size);
        return buf;
    }
    const struct feature_cell *top = top_cell(cells, n);
    if (top && top->psi > 0 && r->current_rows > 0 && r->reference_rows > 0) {
        snprintf(what, sizeof what, "\"%s\"", top->label);
        shares(what, (double)top->current / (double)r->current_rows, other,
               (double)top->reference / (double)r->reference_rows, buf, size);
    }
    return buf;
}

char *sentence_of(const struct feature_result *r, const struct feature_cell *cells, size_t n,
                  char *buf, size_t size)
{
    return sentence_against(r, cells, n, "reference", buf, size);
}
