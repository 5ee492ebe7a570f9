/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/log.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "driftop/record/reference.h"
#include "driftop/record/rules.h"
#include "driftop/store/read_drift.h"
#include "recorder_private.h"

static void describe(const struct config_deployment *d, struct deployment_state *ret)
{
    memset(ret, 0, sizeof *ret);
    str_copy(ret->name, sizeof ret->name, d->name);
    str_copy(ret->owner, sizeof ret->owner, d->owner ? d->owner : "");
    str_copy(ret->runbook, sizeof ret->runbook, d->runbook ? d->runbook : "");
    str_copy(ret->registry_model, sizeof ret->registry_model,
             d->registry_model ? d->registry_model : "");
    str_copy(ret->champion_alias, sizeof ret->champion_alias,
             d->registry && d->champion_alias ? d->champion_alias : "");
    ret->has_traffic = d->traffic != NULL;
    ret->has_registry = d->registry != NULL;
    ret->has_features = d->n_features > 0 || d->reference != NULL;
    ret->false_pages = option_number(&d->rules, "false_pages", 1);
}

static int add_poll(struct recorder *r, struct recorded *d, const struct config_adapter *entry,
                    const struct adapter *const *list, enum source_kind kind, const char *version,
                    size_t ordinal, struct err *e)
{
    struct poll_context context = {
        .loop = r->loop, .net = r->net, .config = r->config, .fleet = r->fleet};
    struct poll_target target = {
        .deployment = d->config,
        .entry = entry,
        .adapter = adapt_find(list, entry->type),
        .kind = kind,
        .version = version,
        .ordinal = ordinal,
        .fleet_deployment = d->fleet,
        .number = (uint32_t)r->n_polls + 1,
    };
    if (!target.adapter)
        return err_set(e, ERR_CONFIG, "unknown type %s", entry->type);
    if (VEC_ROOM(r->polls, r->n_polls, r->polls_capacity, 1) < 0)
        return err_set(e, ERR_NOMEM, "no memory for sources");
    int code = poll_new(&context, &target, &r->polls[r->n_polls], e);
    if (code == 0)
        r->n_polls++;
    return code;
}

static int add_polls(struct recorder *r, struct recorded *d, struct err *e)
{
    const struct config_deployment *c = d->config;
    int code = 0;

    for (size_t i = 0; i < c->n_versions && code == 0; i++) {
        const struct config_version *v = &c->versions[i];
        struct fleet_id id;
        if (strcmp(v->version, "*") == 0)
            continue; /* says how targets are called; nobody to ask */
        fleet_put_version(r->fleet, d->fleet, v->version, &id);
        for (size_t k = 0; k < v->n_servers && code == 0; k++)
            code = add_poll(r, d, &v->servers[k], adapt_servers, SOURCE_SERVER, v->version,
                            v->n_servers > 1 ? k + 1 : 0, e);
    }
    if (code == 0 && c->registry)
        code = add_poll(r, d, c->registry, adapt_registries, SOURCE_REGISTRY, "", 0, e);
    if (code == 0 && c->traffic)
        code = add_poll(r, d, c->traffic, adapt_traffic, SOURCE_TRAFFIC, "", 0, e);
    return code;
}

/* What was counted does not begin anew with the recorder: people ask what was refused since ever. */
static void take_counters(struct recorder *r, struct source_state *s)
{
    struct source_state *former;
    size_t n;
    if (store_sources(r->store, &former, &n, NULL) < 0)
        return;
    for (size_t i = 0; i < n; i++)
        if (former[i].kind == s->kind && strcmp(former[i].name, s->name) == 0) {
            s->rows = former[i].rows;
            memcpy(s->refused, former[i].refused, sizeof s->refused);
        }
    free(former);
}

static int add_rows(struct recorder *r, struct recorded *d, const struct config_adapter *entry,
                    size_t number, struct err *e)
{
    struct row_source *s = calloc(1, sizeof *s);
    if (!s || VEC_ROOM(r->rows, r->n_rows, r->rows_capacity, 1) < 0) {
        free(s);
        return err_set(e, ERR_NOMEM, "no memory for sources");
    }
    s->state.kind = SOURCE_FEATURES;
    s->state.interval_ms = SCAN_MS;
    s->state.timeout_ms = r->config->timeout_ms;
    s->rated_ms = loop_now_ms(r->loop);
    str_copy(s->state.deployment, sizeof s->state.deployment, d->config->name);
    str_copy(s->state.type, sizeof s->state.type, entry->type);
    str_copy(s->state.endpoint, sizeof s->state.endpoint,
             option_text(&entry->options, "path") ? option_text(&entry->options, "path") : "");
    snprintf(s->state.name, sizeof s->state.name, number ? "%.90s %.20s %zu" : "%.90s %.20s",
             d->config->name, entry->type, number + 1);
    take_counters(r, &s->state);
    s->rows_before = s->state.rows;
    int code = follow_new(entry, r->ingest, d->ingest, &s->state, &s->follow, e);
    if (code == 0)
        code = follow_restore(s->follow, r->store, e);
    if (code < 0) {
        follow_free(s->follow);
        free(s);
        return code;
    }
    r->rows[r->n_rows++] = s;
    return 0;
}

/* The reference as the file has it; when the file cannot be had, as the store froze it. */
static int take_layout(struct recorder *r, struct recorded *d, int64_t deployment_id, struct err *e)
{
    struct source_state *s = &d->reference;
    struct layout *layout = NULL;
    struct err why = {0};
    int64_t now_ms = clock_wall(r->clock);

    s->kind = SOURCE_REFERENCE;
    str_copy(s->deployment, sizeof s->deployment, d->config->name);
    str_copy(s->type, sizeof s->type, d->config->reference->type);
    snprintf(s->name, sizeof s->name, "%.100s reference", d->config->name);
    str_copy(s->endpoint, sizeof s->endpoint, option_text(&d->config->reference->options, "path"));
    s->tried_ms = now_ms;
    if (reference_load(d->config, &layout, &why) == 0) {
        s->health = SOURCE_OK;
        s->ok_ms = now_ms;
        s->fault[0] = '\0';
        layout->deployment_id = deployment_id;
        int code = store_put_layout(r->store, layout, e);
        if (code < 0) {
            layout_free(layout);
            return code;
        }
    } else {
        s->health = why.code == ERR_DATA ? SOURCE_WRONG : SOURCE_FAILING;
        if (why.line)
            snprintf(s->fault, sizeof s->fault, "line %d: %.200s", why.line, why.text);
        else
            str_copy(s->fault, sizeof s->fault, why.text);
        if (store_layout(r->store, deployment_id, &layout, NULL) < 0)
            layout = NULL;
    }
    struct ingest_deployment *counted = ingest_get(r->ingest, d->ingest);
    if (layout && counted->layout && strcmp(counted->layout->hash, layout->hash) == 0) {
        /* A reload with the same reference: the windows go on. */
        str_copy(counted->layout->prediction, sizeof counted->layout->prediction,
                 layout->prediction);
        layout_free(layout);
        return 0;
    }
    return ingest_set_layout(r->ingest, d->ingest, layout, e);
}

/* Versions that rows have named before: their windows are filled again. */
static int restore_versions(struct recorder *r, struct recorded *d, int64_t deployment_id,
                            struct err *e)
{
    struct version_state *versions;
    int64_t now_ms = clock_wall(r->clock);
    size_t n;
    int code = store_versions(r->store, deployment_id, &versions, &n, e);
    if (code < 0)
        return code;
    for (size_t i = 0; i < n && code == 0; i++) {
        const struct version_state *stored = &versions[i];
        struct fleet_id id;
        if (!stored->rows_total || fleet_put_version(r->fleet, d->fleet, stored->version, &id) < 0)
            continue;
        struct version_state *state = fleet_version(r->fleet, id);
        if (!state->id) {
            state->id = stored->id;
            fleet_add_rows(r->fleet, id, stored->rows_total, stored->rows_at_ms);
        }
        if (now_ms - stored->rows_at_ms > INGEST_IDLE_MS)
            continue; /* no window reaches back so far */
        struct ingest_version *v =
            ingest_version(r->ingest, d->ingest, stored->version, strlen(stored->version));
        if (!v)
            continue;
        if (!v->id) {
            v->id = stored->id;
            v->rows_total = v->rows_told = stored->rows_total;
            v->rows_at_ms = stored->rows_at_ms;
        }
        code = ingest_restore(r->ingest, d->ingest, v, r->store, now_ms, e);
    }
    free(versions);
    return code;
}

static int set_up_deployment(struct recorder *r, const struct config_deployment *c, struct err *e)
{
    struct deployment_state description;

    if (VEC_ROOM(r->deployments, r->n_deployments, r->deployments_capacity, 1) < 0)
        return err_set(e, ERR_NOMEM, "no memory for deployments");
    struct recorded *d = &r->deployments[r->n_deployments];
    memset(d, 0, sizeof *d);
    d->config = c;
    d->limits = rules_limits(&c->rules);
    describe(c, &description);
    int code = fleet_put_deployment(r->fleet, &description, &d->fleet);
    if (code < 0)
        return err_set(e, code, "too many deployments");
    d->ingest = ingest_deployment(r->ingest, c->name);
    if (d->ingest < 0)
        return err_set(e, ERR_NOMEM, "no memory for deployments");
    struct ingest_deployment *counted = ingest_get(r->ingest, d->ingest);
    counted->false_pages = description.false_pages;
    counted->mark = d->limits.drift_worst == SIGN_PAGE ? 0 : DRIFT_NO_PAGE;
    r->n_deployments++;
    struct deployment_state *state = fleet_deployment(r->fleet, d->fleet);
    code = store_put_deployment(r->store, state, e);
    if (code == 0 && c->reference)
        code = take_layout(r, d, state->id, e);
    if (code == 0)
        code = restore_versions(r, d, state->id, e);
    return code;
}

static int set_up_sources(struct recorder *r, struct err *e)
{
    int code = 0;
    for (size_t i = 0; i < r->n_deployments && code == 0; i++) {
        struct recorded *d = &r->deployments[i];
        code = add_polls(r, d, e);
        for (size_t k = 0; k < d->config->n_features && code == 0; k++)
            code = add_rows(r, d, &d->config->features[k], k, e);
    }
    return code;
}

/* A sink that cannot listen is a fault to be seen; everything else goes on. */
static void set_up_sink(struct recorder *r)
{
    struct err why = {0};
    struct source_state *s = &r->sink_state;

    memset(s, 0, sizeof *s);
    if (!r->config->sink_listen)
        return;
    s->kind = SOURCE_SINK;
    str_copy(s->name, sizeof s->name, "sink");
    str_copy(s->type, sizeof s->type, "http");
    str_copy(s->endpoint, sizeof s->endpoint, r->config->sink_listen);
    take_counters(r, s);
    if (sink_new(r->loop, r->config, r->ingest, r->store, s, &r->sink, &why) < 0) {
        s->health = SOURCE_FAILING;
        str_copy(s->fault, sizeof s->fault, why.text);
        log_error("%s", why.text);
    }
}

static int put_meta(struct recorder *r, struct err *e)
{
    char at[CLOCK_TEXT_SIZE];
    const struct config *c = r->config;
    int code = store_put_meta(r->store, "environment", c->environment, e);
    if (code == 0)
        code = store_put_meta(r->store, "config_hash", c->hash, e);
    if (code == 0)
        code = store_put_meta(r->store, "endpoints_hash", c->endpoints_hash, e);
    if (code == 0)
        code = store_put_meta(r->store, "config_at", clock_format_ms(c->loaded_ms, at), e);
    return code;
}

static int keep_named(struct recorder *r, struct err *e)
{
    const char **names = calloc(r->config->n_deployments + 1, sizeof *names);
    if (!names)
        return err_set(e, ERR_NOMEM, "no memory for deployments");
    for (size_t i = 0; i < r->config->n_deployments; i++)
        names[i] = r->config->deployments[i].name;
    int code = store_keep_deployments(r->store, names, r->config->n_deployments, e);
    free(names);
    return code;
}

int recorder_set_up(struct recorder *r, struct err *e)
{
    int code = store_begin(r->store, e);
    if (code < 0)
        return code;
    code = put_meta(r, e);
    for (size_t i = 0; i < r->config->n_deployments && code == 0; i++)
        code = set_up_deployment(r, &r->config->deployments[i], e);
    if (code == 0)
        code = keep_named(r, e);
    int ended = store_end(r->store, code == 0, e);
    if (code == 0)
        code = ended;
    if (code == 0)
        code = set_up_sources(r, e);
    if (code == 0)
        code = courier_new(r->loop, r->config, &r->courier, e);
    if (code == 0)
        code = courier_restore(r->courier, r->store, clock_wall(r->clock), e);
    if (code == 0)
        set_up_sink(r);
    return code;
}

void recorder_tear_down(struct recorder *r)
{
    for (size_t i = 0; i < r->n_polls; i++)
        poll_free(r->polls[i]);
    for (size_t i = 0; i < r->n_rows; i++) {
        follow_free(r->rows[i]->follow);
        free(r->rows[i]);
    }
    sink_free(r->sink);
    courier_free(r->courier);
    free(r->polls);
    free(r->rows);
    free(r->deployments);
    r->polls = NULL;
    r->rows = NULL;
    r->deployments = NULL;
    r->sink = NULL;
    r->courier = NULL;
    r->n_polls = r->polls_capacity = r->n_rows = r->rows_capacity = 0;
    r->n_deployments = r->deployments_capacity = 0;
    r->sources_kept = false;
    r->n_sources_written = 0;
}
