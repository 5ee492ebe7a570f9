/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "driftop/alert/rule.h"
#include "driftop/base/str.h"
#include "driftop/stats/verdict.h"

static struct version_state metrics(double errors, double requests)
{
    return (struct version_state){.has = VERSION_RATE | VERSION_ERRORS,
                                  .error_ratio = errors,
                                  .requests_minute = requests,
                                  .metrics_at_ms = 12345};
}

static void error_ratio(void **state)
{
    (void)state;
    struct alert_limits l = alert_limits_default();
    const struct {
        double errors, requests;
        enum alert_sign sign;
    } cases[] = {
        {0.051, 50, SIGN_PAGE}, {0.05, 50, SIGN_HOLD}, {0.0349, 50, SIGN_GOOD},
        {0.036, 50, SIGN_HOLD}, {1, 49, SIGN_HOLD},    {0, 49, SIGN_HOLD},
        {NAN, 1000, SIGN_HOLD},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct version_state v = metrics(cases[i].errors, cases[i].requests);
        struct alert_look look = rule_error_ratio(&v, &l);
        assert_int_equal(look.sign, cases[i].sign);
        assert_int_equal(look.for_ms, 60000);
        assert_int_equal(look.good_looks, 3);
        assert_int_equal(look.read_ms, 12345);
    }
    struct version_state v = metrics(0.5, 100);
    assert_string_equal(rule_error_ratio(&v, &l).summary, "errors 50 % > 5 %");
    v.has = VERSION_RATE;
    assert_int_equal(rule_error_ratio(&v, &l).sign, SIGN_HOLD);
    v = metrics(0.5, 100);
    l.error_ratio = 0;
    assert_int_equal(rule_error_ratio(&v, &l).sign, SIGN_HOLD);
}

static void latency(void **state)
{
    (void)state;
    struct alert_limits l = alert_limits_default();
    struct version_state v = metrics(0, 100);

    v.has |= VERSION_P99;
    v.latency_p99_s = 0.4;
    assert_int_equal(rule_latency(&v, &l).sign, SIGN_HOLD); /* off unless set */
    l.latency_p99_s = 0.3;
    assert_int_equal(rule_latency(&v, &l).sign, SIGN_TICKET);
    assert_string_equal(rule_latency(&v, &l).summary, "p99 400 ms > 300 ms");
    v.latency_p99_s = 0.2;
    assert_int_equal(rule_latency(&v, &l).sign, SIGN_GOOD);
    v.has |= VERSION_P99_OVER; /* at least 200 ms: that may be anything */
    assert_int_equal(rule_latency(&v, &l).sign, SIGN_HOLD);
    v.latency_p99_s = 0.5;
    assert_int_equal(rule_latency(&v, &l).sign, SIGN_TICKET);
    assert_string_equal(rule_latency(&v, &l).summary, "p99 over 500 ms > 300 ms");
    v.requests_minute = 3;
    assert_int_equal(rule_latency(&v, &l).sign, SIGN_HOLD);
    v.has = VERSION_MEAN;
    assert_int_equal(rule_latency(&v, &l).sign, SIGN_HOLD);
}

static void not_ready(void **state)
{
    (void)state;
    struct alert_limits l = alert_limits_default();
    struct version_state v = {.has = VERSION_READY | VERSION_DESIRED, .desired_ratio = 0.75};

    struct alert_look look = rule_not_ready(&v, &l);
    assert_int_equal(look.sign, SIGN_PAGE);
    assert_int_equal(look.for_ms, 15000);
    assert_string_equal(look.summary, "not ready (no word why), desired share 75 %");
    v.desired_ratio = 0;
    str_copy(v.state, sizeof v.state, "loading");
    look = rule_not_ready(&v, &l);
    assert_int_equal(look.sign, SIGN_TICKET);
    v.has = VERSION_READY | VERSION_RATE;
    v.request_rate = 3;
    look = rule_not_ready(&v, &l);
    assert_int_equal(look.sign, SIGN_PAGE);
    assert_string_equal(look.summary, "not ready (loading)");
    /* Nobody says any more how much it gets: with the server its numbers are gone, too. */
    v.has = VERSION_READY;
    v.rows_total = 1000;
    assert_int_equal(rule_not_ready(&v, &l).sign, SIGN_PAGE);
    v.rows_total = 0; /* it has never served */
    assert_int_equal(rule_not_ready(&v, &l).sign, SIGN_TICKET);
    v.ready = true;
    assert_int_equal(rule_not_ready(&v, &l).sign, SIGN_GOOD);
    v.has = 0;
    assert_int_equal(rule_not_ready(&v, &l).sign, SIGN_HOLD);
}

static void traffic(void **state)
{
    (void)state;
    struct alert_limits l = alert_limits_default();
    struct version_state v = {
        .has = VERSION_DESIRED | VERSION_EFFECTIVE, .desired_ratio = 0.75, .effective_ratio = 0.6};

    assert_int_equal(rule_traffic(&v, &l).sign, SIGN_TICKET);
    assert_string_equal(rule_traffic(&v, &l).summary, "traffic 60 %, desired 75 %");
    v.effective_ratio = 0.71;
    assert_int_equal(rule_traffic(&v, &l).sign, SIGN_HOLD);
    v.effective_ratio = 0.74;
    assert_int_equal(rule_traffic(&v, &l).sign, SIGN_GOOD);
    v.has = VERSION_DESIRED;
    assert_int_equal(rule_traffic(&v, &l).sign, SIGN_HOLD);
}

static void stale(void **state)
{
    (void)state;
    struct source_state s = {.kind = SOURCE_REGISTRY,
                             .interval_ms = 5000,
                             .timeout_ms = 3000,
                             .tried_ms = 100000,
                             .ok_ms = 100000};

    assert_int_equal(rule_stale(&s, 118000).sign, SIGN_GOOD);
    struct alert_look look = rule_stale(&s, 118001);
    assert_int_equal(look.sign, SIGN_TICKET);
    assert_string_equal(look.summary, "registry stale: no answer");
    assert_int_equal(look.for_ms, 5000);
    str_copy(s.fault, sizeof s.fault, "refused");
    assert_string_equal(rule_stale(&s, 200000).summary, "registry stale: refused");
    s.ok_ms = 0; /* never answered: it gets as long as one that stopped */
    look = rule_stale(&s, 100001);
    assert_int_equal(look.sign, SIGN_TICKET);
    assert_int_equal(look.for_ms, 18000);
    s.interval_ms = 0;
    assert_int_equal(rule_stale(&s, 900000).sign, SIGN_HOLD);
}

static void drift(void **state)
{
    (void)state;
    struct alert_limits l = alert_limits_default();
    struct drift_summary d = {.verdict = VERDICT_PAGE,
                              .rows = 1200,
                              .psi_excess = 1.5f,
                              .js_excess = 0.125f,
                              .ks_low = 0.5f,
                              .rate_gap = 0.25f};
    const struct {
        uint16_t reason;
        const char *text;
    } texts[] = {
        {DRIFT_PSI | DRIFT_KS, "score PSI 1.50 over its floor, n=1200"},
        {DRIFT_JS | DRIFT_KS, "score JS 0.125 over its floor, n=1200"},
        {DRIFT_KS, "score KS D 0.50, n=1200"},
        {DRIFT_MISSING, "score more missing values, over 25.0 %"},
        {DRIFT_UNSEEN, "score new values, over 25.0 %"},
        {DRIFT_RANGE, "score out of range, over 25.0 %"},
        {DRIFT_INVALID, "score unreadable values, over 25.0 %"},
        {DRIFT_INFINITE, "score infinite values, over 25.0 %"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        d.reason = texts[i].reason;
        assert_string_equal(rule_drift(&d, false, true, &l).summary, texts[i].text);
    }
    d.reason = DRIFT_KS;
    assert_string_equal(rule_drift(&d, false, false, &l).summary, "KS D 0.50, n=1200");
    assert_int_equal(rule_drift(&d, false, false, &l).sign, SIGN_PAGE);
    assert_int_equal(rule_drift(&d, false, false, &l).for_ms, 0);
    l.drift_worst = SIGN_TICKET;
    assert_int_equal(rule_drift(&d, false, false, &l).sign, SIGN_TICKET);
    l.drift_worst = SIGN_HOLD;
    assert_int_equal(rule_drift(&d, false, false, &l).sign, SIGN_HOLD);
    l.drift_worst = SIGN_PAGE;
    d.verdict = VERDICT_WARN;
    assert_int_equal(rule_drift(&d, false, false, &l).sign, SIGN_TICKET);
    d.verdict = VERDICT_UNKNOWN;
    assert_int_equal(rule_drift(&d, true, false, &l).sign, SIGN_HOLD);
    d.verdict = VERDICT_OK;
    assert_int_equal(rule_drift(&d, false, false, &l).sign, SIGN_HOLD);
    assert_int_equal(rule_drift(&d, true, false, &l).sign, SIGN_GOOD);
}

/* The line says what the verdict stands on, not the first statistic that has moved a little. */
static void drift_says_why(void **state)
{
    (void)state;
    struct alert_limits l = alert_limits_default();
    struct drift_summary d = {.verdict = VERDICT_PAGE,
                              .reason = DRIFT_PSI | DRIFT_JS | DRIFT_MISSING,
                              .rows = 300,
                              .psi_excess = 0.14f,
                              .js_excess = 0.011f,
                              .ks_low = 0.09f,
                              .rate_gap = 0.08f};
    struct alert_look look = rule_drift(&d, false, false, &l);
    assert_string_equal(look.summary, "more missing values, over 8.0 %");
    assert_float_equal(look.value, 0.08, 1e-6);
    assert_float_equal(look.threshold, 0.02, 1e-6);
    d.rate_gap = 0.02f;
    d.psi_excess = 0.5f;
    look = rule_drift(&d, false, false, &l);
    assert_string_equal(look.summary, "PSI 0.50 over its floor, n=300");
    assert_float_equal(look.threshold, 0.25, 1e-6);
    /* A PSI that alone would be a warning is not what pages. */
    d.psi_excess = 0.2f;
    d.js_excess = 0.03f;
    look = rule_drift(&d, false, false, &l);
    assert_string_equal(look.summary, "JS 0.030 over its floor, n=300");
    assert_float_equal(look.threshold, 0.0225, 1e-6);
    d.reason = DRIFT_PSI | DRIFT_KS;
    d.ks_low = 0.3f;
    look = rule_drift(&d, false, false, &l);
    assert_string_equal(look.summary, "KS D 0.30, n=300");
    assert_float_equal(look.value, 0.3, 1e-6);
    d.verdict = VERDICT_WARN;
    look = rule_drift(&d, false, false, &l);
    assert_string_equal(look.summary, "PSI 0.20 over its floor, n=300");
    assert_float_equal(look.threshold, 0.1, 1e-6);
    /* The champion's verdict is the worse one: its statistic is the one to name, not the reference's. */
    d.canary = VERDICT_PAGE;
    d.canary_psi = 0.05f;
    d.canary_reason = DRIFT_KS;
    d.canary_value = 0.18f;
    look = rule_drift(&d, false, true, &l);
    assert_int_equal(look.sign, SIGN_TICKET); /* not while nobody says so */
    d.reason |= DRIFT_CANARY;
    look = rule_drift(&d, false, true, &l);
    assert_int_equal(look.sign, SIGN_PAGE);
    assert_string_equal(look.summary,
                        "score KS D 0.18, against the champion's same minutes, n=300");
    assert_float_equal(look.value, 0.18, 1e-6);
    assert_float_equal(look.threshold, 0.1, 1e-6);
    d.canary_reason = DRIFT_MISSING;
    d.canary_value = -0.04f;
    look = rule_drift(&d, false, false, &l);
    assert_string_equal(look.summary,
                        "fewer missing values, over 4.0 %, against the champion's same minutes, "
                        "n=300");
    assert_float_equal(look.value, 0.04, 1e-6);
    assert_float_equal(look.threshold, 0.02, 1e-6);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(alert_rule_name(ALERT_LATENCY), "latency_p99");
    assert_string_equal(alert_rule_name((enum alert_rule)99), "unknown");
    assert_string_equal(alert_severity_name(ALERT_PAGE), "page");
    assert_string_equal(alert_severity_name(ALERT_TICKET), "ticket");
    assert_string_equal(alert_phase_name(ALERT_PENDING), "pending");
    assert_string_equal(alert_phase_name(ALERT_FIRING), "firing");
    assert_string_equal(alert_phase_name(ALERT_RESOLVED), "resolved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_ratio),    cmocka_unit_test(latency), cmocka_unit_test(not_ready),
        cmocka_unit_test(traffic),        cmocka_unit_test(stale),   cmocka_unit_test(drift),
        cmocka_unit_test(drift_says_why), cmocka_unit_test(names),
    };
    return cmocka_run_group_tests_name("alert/rule", tests, NULL, NULL);
}
