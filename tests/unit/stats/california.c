/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Real data with published answers: California housing as NannyML ships it (Apache-2.0). The first
 * month of the analysis against the whole reference, digit for digit; and NannyML's own alerts,
 * months by Kolmogorov-Smirnov against mean + 3 standard deviations of the reference's months.
 *
 * The files are not ours to carry. They are read from DRIFTOP_SHARED_DATA or ../shared/data beside
 * the source tree; without them the test is skipped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "columns.h"
#include "driftop/stats/feature.h"
#include "driftop/stats/ks_law.h"

static struct columns reference, analysis;

static bool load(struct columns *c, const char *name)
{
    const char *folder = getenv("DRIFTOP_SHARED_DATA"), *root = getenv("srcdir");
    char path[1024];
    size_t length;
    if (folder)
        snprintf(path, sizeof path, "%s/%s", folder, name);
    else
        snprintf(path, sizeof path, "%s/../shared/data/%s", root ? root : ".", name);
    char *text = columns_read_at(path, &length);
    if (text)
        columns_split(c, text, length);
    return text != NULL;
}

/* The rows [*ret_first, result) of the month that begins at `first`. */
static size_t month_end(const struct columns *c, size_t first)
{
    const struct value *time = columns_named(c, "timestamp");
    size_t i = first;
    while (i < c->n_rows && strncmp(time[i].text, time[first].text, strlen("2021-06")) == 0)
        i++;
    return i;
}

static void check(const char *what, double got, double want)
{
    if (!(fabs(got - want) <= 2e-14 + 3e-13 * fabs(want)))
        fail_msg("%s: %.16g, published %.16g", what, got, want);
}

struct golden {
    const char *name;
    uint64_t cells[10];
    double d, d_low, psi, psi_excess, chi2, kl, js, hellinger, tv, linf, w1_sd, w1_iqr;
};

static const struct golden GOLDEN[] = {
    {"MedInc",
     {166, 89, 93, 74, 68, 68, 59, 51, 34, 18},
     .201491769547325,
     .124484890889751,
     .274376011144398,
     .260332801267855,
     170.053839109476,
     .13073904664064,
     .219546767759479,
     .18469535001781,
     .185905349794239,
     .130246913580247,
     .450559868629346,
     .528877960125515},
    {"HouseAge",
     {74, 120, 95, 70, 55, 53, 58, 47, 63, 85},
     .0822873799725651,
     .00528050131499075,
     .0648536264718935,
     .0508104165953503,
     42.6030869262836,
     .0324839235951677,
     .108647503281155,
     .0905526007842304,
     .110082304526749,
     .041838134430727,
     .144368995241526,
     .126415426717611},
    {"Population",
     {82, 78, 86, 63, 74, 64, 64, 62, 68, 79},
     NAN,
     -.0334712133626499,
     .0133917501423523,
     0,
     8.7572612179624,
     .00671012651278644,
     .0494628906229969,
     .0411892703249029,
     .0538237311385459,
     .0201646090534979,
     .0727791224811534,
     .121359297438122},
};

static void judge(const char *name, struct feature_result *ret)
{
    struct judge_options options = {.n_judged = 8};
    size_t w = month_end(&analysis, 0);
    assert_int_equal(w, 720);
    assert_int_equal(feature_judge_columns(columns_named(&reference, name), reference.n_rows,
                                           columns_named(&analysis, name), w, false, &options, ret,
                                           NULL),
                     0);
}

static void check_cells(const struct golden *g)
{
    struct codebook *c;
    struct feature_cell cells[FEATURE_CELLS];
    static uint32_t counts[1024];
    const struct value *current = columns_named(&analysis, g->name);
    assert_int_equal(
        codebook_build(columns_named(&reference, g->name), reference.n_rows, NULL, &c, NULL), 0);
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < month_end(&analysis, 0); i++)
        counts[codebook_cell(c, &current[i])]++;
    assert_int_equal(feature_cells(c, codebook_counts(c), counts, cells), 10);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(cells[i].current, g->cells[i]);
    codebook_free(c);
}

static void first_month(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof GOLDEN / sizeof *GOLDEN; i++) {
        const struct golden *g = &GOLDEN[i];
        struct feature_result r;
        judge(g->name, &r);
        check_cells(g);
        if (!isnan(g->d))
            check("D", r.ks.d, g->d);
        check("D_low", r.ks.d_low, g->d_low);
        check("PSI", r.cells.psi.value, g->psi);
        check("PSI excess", r.cells.psi.excess, g->psi_excess);
        check("X2", r.cells.chi2.value, g->chi2);
        check("KL", r.cells.kl, g->kl);
        check("JS", r.cells.js.distance, g->js);
        check("Hellinger", r.cells.hellinger, g->hellinger);
        check("TV", r.cells.tv, g->tv);
        check("L-infinity", r.cells.linf, g->linf);
        check("W1/sd", r.rank.w1.per_sd, g->w1_sd);
        check("W1/IQR", r.rank.w1.per_iqr, g->w1_iqr);
    }
}

static void ranks_and_p(void **state)
{
    (void)state;
    struct feature_result medinc, age, longitude;
    judge("MedInc", &medinc);
    judge("HouseAge", &age);
    judge("Longitude", &longitude);
    check("AD", medinc.rank.ad, 102.762138182005);
    check("AD", age.rank.ad, 8.71915407892952);
    check("AD", longitude.rank.ad, 843.611092244445);
    check("W1", medinc.rank.w1.value, .871534729080933);
    check("W1", longitude.rank.w1.value, 2.7020109739369);
    check("D", longitude.ks.d, .813871742112483);
    assert_true(fabs(medinc.rank.cvm - 14.2603) < 5e-5);
    assert_true(fabs(age.rank.cvm - 1.3689) < 5e-5);
    double p, log10_p;
    ks_law_asymptotic(medinc.ks.d, 5832, 720, &p, &log10_p);
    assert_true(fabs(p / 2.73787366870242e-23 - 1) < 1e-5);
    ks_law_asymptotic(age.ks.d, 5832, 720, &p, &log10_p);
    assert_true(fabs(p / .000318272555903414 - 1) < 1e-5);
}

static void verdicts(void **state)
{
    (void)state;
    struct feature_result r;
    judge("Longitude", &r);
    assert_int_equal(r.verdict, VERDICT_PAGE);
    judge("Population", &r);
    assert_int_equal(r.verdict, VERDICT_OK);
}

/* D of each month of `months` against the whole reference. */
static size_t monthly(const struct columns *months, const char *name, double ret[16])
{
    size_t n = 0;
    for (size_t first = 0; first < months->n_rows; n++) {
        struct judge_options options = {.quick = true};
        struct feature_result r;
        size_t end = month_end(months, first);
        assert_true(n < 16);
        assert_int_equal(feature_judge_columns(columns_named(&reference, name), reference.n_rows,
                                               columns_named(months, name) + first, end - first,
                                               false, &options, &r, NULL),
                         0);
        ret[n] = r.ks.d;
        first = end;
    }
    return n;
}

static int alerts(const char *name, double *ret_threshold)
{
    double d[16], mean = 0, squares = 0;
    int count = 0;
    size_t n = monthly(&reference, name, d);
    for (size_t i = 0; i < n; i++)
        mean += d[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    *ret_threshold = mean + 3 * sqrt(squares / (double)n);
    n = monthly(&analysis, name, d);
    for (size_t i = 0; i < n; i++)
        count += d[i] > *ret_threshold;
    return count;
}

static void published_alerts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int alerts;
        double threshold;
    } published[] = {{"MedInc", 0, .325313},   {"HouseAge", 0, .543453}, {"AveRooms", 0, NAN},
                     {"AveBedrms", 0, NAN},    {"Population", 0, NAN},   {"AveOccup", 0, NAN},
                     {"Latitude", 1, .989537}, {"Longitude", 3, .911863}};
    for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
        double threshold;
        assert_int_equal(alerts(published[i].name, &threshold), published[i].alerts);
        if (!isnan(published[i].threshold))
            assert_true(fabs(threshold - published[i].threshold) < 5e-6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_month),
        cmocka_unit_test(ranks_and_p),
        cmocka_unit_test(verdicts),
        cmocka_unit_test(published_alerts),
    };
    gsl_set_error_handler_off();
    if (!load(&reference, "california_housing_reference.csv") ||
        !load(&analysis, "california_housing_analysis.csv")) {
        puts("skipped: the California housing files are not in ../shared/data");
        return 77;
    }
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    columns_done(&reference);
    columns_done(&analysis);
    return rc;
}
