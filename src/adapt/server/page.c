/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/utf8.h"
#include "driftop/wire/prometheus.h"
#include "page_private.h"

#define VERSIONS_MAX 64

struct page {
    const struct page_query *query;
    const struct family *families;
    size_t n_families;
    struct tally versions[VERSIONS_MAX];
    size_t n_versions;
    struct tally alone; /* of families that are usable only when one model is served */
    char model[MODEL_NAME_SIZE], absurd[MODEL_NAME_SIZE]; /* first count that is none */
    bool several_models, known;
};

/* _total belongs to the sample or to the family, as the page's format has it. */
static struct span without_total(struct span name)
{
    if (name.length > 6 && memcmp(name.data + name.length - 6, "_total", 6) == 0)
        name.length -= 6;
    return name;
}

static bool is_family(struct span family, const char *name)
{
    return span_equal(without_total(family), without_total(span_of(name)));
}

static const struct family *find_family(const struct page *p, struct span family)
{
    for (size_t i = 0; i < p->n_families; i++)
        if (is_family(family, p->families[i].name))
            return &p->families[i];
    return NULL;
}

static bool wants(void *context, struct span family, enum prometheus_type type)
{
    struct page *p = context;
    bool found = find_family(p, family) != NULL;

    (void)type;
    p->known |= found;
    return found;
}

/* Does the label's value equal one of the words, or end with one that begins with a slash? */
static bool passes(const struct family *f, const struct prometheus_sample *s)
{
    struct span value;

    if (!f->filter_label)
        return true;
    value = prometheus_label(s, f->filter_label);
    for (const char *word = f->filter; value.data && *word; word += strspn(word, " ")) {
        size_t n = strcspn(word, " ");
        bool ends = value.length >= n && memcmp(value.data + value.length - n, word, n) == 0;
        if (ends && (*word == '/' || value.length == n))
            return true;
        word += n;
    }
    return false;
}

/* Is the sample the model's? Also notes whether the page speaks of more than one. */
static bool of_model(struct page *p, const struct family *f, const struct prometheus_sample *s)
{
    struct span value = f->model_label ? prometheus_label(s, f->model_label) : span_of(NULL);

    if (!value.data)
        return true;
    if (p->model[0] == '\0')
        utf8_clean(p->model, sizeof p->model, value.data, value.length);
    else if (!span_is(value, p->model))
        p->several_models = true;
    return span_is(value, p->query->model);
}

static struct tally *tally_of(struct page *p, const struct family *f,
                              const struct prometheus_sample *s)
{
    struct span value = f->version_label ? prometheus_label(s, f->version_label) : span_of("");
    struct tally *t;

    if (f->alone)
        return &p->alone;
    if (!value.data || span_is(value, "None"))
        value = span_of("");
    for (size_t i = 0; i < p->n_versions; i++)
        if (span_is(value, p->versions[i].version))
            return &p->versions[i];
    if (p->n_versions == VERSIONS_MAX || value.length >= MODEL_NAME_SIZE)
        return NULL;
    t = &p->versions[p->n_versions++];
    memcpy(t->version, value.data, value.length);
    t->version[value.length] = '\0';
    return t;
}

static bool is_error(const struct family *f, const struct prometheus_sample *s)
{
    const char *label = f->code_label;

    for (; label && *label; label += strspn(label, " ")) {
        size_t n = strcspn(label, " ");
        for (size_t i = 0; i < s->n_labels; i++)
            if (span_equal(s->labels[i].name, (struct span){label, n}))
                return s->labels[i].value.length > 0 && s->labels[i].value.data[0] == '5';
        label += n;
    }
    return false;
}

/* The better family of a use takes the place of the other; false for the worse one. */
static bool outranks(struct tally *t, const struct family *f)
{
    if (f->rank < t->use[f->use].rank)
        return false;
    if (f->rank == t->use[f->use].rank)
        return true;
    t->use[f->use].rank = f->rank;
    t->use[f->use].value = t->use[f->use].errors = 0;
    if (f->use == USE_LATENCY) {
        prometheus_histogram_clear(&t->latency);
        t->latency_scale = f->scale;
    }
    return true;
}

/* A summary's quantiles are NaN while there was nothing to measure: no harm, and no count. */
static bool is_count(const struct family *f, const struct prometheus_sample *s)
{
    return f->use != USE_QUEUE && !prometheus_label(s, "quantile").data;
}

static int take_sample(void *context, const struct prometheus_sample *s)
{
    struct page *p = context;
    const struct family *f = find_family(p, s->family);
    struct tally *t;

    if (!f || !passes(f, s) || !of_model(p, f, s))
        return 0;
    if (!isfinite(s->value) || s->value < 0) {
        if (is_count(f, s) && !p->absurd[0])
            utf8_clean(p->absurd, sizeof p->absurd, s->name.data, s->name.length);
        return 0;
    }
    t = tally_of(p, f, s);
    if (!t || !outranks(t, f))
        return 0;
    if (f->use == USE_LATENCY)
        return prometheus_histogram_add(&t->latency, s) == ERR_NOMEM ? ERR_NOMEM : 0;
    if (s->role == PROMETHEUS_VALUE) {
        t->use[f->use].value += s->value * f->scale;
        t->use[f->use].errors += f->use == USE_CODES && is_error(f, s) ? s->value : 0;
    }
    return 0;
}

/* The tally of the version asked for and, where that leaves no doubt, the one without a version.
 * Several versions without the one asked for: a server of something else. */
static int choose(struct page *p, struct tally *ret[2], struct err *e)
{
    struct tally *unnamed = NULL, *named = NULL, *asked = NULL;
    size_t n_named = 0;

    for (size_t i = 0; i < p->n_versions; i++) {
        struct tally *t = &p->versions[i];
        if (t->version[0] == '\0')
            unnamed = t;
        else
            named = t;
        n_named += named == t;
        if (strcmp(t->version, p->query->version) == 0)
            asked = t;
    }
    if (n_named > 1 && !asked)
        return err_set(e, ERR_DATA, "the metrics speak of %zu versions (%s, ...), none is %s",
                       n_named, named->version, p->query->version);
    ret[0] = asked ? asked : named;
    ret[1] = n_named <= 1 ? unnamed : NULL;
    return 0;
}

/* Families that cannot tell models apart help out where they say more. */
static void use_alone(struct page *p, struct tally *t)
{
    struct tally *a = &p->alone;

    if (p->several_models)
        return;
    if (a->use[USE_CODES].rank > t->use[USE_CODES].rank)
        t->use[USE_CODES] = a->use[USE_CODES];
    if (a->use[USE_LATENCY].rank > t->use[USE_LATENCY].rank) {
        struct prometheus_histogram former = t->latency;
        t->use[USE_LATENCY] = a->use[USE_LATENCY];
        t->latency = a->latency;
        t->latency_scale = a->latency_scale;
        a->latency = former;
    }
}

/* The same requests timed by two families would count twice: the better one speaks for both. */
static void settle_latency(struct tally *a, struct tally *b)
{
    int x = a->use[USE_LATENCY].rank, y = b->use[USE_LATENCY].rank;

    if (x != y)
        (x < y ? a : b)->use[USE_LATENCY].rank = 0;
}

static int finish(struct page *p, struct observation *ret, struct err *e)
{
    struct tally *chosen[2] = {NULL, NULL};
    int result = choose(p, chosen, e);

    if (result < 0)
        return result;
    use_alone(p, chosen[0] ? chosen[0] : chosen[1] ? chosen[1] : &p->alone);
    if (!chosen[0] && !chosen[1] && !p->several_models)
        chosen[0] = &p->alone;
    if (chosen[0] && chosen[1])
        settle_latency(chosen[0], chosen[1]);
    for (int i = 0; i < 2; i++)
        if (chosen[i])
            tally_add_to(chosen[i], ret);
    ret->has |= HAS_REQUESTS; /* a known page without series of ours: nothing was asked yet */
    return 0;
}

static int parse(struct page *p, const struct net_reply *reply, struct err *e)
{
    const struct prometheus_handler handler = {wants, take_sample, p, 0};
    struct prometheus *parser = prometheus_new();
    struct prometheus_report report = {0};
    int result;

    if (!parser)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    result = prometheus_parse(parser, reply->body.data, reply->body.length,
                              prometheus_format_of(reply->content_type), &handler, &report);
    prometheus_free(parser);
    if (result < 0)
        return err_set(e, result, "%s", err_message(result));
    if (report.limited)
        return err_set(e, ERR_LIMIT, "the metrics page has too many samples");
    /* A series that was cut away would look like a counter that went back. */
    if (report.truncated)
        return err_set(e, ERR_PROTOCOL, "the metrics page is cut off");
    /* Without it the sum would look like a counter that went back, and then like a leap. */
    if (p->absurd[0])
        return err_set(e, ERR_DATA, "%s is no count: NaN, infinite or negative", p->absurd);
    if (p->known)
        return 0;
    if (!report.first_bad)
        return err_set(e, ERR_DATA, "it holds none of the metrics of a known model server");
    return err_set(e, ERR_DATA, "not a metrics page: line %d: %s", report.first_bad_line,
                   report.first_bad);
}

int page_read(const struct net_reply *reply, const struct page_query *query,
              struct observation *ret, struct err *e)
{
    struct page *p = calloc(1, sizeof *p);
    int result;

    if (!p)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    p->query = query;
    p->families = query->n_own ? query->own : page_families;
    p->n_families = query->n_own ? query->n_own : page_n_families;
    result = parse(p, reply, e);
    if (result == 0)
        result = finish(p, ret, e);
    for (size_t i = 0; i < VERSIONS_MAX; i++)
        prometheus_histogram_done(&p->versions[i].latency);
    prometheus_histogram_done(&p->alone.latency);
    free(p);
    return result;
}
