/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows on their way: lines in a log that is rotated without losing one, and the bodies that an
 * inference logger sends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/json.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/demo/delivery.h"
#include "driftop/demo/rows.h"

#define AT_MS INT64_C(1795000000123)

struct world {
    char folder[40];
    struct population population;
    struct random random;
    struct population_row rows[3];
    struct symptoms healthy;
};

static int set_up(void **state)
{
    static struct world world;

    world = (struct world){.folder = "/tmp/driftop-delivery-XXXXXX"};
    *state = &world;
    world.random = random_stream(1, "delivery");
    if (!mkdtemp(world.folder) || population_init(&world.population, &catalog[0]) < 0)
        return -1;
    script_symptoms(&catalog[0], 0, &world.healthy);
    for (size_t i = 0; i < 3; i++) {
        world.rows[i].values = calloc(world.population.n_features, sizeof(struct value));
        if (!world.rows[i].values)
            return -1;
        population_draw(&world.population, &world.random, &world.healthy, 0, &world.rows[i]);
    }
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;

    for (size_t i = 0; i < 3; i++)
        free(w->rows[i].values);
    population_done(&w->population);
    return path_remove_tree(w->folder, NULL);
}

static size_t count_lines(const char *path)
{
    struct str text;
    size_t n = 0;

    str_init(&text, 0);
    if (path_read(path, &text, NULL) == 0)
        for (size_t i = 0; i < text.length; i++)
            n += text.data[i] == '\n';
    str_done(&text);
    return n;
}

static void test_rotation(void **state)
{
    struct world *w = *state;
    struct delivery d;
    char path[64], old[80];

    snprintf(path, sizeof path, "%s/log.jsonl", w->folder);
    snprintf(old, sizeof old, "%s.1", path);
    assert_int_equal(delivery_init(&d, &w->population, path, NULL, "", &w->random, NULL), 0);
    d.rotate_bytes = 1000;
    for (int i = 0; i < 3; i++)
        delivery_add(&d, &w->rows[i], 0, AT_MS);
    assert_int_equal(count_lines(path), 0);
    assert_int_equal(delivery_flush(&d, AT_MS, NULL), 0);
    assert_int_equal(count_lines(old), 3);
    assert_int_equal(count_lines(path), 0);
    delivery_add(&d, &w->rows[0], 1, AT_MS);
    assert_int_equal(delivery_flush(&d, AT_MS, NULL), 0);
    assert_int_equal(count_lines(path), 1);
    assert_int_equal(delivery_flush(&d, AT_MS, NULL), 0);
    assert_int_equal(count_lines(path), 1);
    delivery_done(&d);
}

static void test_row(void **state)
{
    struct world *w = *state;
    struct json *row;
    struct str text;
    double prediction;

    str_init(&text, 0);
    w->rows[0].values[0].kind = VALUE_MISSING;
    rows_add_json(&text, &w->population, &w->rows[0], AT_MS, "41", "fraud-score");
    assert_int_equal(json_parse(text.data, text.length, &row, NULL), 0);
    assert_string_equal(json_text(json_get(row, "ts"), NULL), "2026-11-18T11:06:40.123Z");
    assert_string_equal(json_text(json_get(row, "version"), NULL), "41");
    assert_string_equal(json_text(json_get(row, "deployment"), NULL), "fraud-score");
    assert_int_equal(json_kind(json_get(row, "amount")), JSON_NULL);
    assert_int_equal(json_kind(json_get(row, "device_os")), JSON_STRING);
    assert_true(json_number(json_get(row, "prediction"), &prediction));
    assert_int_equal(json_length(row), w->population.n_features + 4);
    json_drop(row);
    str_done(&text);
}

/* Tensors as long as there are rows, and the answer's as well. */
static void test_inference(void **state)
{
    struct world *w = *state;
    struct json *request, *response, *inputs, *output;
    struct str text;

    str_init(&text, 0);
    rows_write_request(&text, &w->population, w->rows, 3);
    assert_int_equal(json_parse(text.data, text.length, &request, NULL), 0);
    inputs = json_get(request, "inputs");
    assert_int_equal(json_length(inputs), w->population.n_features);
    for (size_t i = 0; i < json_length(inputs); i++)
        assert_int_equal(json_length(json_get(json_at(inputs, i), "data")), 3);
    str_clear(&text);
    rows_write_response(&text, &w->population, w->rows, 3, "42", "x-1");
    assert_int_equal(json_parse(text.data, text.length, &response, NULL), 0);
    output = json_at(json_get(response, "outputs"), 0);
    assert_int_equal(json_length(json_get(output, "data")), 3);
    assert_string_equal(json_text(json_get(output, "name"), NULL), "prediction");
    assert_string_equal(json_text(json_get(response, "model_version"), NULL), "42");
    json_drop(request);
    json_drop(response);
    str_done(&text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rotation),
        TEST(test_row),
        TEST(test_inference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
