/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/act/verify.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define EPSILON 1e-6

void verify_init(struct verify *v, const struct world *before, const struct world *after,
                 int64_t mono_ms)
{
    memset(v, 0, sizeof *v);
    v->before = before;
    v->after = after;
    v->started_ms = mono_ms;
    snprintf(v->text, sizeof v->text, "waiting for the first reading");
}

static bool near(double a, double b)
{
    return fabs(a - b) < EPSILON;
}

static bool alias_is(const struct world *want, const struct world *now)
{
    return !want->has_registry || !now->has_registry || strcmp(want->champion, now->champion) == 0;
}

/* Every planned share is effective, and the alias is where it should be. */
static bool effective(const struct verify *v, const struct world *now)
{
    for (size_t i = 0; i < v->after->n_shares; i++) {
        const struct world_share *want = &v->after->shares[i];
        const struct world_share *is = world_share(now, want->version);
        if (!is || !near(is->desired_ratio, want->desired_ratio) ||
            !near(is->effective_ratio, want->desired_ratio))
            return false;
    }
    return alias_is(v->after, now);
}

static const char *alias_word(const struct world *w)
{
    return w->champion[0] ? w->champion : "nothing";
}

/* Set to what neither was nor shall be: somebody else drives, too. */
static bool diverged(const struct verify *v, const struct world *now, char *text, size_t size)
{
    for (size_t i = 0; i < v->after->n_shares; i++) {
        const struct world_share *want = &v->after->shares[i];
        const struct world_share *was = world_share(v->before, want->version);
        const struct world_share *is = world_share(now, want->version);
        if (!is || near(is->desired_ratio, want->desired_ratio) ||
            (was && near(is->desired_ratio, was->desired_ratio)))
            continue;
        snprintf(text, size, "v%.60s is set to %.4g %%, planned %.4g %%: somebody else changed it",
                 want->version, is->desired_ratio * 100, want->desired_ratio * 100);
        return true;
    }
    if (alias_is(v->after, now) || strcmp(now->champion, v->before->champion) == 0)
        return false;
    snprintf(text, size, "the alias names %.60s, planned %.60s: somebody else moved it",
             alias_word(now), alias_word(v->after));
    return true;
}

static void take_base(struct verify *v, const struct world *now)
{
    v->has_base = true;
    v->agree = 0;
    v->seen_total = 0;
    for (size_t i = 0; i < v->after->n_shares && i < VERIFY_VERSIONS; i++) {
        const struct world_share *is = world_share(now, v->after->shares[i].version);
        v->base_total[i] = is ? is->sessions_total : 0;
    }
}

/* Requests since the base against the planned shares: max(0.5 points, 3 sigma) of the binomial, and
 * none at all where the plan says zero. False with the first version that does not follow. */
static bool follows(struct verify *v, const struct world *now, const char **ret_version,
                    double *ret_share, bool *ret_zero)
{
    double delta[VERIFY_VERSIONS] = {0}, total = 0;
    size_t n = v->after->n_shares < VERIFY_VERSIONS ? v->after->n_shares : VERIFY_VERSIONS;

    for (size_t i = 0; i < n; i++) {
        const struct world_share *is = world_share(now, v->after->shares[i].version);
        delta[i] = is ? is->sessions_total - v->base_total[i] : 0;
        if (delta[i] < 0) { /* the splitter was restarted: its counters begin anew */
            take_base(v, now);
            return true;
        }
        total += delta[i];
    }
    v->seen_total = total;
    /* Those that shall get nothing first: that is what people wait for. */
    for (int zeros = 1; zeros >= 0 && total > 0; zeros--)
        for (size_t i = 0; i < n; i++) {
            double p = v->after->shares[i].desired_ratio, share = delta[i] / total;
            double tolerance = fmax(VERIFY_TOLERANCE, 3 * sqrt(p * (1 - p) / total));
            bool zero = p < EPSILON;
            if (zero != zeros || (zero ? delta[i] <= 0 : fabs(share - p) <= tolerance))
                continue;
            *ret_version = v->after->shares[i].version;
            *ret_share = share;
            *ret_zero = zero;
            return false;
        }
    return true;
}

/* Nothing was taken over: what is set is what was set before. */
static bool unchanged(const struct verify *v, const struct world *now)
{
    for (size_t i = 0; i < v->before->n_shares; i++) {
        const struct world_share *was = &v->before->shares[i];
        const struct world_share *is = world_share(now, was->version);
        if (!is || !near(is->desired_ratio, was->desired_ratio))
            return false;
    }
    return alias_is(v->before, now);
}

/* Not effective, or not followed. */
static enum verify_result out_of_time(const struct verify *v, const struct world *now,
                                      int64_t mono_ms)
{
    int64_t took_ms = mono_ms - v->started_ms;
    if (took_ms < VERIFY_SOFT_MS)
        return VERIFY_PENDING;
    if (v->effective_ms || !unchanged(v, now))
        return VERIFY_STALLED;
    return took_ms < VERIFY_HARD_MS ? VERIFY_PENDING : VERIFY_FAILED;
}

/* Only an alias was moved: it must still stand a moment later. */
static enum verify_result pointer_result(struct verify *v, int64_t mono_ms)
{
    bool stands = mono_ms - v->effective_ms >= VERIFY_POINTER_MS;
    snprintf(v->text, sizeof v->text, "the alias names %.60s%s", alias_word(v->after),
             stands ? "" : ", looking again");
    return stands ? VERIFY_DONE : VERIFY_PENDING;
}

static enum verify_result traffic_result(struct verify *v, const struct world *now, int64_t mono_ms)
{
    const char *version = "";
    double share = 0;
    bool zero = false;

    if (!v->has_base) {
        take_base(v, now);
        snprintf(v->text, sizeof v->text, "effective as planned, counting requests");
        return VERIFY_PENDING;
    }
    if (!follows(v, now, &version, &share, &zero)) {
        /* Requests under way may still arrive for a while; after that it is a finding. */
        bool grace = mono_ms - v->effective_ms < VERIFY_STOP_MS;
        snprintf(v->text, sizeof v->text, "v%.60s %s %.3g %% of %.0f requests%s", version,
                 zero ? "still gets" : "gets", share * 100, v->seen_total,
                 grace ? "" : ", not as planned");
        take_base(v, now);
        return zero && !grace ? VERIFY_STALLED : out_of_time(v, now, mono_ms);
    }
    if (v->seen_total >= VERIFY_REQUESTS)
        v->agree++;
    snprintf(v->text, sizeof v->text, "%.0f requests follow the plan, %d of %d looks",
             v->seen_total, v->agree, VERIFY_AGREE);
    if (v->agree >= VERIFY_AGREE)
        return VERIFY_DONE;
    if (mono_ms - v->started_ms < VERIFY_SOFT_MS)
        return VERIFY_PENDING;
    snprintf(v->text, sizeof v->text, "applied, traffic not observed: %.0f requests in %.0f s",
             v->seen_total, (double)(mono_ms - v->effective_ms) / 1000);
    return VERIFY_NOT_OBSERVED;
}

enum verify_result verify_look(struct verify *v, const struct world *now, int64_t mono_ms)
{
    if (!effective(v, now)) {
        v->effective_ms = 0;
        v->has_base = false;
        if (diverged(v, now, v->text, sizeof v->text))
            return VERIFY_DIVERGED;
        snprintf(v->text, sizeof v->text, "not yet effective");
        return out_of_time(v, now, mono_ms);
    }
    if (!v->effective_ms)
        v->effective_ms = mono_ms;
    if (!v->after->has_traffic)
        return pointer_result(v, mono_ms);
    return traffic_result(v, now, mono_ms);
}

enum verify_result verify_blind(struct verify *v, const char *why, int64_t mono_ms)
{
    snprintf(v->text, sizeof v->text, "cannot read: %.160s", why);
    return mono_ms - v->started_ms < VERIFY_HARD_MS ? VERIFY_PENDING : VERIFY_STALLED;
}
