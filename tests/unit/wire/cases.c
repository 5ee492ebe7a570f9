/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dirent.h>
#include <math.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"

struct cases {
    const char *decoder;
    cases_print *print;
};

static void case_path(struct str *ret, const char *decoder, const char *name, const char *file)
{
    const char *srcdir = getenv("srcdir");
    str_clear(ret);
    str_addf(ret, "%s/tests/fixtures/wire/%s", srcdir ? srcdir : ".", decoder);
    if (name)
        str_addf(ret, "/%s/%s", name, file);
}

static void slurp(const struct cases *c, const char *name, const char *file, struct str *ret)
{
    struct str path;
    str_init(&path, 0);
    str_init(ret, 0);
    case_path(&path, c->decoder, name, file);
    path_read(path.data, ret, NULL);
    str_done(&path);
}

static void generate(const struct cases *c, const char *name, const struct str *text)
{
    struct str path;
    struct err e;
    str_init(&path, 0);
    case_path(&path, c->decoder, name, "expected.json");
    if (path_write(path.data, text->data, text->length, 0644, &e) < 0)
        fail_msg("%s: %s", path.data, e.text);
    str_done(&path);
}

/* True when the decoder says what is expected. */
static bool run_case(const struct cases *c, const char *name)
{
    struct str input, args, expected, said;
    slurp(c, name, "input", &input);
    slurp(c, name, "args", &args);
    slurp(c, name, "expected.json", &expected);
    str_init(&said, 0);
    if (args.length > 0 && args.data[args.length - 1] == '\n')
        args.data[--args.length] = '\0';
    char *exact = malloc(input.length + !input.length);
    assert_non_null(exact);
    memcpy(exact, input.data, input.length);
    struct json *json = c->print(exact, input.length, args.data);
    free(exact);
    assert_int_equal(json_write(json, 2, &said), 0);
    str_add_char(&said, '\n');
    json_drop(json);
    if (getenv("GENERATE"))
        generate(c, name, &said);
    bool same = getenv("GENERATE") || (said.length == expected.length &&
                                       memcmp(said.data, expected.data, said.length) == 0);
    if (!same)
        print_error("%s/%s says\n%s\ninstead of\n%s\n", c->decoder, name, said.data, expected.data);
    str_done(&input);
    str_done(&args);
    str_done(&expected);
    str_done(&said);
    return same;
}

static void test_cases(void **state)
{
    const struct cases *c = *state;
    struct str path;
    int n = 0, wrong = 0;
    str_init(&path, 0);
    case_path(&path, c->decoder, NULL, NULL);
    DIR *folder = opendir(path.data);
    assert_non_null(folder);
    for (struct dirent *d; (d = readdir(folder));) {
        if (d->d_name[0] == '.')
            continue;
        n++;
        wrong += !run_case(c, d->d_name);
    }
    closedir(folder);
    str_done(&path);
    assert_true(n > 0);
    assert_int_equal(wrong, 0);
}

int cases_main(const char *decoder, cases_print *print)
{
    struct cases c = {decoder, print};
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(test_cases, &c)};
    return cmocka_run_group_tests_name(decoder, tests, NULL, NULL);
}

void put_text(struct json *object, const char *key, const char *text)
{
    if (text)
        json_put(object, key, json_new_text(text));
}

static struct json *span_json(struct span span)
{
    struct str s;
    str_init(&s, 0);
    str_add_bytes(&s, span.data, span.length);
    struct json *json = json_new_text(s.data);
    str_done(&s);
    return json;
}

void put_span(struct json *object, const char *key, struct span span)
{
    if (span.data)
        json_put(object, key, span_json(span));
}

struct json *number_json(double number)
{
    if (isnan(number))
        return json_new_text("NaN");
    if (isinf(number))
        return json_new_text(number > 0 ? "+Inf" : "-Inf");
    return fabs(number) < 9e15 && number <= floor(number) ? json_new_int((int64_t)number)
                                                          : json_new_real(number);
}

void put_number(struct json *object, const char *key, bool present, double number)
{
    if (present)
        json_put(object, key, number_json(number));
}

void put_error(struct json *object, int code, const struct err *e)
{
    if (code >= 0)
        return;
    json_put(object, "error", json_new_text(err_name(code)));
    json_put(object, "text", json_new_text(e->text));
    if (e->line)
        json_put(object, "line", json_new_int(e->line));
    if (e->column)
        json_put(object, "column", json_new_int(e->column));
}

struct json *value_json(struct value value)
{
    if (value.kind == VALUE_MISSING)
        return json_new_null();
    if (value.kind == VALUE_NUMBER)
        return number_json(value.number);
    return span_json((struct span){value.text, value.length});
}

struct json *fields_json(const struct field *fields, size_t n)
{
    struct json *object = json_new_object();
    for (size_t i = 0; i < n; i++) {
        struct str name;
        str_init(&name, 0);
        str_add_bytes(&name, fields[i].name, fields[i].name_length);
        json_put(object, name.data, value_json(fields[i].value));
        str_done(&name);
    }
    return object;
}
