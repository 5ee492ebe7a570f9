/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/alert/rule.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/model/ground.h"
#include "driftop/stats/verdict.h"

#define MINUTE_MS      60000
#define STALE_AGAIN_MS 5000

struct alert_limits alert_limits_default(void)
{
    return (struct alert_limits){
        .error_ratio = 0.05,
        .error_for_ms = MINUTE_MS,
        .error_min_requests = 50,
        .latency_for_ms = MINUTE_MS,
        .not_ready_for_ms = 15000,
        .traffic_gap_ratio = 0.05,
        .traffic_for_ms = 30000,
        .drift_worst = SIGN_PAGE,
    };
}

static struct alert_look hold(void)
{
    return (struct alert_look){.sign = SIGN_HOLD, .good_looks = 3};
}

/* The usual shape: bad from the threshold on, good below 0.7 of it. */
static struct alert_look against(double value, double threshold, enum alert_sign bad,
                                 int64_t for_ms)
{
    struct alert_look look = hold();
    look.value = value;
    look.threshold = threshold;
    look.for_ms = for_ms;
    if (value > threshold)
        look.sign = bad;
    else if (value < ALERT_BACK_RATIO * threshold)
        look.sign = SIGN_GOOD;
    return look;
}

static bool gets_traffic(const struct version_state *v)
{
    if (v->has & VERSION_DESIRED)
        return v->desired_ratio > 0;
    if (v->has & VERSION_RATE)
        return v->request_rate > 0;
    /* Where nobody says it now: one that has served is one that somebody waits for. */
    return v->rows_total > 0;
}

struct alert_look rule_error_ratio(const struct version_state *v, const struct alert_limits *l)
{
    if (l->error_ratio <= 0 || !(v->has & VERSION_ERRORS))
        return hold();
    struct alert_look look = against(v->error_ratio, l->error_ratio, SIGN_PAGE, l->error_for_ms);
    /* A handful of requests proves nothing, neither bad nor good. */
    if (v->requests_minute < l->error_min_requests)
        look.sign = SIGN_HOLD;
    look.read_ms = v->metrics_at_ms;
    snprintf(look.summary, sizeof look.summary, "errors %.3g %% > %.3g %%", v->error_ratio * 100,
             l->error_ratio * 100);
    return look;
}

struct alert_look rule_latency(const struct version_state *v, const struct alert_limits *l)
{
    if (l->latency_p99_s <= 0 || !(v->has & VERSION_P99))
        return hold();
    struct alert_look look =
        against(v->latency_p99_s, l->latency_p99_s, SIGN_TICKET, l->latency_for_ms);
    /* Beyond the last bucket the number is a lower bound, which can show bad and never good. */
    bool unsure = (v->has & VERSION_P99_OVER) && look.sign == SIGN_GOOD;
    if (unsure || v->requests_minute < l->error_min_requests)
        look.sign = SIGN_HOLD;
    look.read_ms = v->metrics_at_ms;
    snprintf(look.summary, sizeof look.summary, "p99 %s%.0f ms > %.0f ms",
             v->has & VERSION_P99_OVER ? "over " : "", v->latency_p99_s * 1000,
             l->latency_p99_s * 1000);
    return look;
}

struct alert_look rule_not_ready(const struct version_state *v, const struct alert_limits *l)
{
    struct alert_look look = hold();
    look.for_ms = l->not_ready_for_ms;
    look.threshold = 1;
    if (!(v->has & VERSION_READY))
        return look;
    look.value = v->ready ? 1 : 0;
    look.good_looks = 2;
    look.read_ms = v->ready_at_ms;
    if (v->ready)
        look.sign = SIGN_GOOD;
    else
        look.sign = gets_traffic(v) ? SIGN_PAGE : SIGN_TICKET;
    if (v->has & VERSION_DESIRED)
        snprintf(look.summary, sizeof look.summary, "not ready (%s), desired share %.3g %%",
                 v->state[0] ? v->state : "no word why", v->desired_ratio * 100);
    else
        snprintf(look.summary, sizeof look.summary, "not ready (%s)",
                 v->state[0] ? v->state : "no word why");
    return look;
}

struct alert_look rule_traffic(const struct version_state *v, const struct alert_limits *l)
{
    if (!(v->has & VERSION_DESIRED) || !(v->has & VERSION_EFFECTIVE))
        return hold();
    double gap = fabs(v->desired_ratio - v->effective_ratio);
    struct alert_look look = against(gap, l->traffic_gap_ratio, SIGN_TICKET, l->traffic_for_ms);
    look.read_ms = v->traffic_at_ms;
    snprintf(look.summary, sizeof look.summary, "traffic %.3g %%, desired %.3g %%",
             v->effective_ratio * 100, v->desired_ratio * 100);
    return look;
}

struct alert_look rule_stale(const struct source_state *s, int64_t now_ms)
{
    struct alert_look look = hold();
    int64_t patience_ms = 3 * s->interval_ms + s->timeout_ms;

    look.good_looks = 1;
    look.threshold = (double)patience_ms / 1000;
    if (s->interval_ms <= 0)
        return look;
    /* One that never answered may still be starting, as we are. One that did gets a second look: a
     * clock that jumped makes everything look old. */
    look.for_ms = s->ok_ms ? STALE_AGAIN_MS : patience_ms;
    look.value = s->ok_ms ? (double)(now_ms - s->ok_ms) / 1000 : 0;
    look.sign = source_stale(s, now_ms) ? SIGN_TICKET : SIGN_GOOD;
    snprintf(look.summary, sizeof look.summary, "%s stale: %.180s", source_kind_name(s->kind),
             s->fault[0] ? s->fault : "no answer");
    return look;
}

/* The statistic in words; of a rate how much more or fewer. */
static void ground_text(const struct drift_ground *g, char *buf, size_t size)
{
    double percent = fabs(g->value) * 100;

    if (g->reason & DRIFT_PSI)
        snprintf(buf, size, "PSI %.2f over its floor", g->value);
    else if (g->reason & DRIFT_JS)
        snprintf(buf, size, "JS %.3f over its floor", g->value);
    else if (g->reason & DRIFT_KS)
        snprintf(buf, size, "KS D %.2f", g->value);
    else if (g->reason & DRIFT_MISSING)
        snprintf(buf, size, "%s missing values, over %.1f %%", g->value < 0 ? "fewer" : "more",
                 percent);
    else if (g->reason & DRIFT_UNSEEN)
        snprintf(buf, size, "new values, over %.1f %%", percent);
    else if (g->reason & DRIFT_RANGE)
        snprintf(buf, size, "out of range, over %.1f %%", percent);
    else if (g->reason)
        snprintf(buf, size, "%s values, over %.1f %%",
                 g->reason & DRIFT_INVALID ? "unreadable" : "infinite", percent);
    else
        snprintf(buf, size, "no drift");
}

/* For the one line that people read. */
static void drift_text(const struct drift_summary *d, const struct drift_ground *g, bool prediction,
                       char *buf, size_t size)
{
    char text[128];

    ground_text(g, text, sizeof text);
    if (drift_worst(d) > d->verdict)
        snprintf(buf, size, "%s%s, against the champion's same minutes, n=%u",
                 prediction ? "score " : "", text, d->rows);
    else if (g->reason & DRIFT_RATES)
        snprintf(buf, size, "%s%s", prediction ? "score " : "", text);
    else
        snprintf(buf, size, "%s%s, n=%u", prediction ? "score " : "", text, d->rows);
}

struct alert_look rule_drift(const struct drift_summary *d, bool back, bool prediction,
                             const struct alert_limits *l)
{
    struct alert_look look = hold();
    if (l->drift_worst == SIGN_HOLD)
        return look;
    const struct drift_ground ground = drift_worst_ground(d);
    look.value = fabs(ground.value);
    look.threshold = ground.threshold;
    if (drift_worst(d) == VERDICT_PAGE)
        look.sign = l->drift_worst;
    else if (drift_worst(d) == VERDICT_WARN)
        look.sign = SIGN_TICKET;
    else if (drift_worst(d) == VERDICT_OK && back)
        look.sign = SIGN_GOOD;
    drift_text(d, &ground, prediction, look.summary, sizeof look.summary);
    return look;
}
