/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/feature.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/window_pack.h"
#include "driftop/store/read_drift.h"
#include "feature_private.h"
#include "near_private.h"
#include "snapshot_private.h"

/* PSI of fewer rows is mostly their floor. */
#define HISTORY_ROWS 30

static const char *feature_at(const void *ctx, size_t i)
{
    const struct layout *layout = ctx;
    return i < layout->n_features ? layout->features[i].name : NULL;
}

static int find_feature(struct looking *l, const struct deployment_state *d, const char *feature,
                        struct err *e)
{
    int rc = store_layout(l->s, d->id, &l->layout, e);
    if (rc < 0)
        return rc;
    int at = layout_find(l->layout, feature, strlen(feature));
    if (at < 0)
        return near_absent("feature", feature, feature_at, l->layout, e);
    l->f = &l->layout->features[at];
    l->counts = malloc((l->layout->n_cells + (size_t)1) * sizeof *l->counts);
    l->designs = malloc(l->layout->n_features * sizeof *l->designs);
    if (!l->counts || !l->designs)
        return err_set(e, ERR_NOMEM, "%u cells", l->layout->n_cells);
    return 0;
}

static int sum(const struct looking *l, int64_t version_id, enum window_span span,
               uint64_t *ret_rows, struct err *e)
{
    return store_sum_counts(l->s, version_id, l->layout, span, l->sn->now_ms, l->counts, ret_rows,
                            e);
}

/* The shortest window with enough rows: the one that alerts judge. */
static int find_span(const struct looking *l, int64_t version_id, enum window_span *ret,
                     struct err *e)
{
    uint64_t rows = 0;
    int rc = 0;
    for (*ret = WINDOW_15M; *ret < WINDOW_24H; ++*ret) {
        rc = sum(l, version_id, *ret, &rows, e);
        if (rc < 0 || rows >= VERDICT_MIN_ROWS)
            break;
    }
    return rc;
}

/* As the recorder judges: with the alpha of the budget and the version's own design effect. */
static int take_options(struct looking *l, const struct version_state *v, enum window_span span,
                        struct err *e)
{
    double false_pages = l->d->false_pages > 0 ? l->d->false_pages : 1;
    size_t n = 0;
    for (size_t i = 0; i < l->n_versions; i++)
        n += drift_counts(l->versions[i].rows_at_ms, l->sn->now_ms);
    int rc = store_designs(l->s, v->id, l->layout->id, l->designs, l->layout->n_features, e);
    l->options = (struct judge_options){
        .alpha = drift_alpha(false_pages, l->layout->n_features, n, span),
        .design = l->designs[l->f - l->layout->features],
    };
    return rc;
}

static int add_side(struct looking *l, struct feature_view *view, const struct version_state *v,
                    enum window_span span, struct err *e)
{
    struct feature_side *side = &view->sides[view->n_sides];
    int rc = take_options(l, v, span, e);
    if (rc == 0)
        rc = sum(l, v->id, span, &side->rows, e);
    if (rc < 0 || (!side->rows && strcmp(v->version, view->version) != 0))
        return rc;
    str_copy(side->version, sizeof side->version, v->version);
    side->in_service = version_in_service(v, l->sn->now_ms);
    feature_judge_counts(l->f->codebook, l->counts + l->f->first_cell, &l->options, &side->result);
    view->n_sides++;
    return 0;
}

static int add_sides(struct looking *l, struct feature_view *view,
                     const struct version_state *versions, size_t n, enum window_span span,
                     struct err *e)
{
    int rc = 0;
    view->span = span;
    view->n_sides = 0;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = add_side(l, view, &versions[i], span, e);
    return rc;
}

static bool shows_before(const struct feature_side *a, const struct feature_side *b)
{
    bool a_known = a->result.verdict != VERDICT_UNKNOWN;
    bool b_known = b->result.verdict != VERDICT_UNKNOWN;

    if (a->in_service != b->in_service)
        return a->in_service;
    if (a_known != b_known)
        return a_known;
    if (a->result.verdict != b->result.verdict)
        return a->result.verdict > b->result.verdict;
    return a->rows > b->rows;
}

static size_t choose(const struct feature_view *view)
{
    size_t best = 0;
    for (size_t i = 0; i < view->n_sides; i++) {
        if (view->version[0] && strcmp(view->sides[i].version, view->version) == 0)
            return i;
        if (!view->version[0] && shows_before(&view->sides[i], &view->sides[best]))
            best = i;
    }
    return best;
}

/* The 24 h window knows every version with rows: it chooses, and then the span. */
static int load_sides(struct looking *l, struct feature_view *view, enum window_span span,
                      struct err *e)
{
    size_t n = l->n_versions;
    const struct version_state *versions = l->versions, *shown = NULL;

    view->sides = calloc(n + 1, sizeof *view->sides);
    if (!view->sides)
        return err_set(e, ERR_NOMEM, "%zu versions", n);
    bool any = span == DRIFT_ANY_SPAN;
    int rc = add_sides(l, view, versions, n, any ? WINDOW_24H : span, e);
    if (rc < 0 || !view->n_sides)
        return rc;
    str_copy(view->version, sizeof view->version, view->sides[choose(view)].version);
    for (size_t i = 0; i < n; i++)
        if (strcmp(versions[i].version, view->version) == 0)
            shown = &versions[i];
    if (!shown)
        return err_set(e, ERR_ABSENT, "version %s has no rows", view->version);
    view->rows_at_ms = shown->rows_at_ms;
    if (any)
        rc = find_span(l, shown->id, &span, e);
    if (rc == 0 && any)
        rc = add_sides(l, view, versions, n, span, e);
    view->shown = choose(view);
    l->shown = shown;
    if (rc == 0)
        rc = take_options(l, shown, view->span, e);
    view->alpha = l->options.alpha;
    view->design = l->options.design;
    return rc < 0 ? rc : sum(l, shown->id, span, &view->sides[view->shown].rows, e);
}

struct history {
    struct looking *l;
    struct feature_view *view;
};

static int add_minute(void *ctx, int64_t start_ms, uint32_t rows, const void *packed, size_t length)
{
    struct history *h = ctx;
    struct looking *l = h->l;
    struct judge_options quick = {.quick = true};
    struct feature_result result;
    int64_t ago = (l->sn->now_ms - start_ms) / FEATURE_MINUTE_MS;

    if (start_ms > l->sn->now_ms || ago >= FEATURE_HISTORY_MINUTES)
        return 0;
    int rc = window_unpack(packed, length, l->counts, l->layout->n_cells, NULL);
    if (rc < 0)
        return rc;
    minutes_add(&l->minutes, l->f->codebook, l->counts + l->f->first_cell, start_ms);
    if (rows < HISTORY_ROWS)
        return 0;
    feature_judge_counts(l->f->codebook, l->counts + l->f->first_cell, &quick, &result);
    if (result.cells.present)
        h->view->history_psi[FEATURE_HISTORY_MINUTES - 1 - ago] = result.cells.psi.value;
    return 0;
}

static int load_history(struct looking *l, struct feature_view *view, struct err *e)
{
    struct history h = {l, view};
    struct counts_key key = {l->shown->id, l->layout->id, WINDOW_15M,
                             l->sn->now_ms - FEATURE_HISTORY_MINUTES * FEATURE_MINUTE_MS};

    return store_each_counts(l->s, &key, l->sn->now_ms + 1, add_minute, &h, e);
}

static const char *version_at(const void *ctx, size_t i)
{
    const struct snapshot *sn = ctx;
    return i < sn->n_versions ? sn->versions[i].version : NULL;
}

static int check_version(const struct snapshot *sn, const struct deployment_state *d,
                         const char *version, struct err *e)
{
    size_t n;
    const struct version_state *versions = snapshot_versions(sn, d->id, &n);
    struct snapshot own = {.versions = (struct version_state *)(uintptr_t)versions};

    own.n_versions = n;
    for (size_t i = 0; version && i < n; i++)
        if (strcmp(versions[i].version, version) == 0)
            return 0;
    return version ? near_absent("version", version, version_at, &own, e) : 0;
}

static int load(struct looking *l, const char *deployment, const char *feature, const char *version,
                enum window_span span, struct feature_view *view, struct err *e)
{
    int rc = snapshot_need(l->sn, deployment, &l->d, e);
    if (rc == 0)
        rc = find_feature(l, l->d, feature, e);
    if (rc == 0)
        rc = check_version(l->sn, l->d, version, e);
    if (rc < 0)
        return rc;
    l->versions = snapshot_versions(l->sn, l->d->id, &l->n_versions);
    str_copy(view->deployment, sizeof view->deployment, l->d->name);
    str_copy(view->feature, sizeof view->feature, l->f->name);
    str_copy(view->version, sizeof view->version, version ? version : "");
    const struct codebook_summary *reference = codebook_summary(l->f->codebook);
    view->categorical = reference->kind == CODEBOOK_CATEGORICAL;
    view->reference_rows = reference->rows;
    view->importance = (double)l->f->importance;
    rc = load_sides(l, view, span, e);
    if (rc < 0 || !view->n_sides)
        return rc;
    /* The counts of the side that is shown are at hand now. */
    view->n_cells = feature_cells(l->f->codebook, codebook_counts(l->f->codebook),
                                  l->counts + l->f->first_cell, view->cells);
    view->n_eff = view->sides[view->shown].result.n_eff;
    rc = load_history(l, view, e);
    if (rc == 0)
        rc = feature_explain(l, view, e);
    if (rc == 0)
        rc = feature_compare(l, view, e);
    if (rc == 0)
        rc = feature_find(l, view, e);
    return rc;
}

int feature_view_load(struct store *s, const char *deployment, const char *feature,
                      const char *version, enum window_span span, int64_t now_ms,
                      struct feature_view *ret, struct err *e)
{
    struct snapshot sn;
    struct looking l = {.s = s, .sn = &sn};

    *ret = (struct feature_view){.at_ms = now_ms, .span = span, .importance = NAN};
    for (size_t i = 0; i < FEATURE_HISTORY_MINUTES; i++)
        ret->history_psi[i] = NAN;
    int rc = snapshot_load(s, INT64_MAX, now_ms, &sn, e);
    ret->status = sn.status;
    if (rc == 0 && minutes_init(&l.minutes, now_ms) < 0)
        rc = err_set(e, ERR_NOMEM, "out of memory");
    if (rc == 0)
        rc = load(&l, deployment, feature, version, span, ret, e);
    free(l.counts);
    free(l.designs);
    minutes_done(&l.minutes);
    layout_free(l.layout);
    snapshot_done(&sn);
    if (rc < 0)
        feature_view_done(ret);
    return rc;
}

void feature_view_done(struct feature_view *f)
{
    free(f->sides);
    f->sides = NULL;
    f->n_sides = 0;
}

enum severity feature_view_severity(const struct feature_view *f)
{
    if (!f->n_sides)
        return SEVERITY_UNKNOWN;
    enum verdict verdict = f->sides[f->shown].result.verdict;
    if (f->marks & DRIFT_CANARY)
        verdict = verdict_worse(verdict, f->comparisons[AGAINST_CHAMPION].result.verdict);
    switch (verdict) {
    case VERDICT_PAGE: return f->marks & DRIFT_NO_PAGE ? SEVERITY_TICKET : SEVERITY_PAGE;
    case VERDICT_WARN: return SEVERITY_TICKET;
    case VERDICT_OK: return f->status.quiet ? SEVERITY_STALE : SEVERITY_OK;
    case VERDICT_UNKNOWN: break;
    }
    return SEVERITY_UNKNOWN;
}
