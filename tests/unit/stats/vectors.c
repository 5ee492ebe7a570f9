/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every pair of tests/data/vectors through feature_judge_columns(): all numbers, words and verdicts
 * of expected.json, and nothing present that is not expected.
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
#include "driftop/base/json.h"
#include "driftop/stats/feature.h"

/* What is being compared, for the message of a failure. */
static const char *feature_name;
static char at[128];

static void check_number(const struct json *object, const char *key, double got, double relative)
{
    double want;
    struct json *value = json_get(object, key);
    if (!json_number(value, &want)) {
        if (value == NULL || json_kind(value) != JSON_NULL)
            fail_msg("%s: expected.json has no %s", at, key);
        if (!isnan(got))
            fail_msg("%s.%s: %.17g, expected null", at, key, got);
        return;
    }
    if (!(fabs(got - want) <= fmax(1e-12, relative * fabs(want))))
        fail_msg("%s.%s: %.17g, expected %.17g", at, key, got, want);
}

/* p below 1e-290 is only asked to be small, its logarithm is always compared. */
static void check_p(const struct json *object, double got, double relative)
{
    double want;
    assert_true(json_number(json_get(object, "p"), &want));
    if (want < 1e-290 ? got > 1e-289 : !(fabs(got - want) <= relative * want))
        fail_msg("%s.p: %.17g, expected %.17g", at, got, want);
}

static void check_word(const struct json *object, const char *key, const char *got)
{
    const char *want = json_text(json_get(object, key), NULL);
    if (!want || strcmp(want, got) != 0)
        fail_msg("%s.%s: %s, expected %s", at, key, got, want ? want : "nothing");
}

static struct json *part(const struct json *feature, const char *name, bool present)
{
    struct json *object = json_get(feature, name);
    bool expected = json_kind(object) == JSON_OBJECT;
    snprintf(at, sizeof at, "%s.%s", feature_name, name);
    if (expected != present)
        fail_msg("%s: %s", at, expected ? "absent, but expected" : "present, but not expected");
    return expected ? object : NULL;
}

static void check_rates(const struct json *f, const struct feature_result *r)
{
    for (int i = 0; i < RATE_KINDS; i++) {
        struct json *o = part(f, rate_name((enum rate_kind)i), r->rates[i].present);
        if (!o)
            continue;
        check_number(o, "reference_ratio", r->rates[i].reference_ratio, 1e-9);
        check_number(o, "current_ratio", r->rates[i].current_ratio, 1e-9);
        check_number(o, "low", r->rates[i].low, 1e-9);
        check_number(o, "high", r->rates[i].high, 1e-9);
    }
}

static void check_cells(const struct json *f, const struct divergence *d)
{
    struct json *o = part(f, "psi", d->present);
    check_number(o, "value", d->psi.value, 1e-9);
    check_number(o, "floor", d->psi.floor, 1e-9);
    check_number(o, "excess", d->psi.excess, 1e-9);
    check_number(o, "cells", (double)d->psi.cells, 0);
    check_p(o, d->psi.p, 1e-6);
    o = part(f, "js", d->present);
    check_number(o, "distance", d->js.distance, 1e-9);
    check_number(o, "divergence", d->js.divergence, 1e-9);
    check_number(o, "floor_divergence", d->js.floor_divergence, 1e-9);
    check_number(o, "excess_divergence", d->js.excess_divergence, 1e-9);
    o = part(f, "kl", d->present);
    check_number(o, "value", d->kl, 1e-9);
    check_number(o, "floor", d->kl_floor, 1e-9);
    o = part(f, "hellinger", d->present);
    check_number(o, "value", d->hellinger, 1e-9);
    check_number(o, "floor", d->hellinger_floor, 1e-9);
    o = part(f, "tv", d->present);
    check_number(o, "value", d->tv, 1e-9);
    check_number(o, "floor", d->tv_floor, 1e-9);
    o = part(f, "linf", d->present);
    check_number(o, "value", d->linf, 1e-9);
    o = part(f, "chi2", d->present);
    check_number(o, "value", d->chi2.value, 1e-9);
    check_number(o, "df", (double)d->chi2.df, 0);
    check_p(o, d->chi2.p, 1e-6);
}

static void check_ks(const struct json *f, const struct ks *ks)
{
    struct json *o = part(f, "ks", ks->present);
    if (!o)
        return;
    check_number(o, "d", ks->d, 1e-9);
    check_number(o, "d_low", ks->d_low, 1e-9);
    check_number(o, "d_high", ks->d_high, 1e-9);
    check_number(o, "floor", ks->floor, 1e-9);
    check_number(o, "location", ks->location, 0);
    check_word(o, "direction", ks_direction_name(ks->direction));
    check_word(o, "method", ks_method_name(ks->method));
    check_number(o, "log10_p", ks->log10_p, 1e-6);
    check_p(o, ks->p, ks->method == KS_EXACT ? 1e-6 : 1e-5);
}

static void check_ranks(const struct json *f, const struct rank *r)
{
    struct json *o = part(f, "w1", r->w1.present);
    if (o) {
        check_number(o, "value", r->w1.value, 1e-9);
        check_number(o, "per_sd", r->w1.per_sd, 1e-9);
        check_number(o, "per_iqr", r->w1.per_iqr, 1e-9);
    }
    o = part(f, "cvm", r->has_cvm);
    if (o)
        check_number(o, "value", r->cvm, 1e-9);
    o = part(f, "ad", r->has_ad);
    if (o)
        check_number(o, "value", r->ad, 1e-9);
}

static void check_feature(const struct json *expected, const char *name,
                          const struct feature_result *r)
{
    struct json *f = json_get(expected, name);
    feature_name = name;
    snprintf(at, sizeof at, "%s", name);
    assert_non_null(f);
    check_word(f, "kind", feature_kind_name(r->kind));
    check_word(f, "verdict", verdict_name(r->verdict));
    check_rates(f, r);
    check_cells(f, &r->cells);
    check_ks(f, &r->ks);
    check_ranks(f, &r->rank);
}

static void check_pair(const char *pair)
{
    struct columns reference, current;
    size_t length;
    char path[64];
    snprintf(path, sizeof path, "vectors/%s/reference.csv", pair);
    columns_load(&reference, path);
    snprintf(path, sizeof path, "vectors/%s/current.csv", pair);
    columns_load(&current, path);
    snprintf(path, sizeof path, "vectors/%s/expected.json", pair);
    char *text = columns_read(path, &length);
    struct json *expected;
    assert_int_equal(json_parse(text, length, &expected, NULL), 0);
    struct json *features = json_get(expected, "features");
    assert_int_equal(json_length(features), reference.n_columns);

    struct judge_options options = {.n_judged = reference.n_columns};
    enum verdict worst = VERDICT_OK;
    for (size_t i = 0; i < reference.n_columns; i++) {
        struct feature_result r;
        assert_int_equal(feature_judge_columns(columns_at(&reference, i), reference.n_rows,
                                               columns_at(&current, i), current.n_rows,
                                               strcmp(reference.names[i], "codes") == 0, &options,
                                               &r, NULL),
                         0);
        assert_int_equal(r.status, FEATURE_JUDGED);
        check_feature(features, reference.names[i], &r);
        worst = verdict_worse(worst, r.verdict);
    }
    snprintf(at, sizeof at, "%s", pair);
    check_word(expected, "verdict", verdict_name(worst));
    check_number(expected, "reference_rows", (double)reference.n_rows, 0);
    check_number(expected, "current_rows", (double)current.n_rows, 0);
    json_drop(expected);
    free(text);
    columns_done(&reference);
    columns_done(&current);
}

static void pair_1(void **state)
{
    (void)state;
    check_pair("pair-1");
}

static void pair_2(void **state)
{
    (void)state;
    check_pair("pair-2");
}

static void pair_3(void **state)
{
    (void)state;
    check_pair("pair-3");
}

static void pair_4(void **state)
{
    (void)state;
    check_pair("pair-4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pair_1),
        cmocka_unit_test(pair_2),
        cmocka_unit_test(pair_3),
        cmocka_unit_test(pair_4),
    };
    gsl_set_error_handler_off();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
