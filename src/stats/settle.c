/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "driftop/stats/design.h"
#include "driftop/stats/ks_law.h"
#include "feature_private.h"

/* The floors of divergences are proportional to k, those of their roots to its root. */
static void widen_cells(struct divergence *c, double wider, const struct design *d)
{
    struct chi2 psi = {.df = c->psi.cells - 1};
    double root = sqrt(wider);

    if (psi.df > 0)
        psi.value =
            c->psi.value / c->psi.floor * (double)psi.df; /* value / k: the floor is (B-1) k */
    c->psi.p = divergence_chi2_p(&psi, wider, d->spread, d->shape);
    c->chi2.p = divergence_chi2_p(&c->chi2, wider, d->spread, d->shape);
    c->psi.floor *= wider;
    c->psi.excess = fmax(0, c->psi.value - c->psi.floor);
    c->js.floor_divergence *= wider;
    c->js.excess_divergence = fmax(0, c->js.divergence - c->js.floor_divergence);
    c->kl_floor *= wider;
    c->hellinger_floor *= root;
    c->tv_floor *= root;
}

/* As many rows as these are worth have this p. */
static void widen_p(struct ks *ks, double wider)
{
    struct ks fewer = *ks;

    fewer.n = (uint64_t)fmax(1, rint((double)ks->n / wider));
    fewer.w = (uint64_t)fmax(1, rint((double)ks->w / wider));
    ks_fill_p(&fewer, true);
    ks->p = fewer.p;
    ks->log10_p = fewer.log10_p;
    ks->method = fewer.method;
}

static void widen_ks(struct ks *ks, double wider, double alpha)
{
    double band = ks_band(alpha, ks->n, ks->w) * sqrt(wider);

    ks->floor *= sqrt(wider);
    ks->d_low = ks->bracket_low - band;
    ks->d_high = ks->bracket_high + band;
    if (ks->has_p)
        widen_p(ks, wider);
}

static void widen_rates(struct feature_result *r, const struct judge_options *o)
{
    double z = rate_z(o->alpha), design = o->design.cells;
    for (int i = 0; i < RATE_KINDS; i++)
        rate_widen(&r->rates[i], r->reference_rows, o->both ? design : 1, r->current_rows, design,
                   z);
}

void feature_settle(struct feature_result *r, const struct judge_options *o)
{
    const struct design *d = &o->design;
    double cells = design_inflation(r->reference_rows, r->current_rows, d->cells, o->both);
    double rank = design_inflation(r->ks.n, r->ks.w, d->rank, o->both);

    r->n_eff = design_rows(r->current_rows, d);
    if (r->cells.present && (cells > 1 || d->spread > 0))
        widen_cells(&r->cells, cells, d);
    if (r->ks.present && rank > 1)
        widen_ks(&r->ks, rank, o->alpha);
    if (d->cells > 1)
        widen_rates(r, o);
    verdict_judge(r, o);
}
