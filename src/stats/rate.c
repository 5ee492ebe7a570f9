/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/rate.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double rate_z(double alpha)
{
    return gsl_cdf_ugaussian_Qinv(alpha / 2);
}

/* Wilson's score interval of x in n. */
static void wilson(double x, double n, double z, double *ret_low, double *ret_high)
{
    double p = x / n, zz = z * z;
    double centre = p + zz / (2 * n);
    double half = z * sqrt(p * (1 - p) / n + zz / (4 * n * n));
    double scale = 1 + zz / n;
    double low = (centre - half) / scale, high = (centre + half) / scale;
    *ret_low = low > 0 ? low : 0;
    *ret_high = high < 1 ? high : 1;
}

/* x1 of n1 rows against x2 of n2; neither need be whole when rows count less than one. */
static void newcombe(struct rate *r, double x1, double n1, double x2, double n2, double z)
{
    double p1 = r->reference_ratio, p2 = r->current_ratio, low1, high1, low2, high2;
    wilson(x1, n1, z, &low1, &high1);
    wilson(x2, n2, z, &low2, &high2);
    r->low = p2 - p1 - sqrt((p2 - low2) * (p2 - low2) + (high1 - p1) * (high1 - p1));
    r->high = p2 - p1 + sqrt((high2 - p2) * (high2 - p2) + (p1 - low1) * (p1 - low1));
}

struct rate rate_of(uint64_t reference, uint64_t reference_rows, uint64_t current,
                    uint64_t current_rows, double z)
{
    struct rate r = {.reference = reference, .current = current};
    double x1 = (double)reference, n1 = (double)reference_rows;
    double x2 = (double)current, n2 = (double)current_rows;
    if (reference_rows == 0 || current_rows == 0)
        return r;
    r.present = true;
    r.reference_ratio = x1 / n1;
    r.current_ratio = x2 / n2;
    newcombe(&r, x1, n1, x2, n2, z);
    return r;
}

void rate_widen(struct rate *r, uint64_t reference_rows, double reference_design,
                uint64_t current_rows, double design, double z)
{
    if (r->present)
        newcombe(r, (double)r->reference / reference_design,
                 (double)reference_rows / reference_design, (double)r->current / design,
                 (double)current_rows / design, z);
}

const char *rate_name(enum rate_kind kind)
{
    switch (kind) {
    case RATE_MISSING: return "missing";
    case RATE_INVALID: return "invalid";
    case RATE_INFINITE: return "infinite";
    case RATE_OUT_OF_RANGE: return "out_of_range";
    case RATE_UNSEEN: return "unseen";
    }
    return "";
}
