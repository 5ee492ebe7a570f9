/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Halves that wait: for how long, how many, and over a change of segment.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "../../../src/record/pairs.h"
#include "driftop/base/err.h"

struct world {
    struct pairs pairs;
    struct feature_sink out;
    int rows, refused[SOURCE_REFUSALS];
    int64_t at_ms; /* of the last row */
    char version[MODEL_NAME_SIZE];
};

static int on_row(void *ctx, const struct feature_row *row)
{
    struct world *w = ctx;
    w->rows++;
    w->at_ms = row->at_ms;
    snprintf(w->version, sizeof w->version, "%.*s", (int)row->version_length, row->version);
    return 0;
}

static void on_refused(void *ctx, enum source_refusal reason, const char *field)
{
    struct world *w = ctx;
    (void)field;
    w->refused[reason]++;
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    pairs_init(&w->pairs);
    w->out = (struct feature_sink){on_row, on_refused, w};
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    pairs_done(&w->pairs);
    free(w);
    return 0;
}

static struct sink_half half(const char *key, bool response)
{
    const char *body = response ? "{\"predictions\": [1]}" : "{\"instances\": [[2]]}";
    struct sink_half h = {.is_response = response,
                          .deployment = "scorer",
                          .version = "7",
                          .at_ms = 5000,
                          .body = body,
                          .length = strlen(body)};
    snprintf(h.key, sizeof h.key, "ns/scorer/%s", key);
    return h;
}

static void take(struct world *w, const char *key, bool response, int64_t at_ms)
{
    struct sink_half h = half(key, response);
    pairs_take(&w->pairs, &h, at_ms, &w->out);
}

static void test_either_order(void **state)
{
    struct world *w = *state;
    take(w, "a", false, 1);
    take(w, "b", true, 1);
    take(w, "b", false, 2);
    take(w, "a", true, 2);
    assert_int_equal(w->rows, 2);
    assert_int_equal(w->at_ms, 5000);
    assert_string_equal(w->version, "7");
    assert_int_equal(w->pairs.by_key.count, 0);
}

static void test_expires(void **state)
{
    struct world *w = *state;
    take(w, "a", false, 1000);
    take(w, "b", false, 2000);
    assert_int_equal(pairs_expire(&w->pairs, 1000 + PAIRS_WAIT_MS - 1, &w->out), 0);
    assert_int_equal(pairs_expire(&w->pairs, 1000 + PAIRS_WAIT_MS, &w->out), 1);
    assert_int_equal(w->refused[REFUSED_UNPAIRED], 1);
    take(w, "a", true, 70000);
    take(w, "b", true, 70000);
    assert_int_equal(w->rows, 1);
}

static void test_bounded(void **state)
{
    struct world *w = *state;
    char key[16];
    for (int i = 0; i < PAIRS_MAX + 3; i++) {
        snprintf(key, sizeof key, "%d", i);
        take(w, key, false, 1);
    }
    assert_int_equal(w->pairs.by_key.count, PAIRS_MAX);
    assert_int_equal(w->refused[REFUSED_UNPAIRED], 3);
}

static int restore(void *ctx, const struct spool_record *record)
{
    struct world *w = ctx;
    assert_true(pairs_restore(&w->pairs, record, &w->out));
    return 0;
}

/* What is carried over comes back as it was; a spool without room is a loss that is counted. */
static void test_carried_over(void **state)
{
    struct world *w = *state;
    char folder[] = "/tmp/driftop-pairs-XXXXXX", store[64];
    struct spool spool;
    struct err e = {0};

    assert_non_null(mkdtemp(folder));
    snprintf(store, sizeof store, "%s/s.db", folder);
    take(w, "a", false, 1000);
    take(w, "b", true, 2000);
    assert_int_equal(spool_open(&spool, store, 1, 1 << 20, &e), 0);
    assert_int_equal(pairs_carry(&w->pairs, &spool, &w->out, &e), 0);
    pairs_done(&w->pairs);
    pairs_init(&w->pairs);
    assert_int_equal(spool_replay(&spool, restore, w, &e), 0);
    assert_int_equal(pairs_expire(&w->pairs, 1000 + PAIRS_WAIT_MS, &w->out), 1);
    take(w, "b", false, 3000);
    assert_int_equal(w->rows, 1);
    assert_string_equal(w->version, "7");

    take(w, "c", false, 3000);
    spool.limit = spool.bytes;
    assert_int_equal(pairs_carry(&w->pairs, &spool, &w->out, &e), 0);
    assert_int_equal(w->refused[REFUSED_FULL], 1);
    assert_int_equal(w->pairs.by_key.count, 0);
    spool_remove(&spool, 1);
    spool_close(&spool);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_either_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_expires, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_carried_over, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
