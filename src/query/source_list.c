/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "driftop/query/lists.h"
#include "member_private.h"
#include "snapshot_private.h"

/* A fault goes before what is merely old, that before what was never asked. */
static int rank(const struct source_state *s, const struct source_list *list)
{
    if (s->health != SOURCE_OK && s->health != SOURCE_UNKNOWN)
        return 0;
    switch (source_severity(s, &list->status, list->at_ms)) {
    case SEVERITY_STALE: return 1;
    case SEVERITY_UNKNOWN: return 2;
    default: return 3;
    }
}

static int by_fault(const void *a, const void *b, void *ctx)
{
    const struct source_state *x = a, *y = b;
    int order = rank(x, ctx) - rank(y, ctx);
    return order ? order : strcmp(x->name, y->name);
}

int source_list_load(struct store *s, int64_t now_ms, struct source_list *ret, struct err *e)
{
    struct snapshot sn;
    *ret = (struct source_list){.at_ms = now_ms};
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    ret->status = sn.status;
    ret->sources = sn.sources;
    ret->n_sources = sn.n_sources;
    sn.sources = NULL;
    snapshot_done(&sn);
    if (ret->n_sources)
        qsort_r(ret->sources, ret->n_sources, sizeof *ret->sources, by_fault, ret);
    return rc;
}

void source_list_done(struct source_list *list)
{
    free(list->sources);
    *list = (struct source_list){0};
}

static struct json *refused_json(const struct source_state *s)
{
    struct json *o = json_new_object();
    for (int i = 0; i < SOURCE_REFUSALS; i++)
        if (s->refused[i])
            member_int(o, source_refusal_name((enum source_refusal)i), (int64_t)s->refused[i]);
    return o;
}

static struct json *source_json(const struct source_state *s, const struct source_list *list)
{
    struct json *o = json_new_object();
    bool asked = s->health != SOURCE_UNKNOWN && s->health != SOURCE_SECRET;
    bool refused = s->health == SOURCE_AUTH || s->health == SOURCE_SECRET;
    bool rows = s->kind == SOURCE_FEATURES || s->kind == SOURCE_SINK;

    member_text(o, "name", s->name);
    member_text(o, "kind", source_kind_name(s->kind));
    member_text(o, "type", s->type);
    member_text(o, "deployment", s->deployment);
    member_text(o, "version", s->version);
    member_text(o, "endpoint", s->endpoint);
    member_text(o, "state", severity_word(source_severity(s, &list->status, list->at_ms)));
    member_text(o, "health", source_health_name(s->health));
    member_bool(o, "reachable", asked, s->health != SOURCE_FAILING);
    /* One that does not answer, or an error, says nothing of whether it would let us in. */
    member_bool(o, "authenticated", s->health == SOURCE_OK || refused, s->health == SOURCE_OK);
    member_bool(o, "fresh", true, s->ok_ms && !source_stale(s, list->at_ms) && !list->status.quiet);
    member_text(o, "fault", s->fault);
    member_time(o, "ok_at", s->ok_ms);
    member_age(o, "age_s", list->at_ms, s->ok_ms);
    member_real(o, "interval_s", s->interval_ms > 0, (double)s->interval_ms / 1000);
    member_real(o, "latency_ms", s->ok_ms && !rows, s->latency_ms);
    json_put(o, "failures", json_new_int((int64_t)s->failures));
    member_real(o, "rows_per_s", rows, s->rows_per_s);
    json_put(o, "rows", rows ? json_new_int((int64_t)s->rows) : json_new_null());
    json_put(o, "bytes_behind", rows ? json_new_int((int64_t)s->bytes_behind) : json_new_null());
    json_put(o, "refused", refused_json(s));
    member_text(o, "advice", source_advice(s, list->at_ms));
    return o;
}

struct json *source_list_json(const struct source_list *list)
{
    struct json *o = query_json("driftop.sources.v1", list->at_ms), *sources = json_new_array();

    json_put(o, "status", status_json(&list->status));
    for (size_t i = 0; i < list->n_sources; i++)
        json_append(sources, source_json(&list->sources[i], list));
    json_put(o, "sources", sources);
    return o;
}
