/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/prometheus.h"

#include "driftop/base/err.h"
#include "driftop/wire/prometheus_histogram.h"
#include "fuzz.h"

struct page {
    struct prometheus_histogram histogram;
    size_t n;
};

/* Every span must be readable to its end. */
static unsigned touch(struct span s)
{
    unsigned sum = 0;
    for (size_t i = 0; i < s.length; i++)
        sum += (unsigned char)s.data[i];
    return sum;
}

static int collect(void *context, const struct prometheus_sample *s)
{
    struct page *p = context;
    unsigned sum = touch(s->name) + touch(s->family);
    for (size_t i = 0; i < s->n_labels; i++)
        sum += touch(s->labels[i].name) + touch(s->labels[i].value);
    fuzz_check(s->name.length > 0 && s->n_labels <= PROMETHEUS_LABELS);
    prometheus_histogram_add(&p->histogram, s);
    p->n += 1 + sum * 0;
    return 0;
}

static bool wants(void *context, struct span family, enum prometheus_type type)
{
    (void)context;
    (void)type;
    return touch(family) % 4 != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct page page = {.n = 0};
    struct prometheus_report report;
    struct prometheus_quantile q;
    struct err e;
    unsigned picked = fuzz_pick(&data, &size, 4);
    struct prometheus_handler handler = {picked & 1 ? wants : NULL, collect, &page, 0};
    enum prometheus_format format = picked & 2 ? PROMETHEUS_OPENMETRICS : PROMETHEUS_TEXT;
    struct prometheus *p = prometheus_new();
    prometheus_histogram_init(&page.histogram);
    /* Twice with the same memory: nothing may be left of the first page. */
    for (int i = 0; i < 2; i++) {
        page.n = 0;
        prometheus_histogram_clear(&page.histogram);
        prometheus_parse(p, (const char *)data, size, format, &handler, &report);
        fuzz_check(report.n_samples == page.n);
        fuzz_check((report.n_bad > 0) == (report.first_bad_line > 0));
    }
    if (prometheus_histogram_close(&page.histogram, &e) == 0 &&
        prometheus_histogram_quantile(&page.histogram, 0.99, &q) == 0)
        fuzz_check(q.lower <= q.value && q.value <= q.upper);
    prometheus_histogram_done(&page.histogram);
    prometheus_free(p);
    return 0;
}
