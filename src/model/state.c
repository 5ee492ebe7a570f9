/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/model/state.h"

#include <string.h>

#define STALE_INTERVALS 3

bool source_stale(const struct source_state *s, int64_t now_ms)
{
    if (s->interval_ms <= 0)
        return false; /* nothing is expected at any time: a sink, a reference, a receiver */
    if (s->ok_ms == 0)
        return s->tried_ms != 0;
    return now_ms - s->ok_ms > STALE_INTERVALS * s->interval_ms + s->timeout_ms;
}

const char *source_kind_name(enum source_kind kind)
{
    switch (kind) {
    case SOURCE_SERVER: return "server";
    case SOURCE_METRICS: return "metrics";
    case SOURCE_REGISTRY: return "registry";
    case SOURCE_TRAFFIC: return "traffic";
    case SOURCE_FEATURES: return "features";
    case SOURCE_SINK: return "sink";
    case SOURCE_REFERENCE: return "reference";
    case SOURCE_NOTIFY: return "notify";
    }
    return "?";
}

const char *source_health_name(enum source_health health)
{
    switch (health) {
    case SOURCE_UNKNOWN: return "unknown";
    case SOURCE_OK: return "ok";
    case SOURCE_FAILING: return "failing";
    case SOURCE_AUTH: return "auth";
    case SOURCE_WRONG: return "wrong";
    case SOURCE_SECRET: return "secret";
    }
    return "?";
}

/* Refused rows point at a mistake that no retry heals, so the commonest one is what to look at. */
static const char *refusal_advice(const struct source_state *s)
{
    static const char *const advice[SOURCE_REFUSALS] = {
        [REFUSED_SYNTAX] = "some lines are not what the type says: look at the writer",
        [REFUSED_FIELD] = "some rows have wrongly typed fields: compare them with the reference",
        [REFUSED_TIME] = "rows have no readable time: check time_field",
        [REFUSED_LATE] = "rows come more than a day late: check the writer's clock or its queue",
        [REFUSED_AHEAD] = "rows come from the future: check the writer's clock",
        [REFUSED_VERSION] = "rows name no usable version: check version_field",
        [REFUSED_SIZE] = "some lines are longer than a line may be",
        [REFUSED_UNPAIRED] = "requests come without responses: check the logger's mode is `all`",
        [REFUSED_LOST] = "rows were rotated away while nobody read them: keep more old files",
        [REFUSED_FULL] = "the spool was full: raise sink.spool or look why rows are not counted",
    };
    size_t worst = 0;

    for (size_t i = 1; i < SOURCE_REFUSALS; i++)
        if (s->refused[i] > s->refused[worst])
            worst = i;
    return s->refused[worst] ? advice[worst] : "";
}

static const char *failing_advice(enum source_kind kind)
{
    switch (kind) {
    case SOURCE_SERVER:
    case SOURCE_METRICS:
        return "check that the server runs and that url and metrics name its ports";
    case SOURCE_REGISTRY: return "check the registry's url and that it answers from this machine";
    case SOURCE_TRAFFIC:
        return "check that the splitter runs and that this user may open its socket";
    case SOURCE_FEATURES:
    case SOURCE_REFERENCE: return "check the path and that this user may read it";
    case SOURCE_SINK: return "check that nothing else listens on sink.listen";
    case SOURCE_NOTIFY: return "check the receiver; what it missed waits in the outbox";
    }
    return "";
}

static const char *wrong_advice(enum source_kind kind)
{
    switch (kind) {
    case SOURCE_SERVER:
    case SOURCE_METRICS:
        return "it answers, but not as it should: check model and what url and metrics point at, "
               "then its log";
    case SOURCE_REGISTRY:
        return "it answers, but not as it should: check that url is the registry's and that it has "
               "the model";
    case SOURCE_TRAFFIC:
        return "it answers, but not as it should: check the backend's name and what the socket is "
               "of";
    case SOURCE_FEATURES:
    case SOURCE_REFERENCE: return "the file is there: mend what the fault names, or check its type";
    case SOURCE_SINK: return "look at the recorder's log";
    case SOURCE_NOTIFY:
        return "the receiver takes no notification: read its answer above; what it missed waits in "
               "the outbox";
    }
    return "";
}

static const char *auth_advice(enum source_kind kind)
{
    return kind == SOURCE_TRAFFIC
               ? "check the socket's owner and mode: this user may not open it"
               : "check its user, password or token: it answers, but does not let us in";
}

const char *source_advice(const struct source_state *s, int64_t now_ms)
{
    if (s->health == SOURCE_AUTH)
        return auth_advice(s->kind);
    if (s->health == SOURCE_SECRET)
        return "nothing was asked: mend the file, variable or helper that its secret comes from";
    if (s->health == SOURCE_WRONG)
        return wrong_advice(s->kind);
    if (s->health == SOURCE_FAILING)
        return failing_advice(s->kind);
    if (source_stale(s, now_ms))
        return "nothing new came in time: look whether the recorder runs, then at its log";
    if (s->health == SOURCE_UNKNOWN)
        return "not asked yet";
    if (s->fault[0] && s->kind <= SOURCE_TRAFFIC)
        return "it works without that answer: mend it, or leave the option out that asks for it";
    return refusal_advice(s);
}
