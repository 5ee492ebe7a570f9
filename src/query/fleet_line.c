/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "drift_private.h"
#include "driftop/base/err.h"
#include "fleet_private.h"

/* Without a source that says how often it is asked, a reading is of now for this long. */
#define READING_LIMIT_MS 60000
/* The longest window: older rows are in none. */
#define WINDOW_SPAN_MS (24 * 3600000LL)

/* How old readings may be: those of a version's servers, those of the splitter. */
struct limits {
    int64_t server_ms, traffic_ms;
};

static struct limits limits_of(const struct snapshot *sn, const char *deployment,
                               const char *version)
{
    struct limits l = {0};
    size_t n;
    const struct source_state *const *sources = snapshot_sources(sn, deployment, &n);

    for (size_t i = 0; i < n; i++) {
        const struct source_state *s = sources[i];
        int64_t limit_ms = 3 * s->interval_ms + s->timeout_ms;
        bool server = s->kind == SOURCE_SERVER || s->kind == SOURCE_METRICS;
        if (s->kind == SOURCE_TRAFFIC && limit_ms > l.traffic_ms)
            l.traffic_ms = limit_ms;
        if (server && strcmp(s->version, version) == 0 && limit_ms > l.server_ms)
            l.server_ms = limit_ms;
    }
    if (!l.server_ms)
        l.server_ms = READING_LIMIT_MS;
    if (!l.traffic_ms)
        l.traffic_ms = READING_LIMIT_MS;
    return l;
}

static bool is_stale(const struct snapshot *sn, int64_t at_ms, int64_t limit_ms)
{
    return at_ms && (sn->status.quiet || sn->now_ms - at_ms > limit_ms);
}

static void older(int64_t *oldest_ms, int64_t at_ms)
{
    if (at_ms && (!*oldest_ms || at_ms < *oldest_ms))
        *oldest_ms = at_ms;
}

static void add_age(const struct snapshot *sn, struct fleet_line *line, size_t i)
{
    const struct version_state *v = &line->versions[i];
    struct version_sum *sum = &line->sums[i];
    struct limits l = limits_of(sn, line->deployment.name, v->version);

    sum->in_service = version_in_service(v, sn->now_ms);
    sum->ready_stale = is_stale(sn, v->ready_at_ms, l.server_ms);
    sum->metrics_stale = is_stale(sn, v->metrics_at_ms, l.server_ms);
    sum->traffic_stale = is_stale(sn, v->traffic_at_ms, l.traffic_ms);
    if (!sum->in_service)
        return;
    older(&line->oldest_ms, v->ready_at_ms);
    older(&line->oldest_ms, v->metrics_at_ms);
    older(&line->oldest_ms, v->traffic_at_ms);
}

/* worst: of each feature over the versions in service. */
static int add_drift(struct store *s, const struct snapshot *sn, const struct version_state *v,
                     struct version_sum *sum, unsigned char *worst, size_t n_worst, struct err *e)
{
    struct summaries all;
    int rc = summaries_load(s, v->id, DRIFT_ANY_SPAN, &sn->status, sn->now_ms, &all, e);
    if (rc < 0)
        return rc;
    sum->drift = all.n_items ? SEVERITY_OK : SEVERITY_UNKNOWN;
    for (size_t i = 0; i < all.n_items; i++) {
        const struct drift_summary *d = &all.items[i];
        enum severity severity = summaries_severity(&all, d);
        if (severity > sum->drift)
            sum->drift = severity;
        sum->drift_page += severity == SEVERITY_PAGE;
        sum->drift_warn += severity == SEVERITY_TICKET;
        sum->drift_unknown += severity == SEVERITY_UNKNOWN;
        if (sum->in_service && d->feature < n_worst && severity > worst[d->feature])
            worst[d->feature] = (unsigned char)severity;
    }
    free(all.items);
    return 0;
}

static int add_drifts(struct store *s, const struct snapshot *sn, struct fleet_line *line,
                      struct err *e)
{
    size_t n_worst = line->deployment.n_features > 0 ? (size_t)line->deployment.n_features : 0;
    bool any = false;
    int rc = 0;

    line->drift = SEVERITY_UNKNOWN;
    if (!line->deployment.has_features)
        return 0;
    unsigned char *worst = calloc(n_worst + 1, 1);
    if (!worst)
        return err_set(e, ERR_NOMEM, "%zu features", n_worst);
    for (size_t i = 0; i < line->n_versions && rc == 0; i++) {
        struct version_sum *sum = &line->sums[i];
        rc = add_drift(s, sn, &line->versions[i], sum, worst, n_worst, e);
        if (sum->in_service && (!any || sum->drift > line->drift))
            line->drift = sum->drift;
        any = any || sum->in_service;
    }
    for (size_t i = 0; i < n_worst; i++) {
        line->drift_page += worst[i] == SEVERITY_PAGE;
        line->drift_warn += worst[i] == SEVERITY_TICKET;
        line->drift_unknown += worst[i] == SEVERITY_UNKNOWN;
    }
    free(worst);
    return rc;
}

/* One "no" is enough to know; "yes" must come from each of them, and lately. */
static void add_ready(struct fleet_line *line)
{
    bool all = true, any = false, refused = false;

    for (size_t i = 0; i < line->n_versions; i++) {
        const struct version_state *v = &line->versions[i];
        bool known = (v->has & VERSION_READY) && !line->sums[i].ready_stale;
        if (!line->sums[i].in_service)
            continue;
        any = true;
        all = all && known;
        refused = refused || (known && !v->ready);
    }
    line->has_ready = refused || (any && all);
    line->ready = line->has_ready && !refused;
}

static double desired(const struct version_state *v)
{
    return (v->has & VERSION_DESIRED) ? v->desired_ratio : -1;
}

static bool goes_before(const struct deployment_state *d, const struct version_state *a,
                        const struct version_state *b)
{
    if (desired(a) > desired(b) || desired(a) < desired(b))
        return desired(a) > desired(b);
    bool first = strcmp(a->version, d->champion) == 0,
         second = strcmp(b->version, d->champion) == 0;
    return first != second ? first : strverscmp(a->version, b->version) > 0;
}

/* A handful of versions: each finds its place among those before it. */
static void sort_versions(const struct deployment_state *d, struct version_state *versions,
                          size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct version_state moving = versions[i];
        size_t k = i;
        for (; k > 0 && goes_before(d, &moving, &versions[k - 1]); k--)
            versions[k] = versions[k - 1];
        versions[k] = moving;
    }
}

/* Somebody set it up: one of its servers is asked, or nothing but the configuration can have named
 * it. */
static bool is_configured(const struct snapshot *sn, const struct deployment_state *d,
                          const struct version_state *v)
{
    size_t n;
    const struct source_state *const *sources = snapshot_sources(sn, d->name, &n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(sources[i]->version, v->version) == 0)
            return true;
    return !v->registered_ms && !v->rows_at_ms;
}

/* A registry remembers every version that there ever was; the fleet is what may serve. */
static bool is_deployed(const struct snapshot *sn, const struct deployment_state *d,
                        const struct version_state *v)
{
    const unsigned shares = VERSION_DESIRED | VERSION_EFFECTIVE | VERSION_OBSERVED;
    return (v->has & shares) || is_configured(sn, d, v) ||
           (v->rows_at_ms && sn->now_ms - v->rows_at_ms <= WINDOW_SPAN_MS);
}

int fleet_line_load(struct store *s, const struct snapshot *sn, const struct deployment_state *d,
                    bool all, struct fleet_line *ret, struct err *e)
{
    size_t n;
    const struct version_state *versions = snapshot_versions(sn, d->id, &n);

    ret->deployment = *d;
    ret->versions = calloc(n + 1, sizeof *ret->versions);
    ret->sums = calloc(n + 1, sizeof *ret->sums);
    if (!ret->versions || !ret->sums)
        return err_set(e, ERR_NOMEM, "%zu versions", n);
    for (size_t i = 0; i < n; i++)
        if (all || is_deployed(sn, d, &versions[i]))
            ret->versions[ret->n_versions++] = versions[i];
    sort_versions(d, ret->versions, ret->n_versions);
    for (size_t i = 0; i < ret->n_versions; i++)
        add_age(sn, ret, i);
    add_ready(ret);
    return add_drifts(s, sn, ret, e);
}

void fleet_line_done(struct fleet_line *line)
{
    free(line->versions);
    free(line->sums);
    *line = (struct fleet_line){0};
}

void fleet_line_alert(struct fleet_line *line, const struct alert_state *a)
{
    bool page = a->severity == ALERT_PAGE;

    if (a->phase != ALERT_FIRING || strcmp(a->deployment, line->deployment.name) != 0)
        return;
    *(page ? &line->alerts_page : &line->alerts_ticket) += 1;
    for (size_t i = 0; i < line->n_versions; i++)
        if (strcmp(line->versions[i].version, a->version) == 0)
            *(page ? &line->sums[i].alerts_page : &line->sums[i].alerts_ticket) += 1;
}

static enum severity worse(enum severity a, enum severity b)
{
    return a > b ? a : b;
}

/* Where nothing fires: how sure are we that all is well? */
static enum severity doubt(const struct fleet_line *line, const struct snapshot *sn)
{
    enum severity worst = SEVERITY_UNKNOWN;
    size_t n;
    const struct source_state *const *sources = snapshot_sources(sn, line->deployment.name, &n);

    for (size_t i = 0; i < line->n_versions; i++) {
        const struct version_sum *sum = &line->sums[i];
        if (!sum->in_service)
            continue;
        if (worst == SEVERITY_UNKNOWN)
            worst = SEVERITY_OK;
        if (sum->ready_stale || sum->metrics_stale || sum->traffic_stale)
            worst = SEVERITY_STALE;
    }
    for (size_t i = 0; i < n; i++) {
        bool idle = false; /* the server of a version that gets nothing does not matter here */
        for (size_t k = 0; k < line->n_versions; k++)
            idle = idle || (strcmp(line->versions[k].version, sources[i]->version) == 0 &&
                            !line->sums[k].in_service);
        if (!idle)
            worst = worse(worst, source_severity(sources[i], &sn->status, sn->now_ms));
    }
    if (line->deployment.has_features && line->drift <= SEVERITY_STALE)
        worst = worse(worst, line->drift);
    return sn->status.quiet ? SEVERITY_STALE : worst;
}

void fleet_line_settle(struct fleet_line *line, const struct snapshot *sn)
{
    if (line->alerts_page)
        line->severity = SEVERITY_PAGE;
    else
        line->severity = line->alerts_ticket ? SEVERITY_TICKET : doubt(line, sn);
}
