/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Feature logs and the sink over their folders. A log's case holds options.yaml, `input` and
 * perhaps `reference` (an empty file: the options are those of a reference). It is fed whole and
 * in pieces of seven bytes; both must give the same rows. A sink's case holds request-1 and perhaps
 * request-2: header lines, an empty line, the body.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../wire/cases.h"
#include "driftop/adapt/feature.h"
#include "driftop/adapt/sink_rows.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/wire/cloudevents.h"
#include "folder.h"
#include "printing.h"

#define PIECE       7
#define RECEIVED_MS 1795245559000
#define MAX_HEADERS 16

struct taken {
    struct json *rows, *refused;
};

static int take_row(void *ctx, const struct feature_row *row)
{
    struct taken *t = ctx;

    json_append(t->rows, print_row(row));
    return 0;
}

static void take_refusal(void *ctx, enum source_refusal reason, const char *field)
{
    struct taken *t = ctx;
    char text[128];

    snprintf(text, sizeof text, "%s%s%s", source_refusal_name(reason), field ? " " : "",
             field ? field : "");
    json_append(t->refused, json_new_text(text));
}

static struct taken taken_new(void)
{
    return (struct taken){json_new_array(), json_new_array()};
}

static void put_taken(struct json *out, struct taken *t)
{
    json_put(out, "rows", t->rows);
    json_put(out, "refused", t->refused);
}

/* As the recorder does it: what was not used is handed in again with what follows. */
static struct json *feed_all(const struct feature_adapter *a, const struct option_set *options,
                             const struct str *input, size_t piece)
{
    struct json *out = json_new_object();
    struct taken taken = taken_new();
    const struct feature_sink sink = {take_row, take_refusal, &taken};
    struct err e;
    struct feature_decoder *d = a->open(options, &e);
    size_t used = 0, end = 0;

    assert_non_null(d);
    while (end < input->length) {
        char *exact;
        int64_t n;
        end = end + piece < input->length ? end + piece : input->length;
        exact = malloc(end - used);
        assert_non_null(exact);
        memcpy(exact, input->data + used, end - used);
        n = a->feed(d, exact, end - used, used == 0 && end <= piece, &sink);
        free(exact);
        assert_true(n >= 0 && (size_t)n <= end - used);
        used += (size_t)n;
    }
    a->close(d);
    put_taken(out, &taken);
    json_put(out, "used", json_new_int((int64_t)used));
    return out;
}

static struct json *print_log(const struct folder_case *c)
{
    const struct feature_adapter *a = adapt_feature_find(c->adapter);
    struct str yaml, input, mark, whole_text, pieces_text;
    struct option_set options;
    struct json *whole, *pieces;
    struct err e;
    bool reference;

    assert_non_null(a);
    reference = folder_read(c, "reference", &mark);
    assert_true(folder_read(c, "options.yaml", &yaml) && folder_read(c, "input", &input));
    if (option_set_parse(yaml.data, reference ? a->reference_options : a->options,
                         reference ? a->n_reference_options : a->n_options, &options, &e) < 0)
        fail_msg("%s/%s/options.yaml:%d: %s", c->adapter, c->name, e.line, e.text);
    whole = feed_all(a, &options, &input, input.length + 1);
    pieces = feed_all(a, &options, &input, PIECE);
    str_init(&whole_text, 0);
    str_init(&pieces_text, 0);
    json_write(whole, 2, &whole_text);
    json_write(pieces, 2, &pieces_text);
    assert_string_equal(whole_text.data, pieces_text.data);
    json_drop(pieces);
    str_done(&whole_text);
    str_done(&pieces_text);
    str_done(&yaml);
    str_done(&input);
    str_done(&mark);
    option_set_done(&options);
    return whole;
}

/* A request file cut into header lines and body, in place. */
static size_t split_request(struct str *text, struct cloudevents_header headers[MAX_HEADERS],
                            const char **ret_body)
{
    char *line = text->data;
    size_t n = 0;

    while (*line && *line != '\n' && n < MAX_HEADERS) {
        char *end = strchr(line, '\n'), *colon = strstr(line, ": ");
        assert_non_null(end);
        assert_true(colon && colon < end);
        *end = *colon = '\0';
        headers[n++] = (struct cloudevents_header){line, colon + 2};
        line = end + 1;
    }
    *ret_body = line + (*line == '\n');
    return n;
}

static struct json *print_half(const struct sink_half *half)
{
    struct json *out = json_new_object();
    char at[CLOCK_TEXT_SIZE];

    json_put(out, "key", json_new_text(half->key));
    json_put(out, "side", json_new_text(half->is_response ? "response" : "request"));
    json_put(out, "deployment", json_new_text(half->deployment));
    json_put(out, "version", json_new_text(half->version));
    if (half->at_ms != CLOCK_NEVER)
        json_put(out, "at", json_new_text(clock_format_ms(half->at_ms, at)));
    return out;
}

struct message {
    struct str text;
    struct sink_message message;
    int code;
    bool there;
};

static struct json *open_message(const struct folder_case *c, const char *file, struct message *m,
                                 const struct feature_sink *sink)
{
    struct json *out = json_new_object(), *halves = json_new_array();
    struct cloudevents_header headers[MAX_HEADERS];
    const char *body;
    struct err e;
    size_t n, length;

    m->there = folder_read(c, file, &m->text);
    n = split_request(&m->text, headers, &body);
    length = m->text.length - (size_t)(body - m->text.data);
    m->code = m->there ? sink_open(headers, n, body, length, &m->message, &e) : ERR_ABSENT;
    if (m->there)
        put_error(out, m->code, &e);
    if (m->code == 0 && m->message.kind == SINK_ROWS)
        put_error(out, sink_read_rows(body, length, sink, &e), &e);
    for (size_t i = 0; i < m->message.n_halves; i++)
        json_append(halves, print_half(&m->message.halves[i]));
    if (m->code == 0 && m->message.kind == SINK_HALVES)
        json_put(out, "halves", json_keep(halves));
    if (m->message.n_ignored)
        json_put(out, "ignored", json_new_int((int64_t)m->message.n_ignored));
    json_drop(halves);
    return out;
}

static struct json *print_sink(const struct folder_case *c)
{
    struct json *out = json_new_object(), *second;
    struct taken taken = taken_new();
    const struct feature_sink sink = {take_row, take_refusal, &taken};
    struct message a = {0}, b = {0};
    struct err e;

    json_put(out, "first", open_message(c, "request-1", &a, &sink));
    second = open_message(c, "request-2", &b, &sink);
    if (b.there)
        json_put(out, "second", json_keep(second));
    json_drop(second);
    if (a.message.n_halves == 1 && b.message.n_halves == 1 &&
        strcmp(a.message.halves->key, b.message.halves->key) == 0)
        put_error(out, sink_join(a.message.halves, b.message.halves, RECEIVED_MS, &sink, &e), &e);
    put_taken(out, &taken);
    sink_message_done(&a.message);
    sink_message_done(&b.message);
    str_done(&a.text);
    str_done(&b.text);
    return out;
}

static void test_logs(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; adapt_features[i]; i++)
        wrong += folder_run(adapt_features[i]->name, print_log);
    assert_int_equal(wrong, 0);
}

static void test_sink(void **state)
{
    (void)state;
    assert_int_equal(folder_run("sink", print_sink), 0);
}

/* A line without end is counted once, let go, and the next line is read. */
static void test_endless_line(void **state)
{
    const struct feature_adapter *a = adapt_feature_find("jsonl");
    struct taken taken = taken_new();
    const struct feature_sink sink = {take_row, take_refusal, &taken};
    static char bytes[(1 << 20) + 10];
    static const char next[] = "tail\n{\"ts\":1795245559,\"version\":\"41\",\"x\":1}\n";
    struct option_set options;
    struct feature_decoder *d;

    (void)state;
    memset(bytes, 'x', sizeof bytes);
    assert_int_equal(option_set_parse("path: /x", a->options, a->n_options, &options, NULL), 0);
    d = a->open(&options, NULL);
    assert_int_equal(a->feed(d, bytes, sizeof bytes, true, &sink), sizeof bytes);
    assert_int_equal(a->feed(d, bytes, sizeof bytes, false, &sink), sizeof bytes);
    assert_int_equal(a->feed(d, next, sizeof next - 1, false, &sink), sizeof next - 1);
    assert_int_equal(json_length(taken.rows), 1);
    assert_int_equal(json_length(taken.refused), 1);
    a->close(d);
    option_set_done(&options);
    json_drop(taken.rows);
    json_drop(taken.refused);
}

/* A quote that is never closed: the follower gives up its line, and the next row is read. */
static void test_given_up_line(void **state)
{
    const struct feature_adapter *a = adapt_feature_find("csv");
    struct taken taken = taken_new();
    const struct feature_sink sink = {take_row, take_refusal, &taken};
    static const char text[] = "ts,version,x\n1795245559,41,\"open\n1795245559,41,2\n";
    const char *second = strchr(text, '\n') + 1, *third = strchr(second, '\n') + 1;
    struct option_set options;
    struct feature_decoder *d;

    (void)state;
    assert_int_equal(option_set_parse("path: /x", a->options, a->n_options, &options, NULL), 0);
    d = a->open(&options, NULL);
    assert_int_equal(a->feed(d, text, sizeof text - 1, true, &sink), second - text);
    assert_int_equal(a->feed(d, second, strlen(second), false, &sink), 0);
    assert_int_equal(a->feed(d, third, strlen(third), false, &sink), strlen(third));
    assert_int_equal(json_length(taken.rows), 1);
    a->close(d);
    option_set_done(&options);
    json_drop(taken.rows);
    json_drop(taken.refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logs),
        cmocka_unit_test(test_sink),
        cmocka_unit_test(test_endless_line),
        cmocka_unit_test(test_given_up_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
