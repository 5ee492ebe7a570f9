/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snapshot_private.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/store/lease.h"
#include "near_private.h"

static void load_meta(struct store *s, int64_t now_ms, struct status *ret)
{
    char text[256];

    store_meta(s, "environment", ret->environment, sizeof ret->environment);
    if (store_meta(s, "config_hash", text, sizeof text) == 0) {
        text[12] = '\0';
        str_copy(ret->config_hash, sizeof ret->config_hash, text);
    }
    if (store_meta(s, "config_at", text, sizeof text) == 0)
        clock_parse(text, strlen(text), &ret->config_at_ms);
    if (store_meta(s, "written_at", text, sizeof text) == 0)
        clock_parse(text, strlen(text), &ret->written_ms);
    store_meta(s, "recorder_fault", ret->fault, sizeof ret->fault);
    ret->recording = lease_held(store_path(s), "recorder", ret->recorder, sizeof ret->recorder);
    /* Why it cannot write the store it cannot write there. */
    if (lease_noted(store_path(s), "recorder", text, sizeof text))
        str_copy(ret->fault, sizeof ret->fault, text);
    ret->quiet = now_ms - ret->written_ms > STATUS_QUIET_MS;
}

static void count_alerts(struct snapshot *sn)
{
    struct status *st = &sn->status;

    for (size_t i = 0; i < sn->n_alerts; i++) {
        const struct alert_state *a = &sn->alerts[i];
        if (a->phase != ALERT_FIRING)
            continue;
        if (a->severity == ALERT_PAGE)
            st->n_page++;
        else
            st->n_ticket++;
        st->n_acked += a->acked_ms != 0;
    }
}

/* Read when the recorder starts, a reference: that it is old says nothing. */
static bool is_once(const struct source_state *source)
{
    return source->interval_ms <= 0 && source->health == SOURCE_OK;
}

static void count_sources(struct snapshot *sn)
{
    struct status *st = &sn->status;

    st->n_sources = (int)sn->n_sources;
    for (size_t i = 0; i < sn->n_sources; i++) {
        const struct source_state *source = &sn->sources[i];
        int64_t age_ms = is_once(source) ? 0
                         : source->ok_ms ? sn->now_ms - source->ok_ms
                                         : INT64_MAX;
        if (source_severity(source, st, sn->now_ms) == SEVERITY_OK) {
            st->n_sources_ok++;
        } else if (!st->worst_source[0] || age_ms > st->worst_age_ms) {
            str_copy(st->worst_source, sizeof st->worst_source, source->name);
            st->worst_age_ms = age_ms;
        }
    }
    /* One that never answered has no age; it still is the worst. */
    if (st->worst_age_ms == INT64_MAX)
        st->worst_age_ms = -1;
}

static int by_deployment(const void *a, const void *b)
{
    const struct source_state *x = *(const struct source_state *const *)a;
    const struct source_state *y = *(const struct source_state *const *)b;
    return strcmp(x->deployment, y->deployment);
}

static int group_sources(struct snapshot *sn, struct err *e)
{
    sn->sources_of = calloc(sn->n_sources + 1, sizeof(void *));
    if (!sn->sources_of)
        return err_set(e, ERR_NOMEM, "%zu sources", sn->n_sources);
    for (size_t i = 0; i < sn->n_sources; i++)
        sn->sources_of[i] = &sn->sources[i];
    qsort(sn->sources_of, sn->n_sources, sizeof(void *), by_deployment);
    return 0;
}

int snapshot_load(struct store *s, int64_t resolved_since_ms, int64_t now_ms, struct snapshot *ret,
                  struct err *e)
{
    *ret = (struct snapshot){.now_ms = now_ms};
    int rc = store_deployments(s, NULL, &ret->deployments, &ret->n_deployments, e);
    if (rc == 0)
        rc = store_versions(s, 0, &ret->versions, &ret->n_versions, e);
    if (rc == 0)
        rc = store_sources(s, &ret->sources, &ret->n_sources, e);
    if (rc == 0)
        rc = store_alerts(s, NULL, resolved_since_ms, &ret->alerts, &ret->n_alerts, e);
    if (rc == 0)
        rc = group_sources(ret, e);
    if (rc < 0) {
        snapshot_done(ret);
        return rc;
    }
    load_meta(s, now_ms, &ret->status);
    ret->status.n_deployments = (int)ret->n_deployments;
    ret->status.n_versions = (int)ret->n_versions;
    count_alerts(ret);
    count_sources(ret);
    return 0;
}

void snapshot_done(struct snapshot *sn)
{
    free(sn->deployments);
    free(sn->versions);
    free(sn->sources_of);
    free(sn->sources);
    free(sn->alerts);
    *sn = (struct snapshot){0};
}

static int by_name(const void *key, const void *element)
{
    const struct deployment_state *d = element;
    return strcmp(key, d->name);
}

const struct deployment_state *snapshot_find(const struct snapshot *sn, const char *name)
{
    if (!sn->n_deployments)
        return NULL;
    return bsearch(name, sn->deployments, sn->n_deployments, sizeof *sn->deployments, by_name);
}

static const char *name_at(const void *ctx, size_t i)
{
    const struct snapshot *sn = ctx;
    return i < sn->n_deployments ? sn->deployments[i].name : NULL;
}

int snapshot_need(const struct snapshot *sn, const char *name, const struct deployment_state **ret,
                  struct err *e)
{
    *ret = snapshot_find(sn, name);
    return *ret ? 0 : near_absent("deployment", name, name_at, sn, e);
}

const struct version_state *snapshot_versions(const struct snapshot *sn, int64_t deployment_id,
                                              size_t *ret_n)
{
    size_t first = 0, n = 0;

    while (first < sn->n_versions && sn->versions[first].deployment_id != deployment_id)
        first++;
    while (first + n < sn->n_versions && sn->versions[first + n].deployment_id == deployment_id)
        n++;
    *ret_n = n;
    return n ? sn->versions + first : NULL;
}

const struct source_state *const *snapshot_sources(const struct snapshot *sn,
                                                   const char *deployment, size_t *ret_n)
{
    size_t low = 0, high = sn->n_sources, n = 0;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(sn->sources_of[middle]->deployment, deployment) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + n < sn->n_sources && strcmp(sn->sources_of[low + n]->deployment, deployment) == 0)
        n++;
    *ret_n = n;
    return n ? (const struct source_state *const *)sn->sources_of + low : NULL;
}
