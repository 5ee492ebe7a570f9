/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drift_private.h"
#include "driftop/base/arena.h"
#include "driftop/base/err.h"
#include "driftop/base/map.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "driftop/model/ground.h"
#include "driftop/stats/verdict.h"
#include "member_private.h"
#include "snapshot_private.h"

const char *window_span_name(enum window_span span)
{
    switch (span) {
    case WINDOW_15M: return "15m";
    case WINDOW_1H: return "1h";
    case WINDOW_24H: return "24h";
    }
    return "-";
}

/* The farthest from the reference, or from the champion when that is what counts. */
static double score_of(const struct drift_summary *d)
{
    double score = drift_distance(d);
    if (!(d->reason & DRIFT_CANARY))
        return score;
    return fmax(score, fabs((double)d->canary_value) / drift_threshold(d->canary_reason, true));
}

struct loading {
    struct store *store;
    const struct snapshot *sn;
    struct drift_view *view;
    struct map names; /* of features, and their numbers */
    size_t capacity;
    uint64_t n_places; /* taken by the deployments so far */
    enum window_span span;
};

static void count(struct drift_view *view, const struct drift_line *line)
{
    view->n_cells++;
    if (!line->in_service)
        return;
    view->n_page += line->severity == SEVERITY_PAGE;
    view->n_warn += line->severity == SEVERITY_TICKET;
    view->n_ok += line->severity == SEVERITY_OK;
    view->n_unknown += line->severity == SEVERITY_UNKNOWN || line->severity == SEVERITY_STALE;
}

/* The order of lines as one number: in service, severity, impact (the bits of a positive float rise with
 * it), then the deployments, features and versions in the order in which they came. */
#define RANK_IMPACT_AT 37
#define RANK_PLACES    (UINT64_C(1) << RANK_IMPACT_AT)

static uint64_t rank_at(const struct drift_line *line, uint64_t place)
{
    float impact = (float)line->impact;
    uint32_t bits;

    memcpy(&bits, &impact, sizeof bits);
    uint64_t rank = (uint64_t)line->in_service << 63 | (uint64_t)line->severity << 60;
    return (rank | (uint64_t)(bits >> 8) << RANK_IMPACT_AT) + (RANK_PLACES - 1 - place);
}

/* One text and number for all features that are called so. */
struct name {
    const char *text;
    uint32_t at;
};

/* What the lines of one version have in common. */
struct version_lines {
    const struct layout *layout;
    const struct name *names; /* of the layout's features, the view's */
    struct summaries all;
    const struct drift_note *notes; /* in the layout's order */
    size_t n_notes;
    struct drift_line line;
    uint64_t first_place, step; /* of its features among the places */
};

static const struct drift_note *note_of(const struct version_lines *v, uint32_t feature)
{
    for (size_t i = 0; i < v->n_notes; i++)
        if (v->notes[i].feature == feature)
            return &v->notes[i];
    return NULL;
}

static void fill_line(const struct version_lines *v, const struct drift_summary *item,
                      struct drift_line *line)
{
    const struct name *name = &v->names[item->feature];

    line->feature = name->text;
    line->feature_at = name->at;
    line->summary = *item;
    line->severity = summaries_severity(&v->all, item);
    line->score = score_of(item);
    line->importance = (double)v->layout->features[item->feature].importance;
    line->impact = line->score * (isnan(line->importance) ? 1 : line->importance);
    line->prediction = strcmp(name->text, v->layout->prediction) == 0;
    line->note = line->severity >= SEVERITY_TICKET ? note_of(v, item->feature) : NULL;
    line->rank = rank_at(line, v->first_place + item->feature * v->step);
}

static int load_notes(struct loading *l, int64_t version_id, struct version_lines *v, struct err *e)
{
    struct drift_note *notes;
    int rc = store_drift_notes(l->store, version_id, &notes, &v->n_notes, e);
    if (rc < 0 || !v->n_notes) {
        free(notes);
        return rc;
    }
    struct drift_note *kept = arena_get(l->view->memory, v->n_notes, sizeof *kept);
    if (kept)
        memcpy(kept, notes, v->n_notes * sizeof *kept);
    free(notes);
    v->notes = kept;
    return kept ? 0 : ERR_NOMEM;
}

static int add_version(struct loading *l, const struct version_state *state,
                       struct version_lines *v, struct err *e)
{
    struct drift_view *view = l->view;
    int rc =
        summaries_load(l->store, state->id, l->span, &l->sn->status, l->sn->now_ms, &v->all, e);
    if (rc == 0)
        rc = load_notes(l, state->id, v, e);
    v->line.version = arena_text(view->memory, state->version);
    v->line.in_service = version_in_service(state, l->sn->now_ms);
    v->line.at_ms = v->all.at_ms;
    if (rc == 0 && (!v->line.version ||
                    VEC_ROOM(view->lines, view->n_lines, l->capacity, v->layout->n_features) < 0))
        rc = ERR_NOMEM;
    for (size_t i = 0; i < v->all.n_items && rc == 0; i++) {
        const struct drift_summary *item = &v->all.items[i];
        if (item->feature >= v->layout->n_features)
            continue;
        struct drift_line *line = &view->lines[view->n_lines];
        *line = v->line;
        fill_line(v, item, line);
        count(view, line);
        /* One feature has one summary of a span; a damaged store may say otherwise. */
        if (++view->n_lines == l->capacity && i + 1 < v->all.n_items &&
            VEC_ROOM(view->lines, view->n_lines, l->capacity, 1) < 0)
            rc = ERR_NOMEM;
    }
    free(v->all.items);
    return rc;
}

static const struct name *one_name(struct loading *l, const char *text)
{
    bool is_new;
    union map_value *known = map_put(&l->names, text, &is_new);
    if (!known || !is_new)
        return known ? known->pointer : NULL;
    struct name *name = known->pointer = arena_get(l->view->memory, 1, sizeof *name);
    if (!name)
        return NULL;
    name->text = arena_text(l->view->memory, text);
    name->at = (uint32_t)l->view->n_features++;
    return name->text ? name : NULL;
}

static const struct name *copy_names(struct loading *l, const struct layout *layout)
{
    struct name *names = arena_get(l->view->memory, layout->n_features, sizeof *names);
    for (size_t i = 0; names && i < layout->n_features; i++) {
        const struct name *name = one_name(l, layout->features[i].name);
        if (!name)
            return NULL;
        names[i] = *name;
    }
    return names;
}

static int add_deployment(struct loading *l, const struct deployment_state *d, struct err *e)
{
    struct version_lines v = {.layout = NULL};
    struct layout *layout;
    size_t n;
    int rc = store_layout_names(l->store, d->id, &layout, e);
    if (rc < 0)
        return rc == ERR_ABSENT ? 0 : rc;
    const struct version_state *versions = snapshot_versions(l->sn, d->id, &n);
    v.line.deployment_at = (uint32_t)l->view->n_deployments++;
    v.line.place = (size_t)(d - l->sn->deployments);
    v.layout = layout;
    v.names = copy_names(l, layout);
    v.line.deployment = arena_text(l->view->memory, d->name);
    if (!v.names || !v.line.deployment)
        rc = ERR_NOMEM;
    v.step = n;
    for (size_t i = 0; i < n && rc == 0; i++) {
        v.notes = NULL;
        v.first_place = l->n_places + i;
        rc = add_version(l, &versions[i], &v, e);
    }
    l->n_places += n * layout->n_features;
    layout_free(layout);
    return rc == ERR_NOMEM ? err_set(e, rc, "reading drift") : rc;
}

static int worst_first(const void *a, const void *b)
{
    const struct drift_line *x = a, *y = b;
    return (x->rank < y->rank) - (x->rank > y->rank);
}

#define LINES_AHEAD 1000000 /* more come from a damaged store only: then the lines grow */

/* Room for all lines at once: growing would copy megabytes. */
static int reserve(struct loading *l, const struct deployment_state *one)
{
    size_t lines = 0, n;
    for (size_t i = 0; i < l->sn->n_deployments; i++) {
        const struct deployment_state *d = &l->sn->deployments[i];
        if ((one && one != d) || d->n_features <= 0)
            continue;
        (void)snapshot_versions(l->sn, d->id, &n);
        lines += n * (size_t)d->n_features;
    }
    if (lines > LINES_AHEAD)
        lines = 0;
    return VEC_ROOM(l->view->lines, l->view->n_lines, l->capacity, lines);
}

int drift_view_load(struct store *s, const char *deployment, enum window_span span, int64_t now_ms,
                    struct drift_view *ret, struct err *e)
{
    struct snapshot sn;
    struct loading l = {.store = s, .sn = &sn, .view = ret, .span = span};
    const struct deployment_state *one = NULL;

    *ret = (struct drift_view){.at_ms = now_ms, .span = span, .memory = arena_new()};
    if (!ret->memory)
        return err_set(e, ERR_NOMEM, "reading drift");
    map_init(&l.names);
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    if (rc == 0 && deployment)
        rc = snapshot_need(&sn, deployment, &one, e);
    ret->status = sn.status;
    if (rc == 0 && reserve(&l, one) < 0)
        rc = err_set(e, ERR_NOMEM, "reading drift");
    for (size_t i = 0; i < sn.n_deployments && rc == 0; i++)
        if (!one || one == &sn.deployments[i])
            rc = add_deployment(&l, &sn.deployments[i], e);
    ret->deployments = sn.deployments;
    sn.deployments = NULL;
    sn.n_deployments = 0;
    snapshot_done(&sn);
    map_done(&l.names);
    if (rc < 0) {
        drift_view_done(ret);
        return rc;
    }
    if (ret->n_lines)
        qsort(ret->lines, ret->n_lines, sizeof *ret->lines, worst_first);
    return 0;
}

void drift_view_done(struct drift_view *d)
{
    arena_free(d->memory);
    free(d->lines);
    free(d->deployments);
    *d = (struct drift_view){0};
}

enum severity drift_view_severity(const struct drift_view *d)
{
    if (d->n_page)
        return SEVERITY_PAGE;
    if (d->status.quiet)
        return SEVERITY_STALE;
    if (d->n_warn)
        return SEVERITY_TICKET;
    return d->n_unknown || !d->n_ok ? SEVERITY_UNKNOWN : SEVERITY_OK;
}
