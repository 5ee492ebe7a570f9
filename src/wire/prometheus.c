/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/prometheus.h"

#include <stdlib.h>
#include <strings.h>

#include "driftop/base/err.h"
#include "prometheus_private.h"

struct prometheus {
    struct families families;
    struct family undeclared; /* the last name without a TYPE */
    struct family *current;   /* families stand together: most lines belong to it */
    struct prometheus_label labels[PROMETHEUS_LABELS];
    char scratch[PROMETHEUS_LINE_BYTES];

    /* of the page being read */
    enum prometheus_format format;
    const struct prometheus_handler *handler;
    struct prometheus_report *report;
    size_t max_samples;
    bool at_end; /* # EOF was seen */
};

struct prometheus *prometheus_new(void)
{
    struct prometheus *p = calloc(1, sizeof *p);
    if (p)
        p->families.seed = (uint64_t)(uintptr_t)p * 0x9e3779b97f4a7c15u;
    return p;
}

void prometheus_free(struct prometheus *p)
{
    if (!p)
        return;
    families_done(&p->families);
    free(p);
}

enum prometheus_format prometheus_format_of(const char *content_type)
{
    static const char media[] = "application/openmetrics-text";
    if (!content_type || strncasecmp(content_type, media, sizeof media - 1) != 0)
        return PROMETHEUS_TEXT;
    char next = content_type[sizeof media - 1];
    bool whole = next == '\0' || next == ';' || next == ' ' || next == '\t';
    return whole ? PROMETHEUS_OPENMETRICS : PROMETHEUS_TEXT;
}

static enum prometheus_type type_of(struct span word)
{
    static const char *const words[] = {
        [PROMETHEUS_UNTYPED] = "untyped",   [PROMETHEUS_COUNTER] = "counter",
        [PROMETHEUS_GAUGE] = "gauge",       [PROMETHEUS_HISTOGRAM] = "histogram",
        [PROMETHEUS_SUMMARY] = "summary",   [PROMETHEUS_INFO] = "info",
        [PROMETHEUS_STATESET] = "stateset", [PROMETHEUS_GAUGEHISTOGRAM] = "gaugehistogram",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_is(word, words[i]))
            return (enum prometheus_type)i;
    return PROMETHEUS_UNTYPED;
}

static bool is_wanted(const struct prometheus *p, struct span name, enum prometheus_type type)
{
    return !p->handler->wants || p->handler->wants(p->handler->context, name, type);
}

/* Behind "# TYPE". */
static int declare(struct prometheus *p, struct line *l)
{
    struct span name;
    bool full;
    line_blanks(l);
    if (!line_name(l, &name))
        return 0;
    line_blanks(l);
    struct span word = {l->at, (size_t)(l->end - l->at)};
    while (word.length > 0 &&
           (word.data[word.length - 1] == ' ' || word.data[word.length - 1] == '\t'))
        word.length--;
    p->current = NULL; /* the table may move */
    struct family *family = families_put(&p->families, name, &full);
    if (!family && !full)
        return ERR_NOMEM;
    if (!family) {
        l->fault = "too many families";
        return 0;
    }
    family->type = type_of(word);
    family->wanted = !families_created(&p->families, name) && is_wanted(p, name, family->type);
    p->current = family;
    return 0;
}

/* Only TYPE and EOF mean something here; HELP, UNIT and plain comments are passed over. */
static int comment(struct prometheus *p, struct line *l)
{
    l->at++;
    line_blanks(l);
    struct span rest = {l->at, (size_t)(l->end - l->at)};
    if (rest.length > 5 && span_starts(rest, "TYPE") &&
        (rest.data[4] == ' ' || rest.data[4] == '\t')) {
        l->at += 5;
        return declare(p, l);
    }
    if (p->format == PROMETHEUS_OPENMETRICS && span_is(rest, "EOF"))
        p->at_end = true;
    return 0;
}

/* The family of a name, and what the name is in it. Undeclared names make a family of their own. */
static enum suffix resolve(struct prometheus *p, struct span name)
{
    enum suffix suffix = p->current ? family_suffix(p->current, name) : SUFFIX_NONE;
    if (suffix != SUFFIX_NONE)
        return suffix;
    struct family *family = families_find(&p->families, name);
    suffix = SUFFIX_VALUE;
    if (!family)
        family = families_owner(&p->families, name, &suffix);
    if (!family) {
        bool created = families_created(&p->families, name);
        family = &p->undeclared;
        *family = (struct family){.name = name};
        family->wanted = !created && is_wanted(p, name, PROMETHEUS_UNTYPED);
        suffix = created ? SUFFIX_CREATED : SUFFIX_VALUE;
    }
    p->current = family;
    return suffix;
}

static enum prometheus_role role_of(enum suffix suffix)
{
    switch (suffix) {
    case SUFFIX_BUCKET: return PROMETHEUS_BUCKET;
    case SUFFIX_SUM: return PROMETHEUS_SUM;
    case SUFFIX_COUNT: return PROMETHEUS_COUNT;
    default: return PROMETHEUS_VALUE;
    }
}

/* Hand the sample over. */
static int deliver(struct prometheus *p, const struct prometheus_sample *s)
{
    if (p->report->n_samples >= p->max_samples) {
        p->report->limited = true;
        return 0;
    }
    p->report->n_samples++;
    return p->handler->sample ? p->handler->sample(p->handler->context, s) : 0;
}

/* Nobody looks at this sample. A name without a TYPE is read all the same: it may be garbage, which
 * has to be counted. */
static bool is_skipped(const struct prometheus *p, enum suffix suffix)
{
    return suffix == SUFFIX_CREATED || (!p->current->wanted && p->current != &p->undeclared);
}

/* Name and labels: the usual `name{...}`, or `{"name",...}`. False when the line is done with. */
static bool read_series(struct prometheus *p, struct line *l, struct prometheus_sample *s)
{
    struct span in_braces = {NULL, 0};
    enum suffix suffix = SUFFIX_NONE;
    if (*l->at != '{') {
        if (!line_name(l, &s->name))
            return false;
        suffix = resolve(p, s->name);
        line_blanks(l);
        if (is_skipped(p, suffix)) {
            p->report->n_unwanted++;
            return false;
        }
    }
    if (l->at < l->end && *l->at == '{') {
        l->at++;
        if (!line_labels(l, p->scratch, p->labels, &s->n_labels, &in_braces))
            return false;
    }
    if (!s->name.data == !in_braces.data) {
        l->fault = s->name.data ? "two names" : "a name is missing";
        return false;
    }
    if (in_braces.data) {
        s->name = in_braces;
        suffix = resolve(p, s->name);
        if (is_skipped(p, suffix)) {
            p->report->n_unwanted++;
            return false;
        }
    }
    s->role = role_of(suffix);
    return true;
}

static int sample(struct prometheus *p, struct line *l)
{
    struct prometheus_sample s = {.labels = p->labels};
    if (!read_series(p, l, &s) || !line_value(l, p->format, &s))
        return 0;
    if (!p->current->wanted) {
        p->report->n_unwanted++;
        return 0;
    }
    s.family = p->current->name;
    s.type = p->current->type;
    return deliver(p, &s);
}

/* 0 also when the line is bad: then l->fault says why. */
static int read_line(struct prometheus *p, struct line *l)
{
    if (l->end - l->at > PROMETHEUS_LINE_BYTES) {
        l->fault = "the line is too long";
        return 0;
    }
    line_blanks(l);
    if (l->end > l->at && l->end[-1] == '\r')
        l->end--;
    if (l->at == l->end)
        return 0;
    if (p->at_end) {
        l->fault = "something stands behind # EOF";
        return 0;
    }
    return *l->at == '#' ? comment(p, l) : sample(p, l);
}

static void begin(struct prometheus *p, enum prometheus_format format,
                  const struct prometheus_handler *handler, struct prometheus_report *report)
{
    *report = (struct prometheus_report){0};
    families_clear(&p->families);
    p->current = NULL;
    p->at_end = false;
    p->format = format;
    p->handler = handler;
    p->report = report;
    p->max_samples = handler->max_samples ? handler->max_samples : PROMETHEUS_MAX_SAMPLES;
}

static void count_bad(struct prometheus_report *r, int number, const char *fault)
{
    if (!fault)
        return;
    if (r->n_bad++ == 0) {
        r->first_bad_line = number;
        r->first_bad = fault;
    }
}

int prometheus_parse(struct prometheus *p, const char *bytes, size_t length,
                     enum prometheus_format format, const struct prometheus_handler *handler,
                     struct prometheus_report *ret)
{
    begin(p, format, handler, ret);
    const char *at = bytes, *end = bytes + length;
    bool newline = true;
    int result = 0;
    for (int number = 1; at < end && result == 0 && !ret->limited; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        newline = stop != NULL;
        struct line l = {at, stop ? stop : end, NULL};
        at = stop ? stop + 1 : end;
        result = read_line(p, &l);
        count_bad(ret, number, l.fault);
    }
    bool whole = format == PROMETHEUS_OPENMETRICS ? p->at_end : newline;
    ret->truncated = !whole && result == 0 && !ret->limited;
    return result;
}

struct span prometheus_label(const struct prometheus_sample *s, const char *name)
{
    for (size_t i = 0; i < s->n_labels; i++)
        if (span_is(s->labels[i].name, name))
            return s->labels[i].value;
    return (struct span){NULL, 0};
}
