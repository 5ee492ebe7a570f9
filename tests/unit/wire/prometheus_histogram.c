/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/prometheus_histogram.h"

#include <string.h>

#include "cases.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/wire/prometheus.h"

struct collector {
    struct prometheus_histogram *histogram;
    int code;
};

static int collect(void *context, const struct prometheus_sample *s)
{
    struct collector *c = context;
    int code = prometheus_histogram_add(c->histogram, s);
    if (code < 0)
        c->code = code;
    return 0;
}

static int read_page(const char *page, size_t length, struct prometheus_histogram *h, struct err *e)
{
    struct collector c = {h, 0};
    struct prometheus_handler handler = {.sample = collect, .context = &c};
    struct prometheus_report report;
    struct prometheus *p = prometheus_new();
    prometheus_histogram_init(h);
    prometheus_parse(p, page, length, PROMETHEUS_TEXT, &handler, &report);
    prometheus_free(p);
    return c.code < 0 ? err_set(e, c.code, "a sample was refused")
                      : prometheus_histogram_close(h, e);
}

static void print_histogram(struct json *out, const struct prometheus_histogram *h)
{
    static const double quantiles[] = {0.0, 0.5, 0.9, 0.99, 1.0};
    struct json *buckets = json_new_array(), *list = json_new_array();
    for (size_t i = 0; i < h->n_buckets; i++) {
        struct json *item = json_new_array();
        json_append(item, number_json(h->buckets[i].le));
        json_append(item, number_json(h->buckets[i].count));
        json_append(buckets, item);
    }
    json_put(out, "buckets", buckets);
    put_number(out, "sum", h->has_sum, h->sum);
    put_number(out, "total", true, prometheus_histogram_total(h));
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
        struct prometheus_quantile q;
        struct json *item = json_new_object();
        put_number(item, "q", true, quantiles[i]);
        int code = prometheus_histogram_quantile(h, quantiles[i], &q);
        put_text(item, "error", code < 0 ? err_name(code) : NULL);
        put_number(item, "value", code == 0, q.value);
        put_number(item, "lower", code == 0, q.lower);
        put_number(item, "upper", code == 0, q.upper);
        json_put(item, "at_least", json_new_bool(code == 0 && q.at_least));
        json_append(list, item);
    }
    json_put(out, "quantiles", list);
}

/* The input is a page, or two of them with a line "# NEXT" between: then their difference. */
static struct json *print(const char *input, size_t length, const char *args)
{
    static const char next[] = "# NEXT\n";
    struct json *out = json_new_object();
    struct prometheus_histogram first, second, delta;
    struct err e;
    bool reset = false;
    (void)args;
    const char *mark = memmem(input, length, next, sizeof next - 1);
    size_t split = mark ? (size_t)(mark - input) : length;
    int code = read_page(input, split, &first, &e);
    prometheus_histogram_init(&second);
    prometheus_histogram_init(&delta);
    if (code == 0 && mark)
        code = read_page(mark, length - split, &second, &e);
    if (code == 0 && mark) {
        code = prometheus_histogram_delta(&second, &first, &delta, &reset);
        err_set(&e, code, "no difference");
        json_put(out, "reset", json_new_bool(reset));
    }
    if (code == 0)
        print_histogram(out, mark ? &delta : &first);
    put_error(out, code, &e);
    prometheus_histogram_done(&first);
    prometheus_histogram_done(&second);
    prometheus_histogram_done(&delta);
    return out;
}

int main(void)
{
    return cases_main("prometheus_histogram", print);
}
