/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <math.h>

#include "../../../src/store/store_private.h"
#include "driftop/base/str.h"
#include "driftop/store/read_drift.h"

/* The store of tests/unit/store/version-1.sql, as a file. */
static void make_version_1(struct world *w)
{
    struct str path, text;
    sqlite3 *db = NULL;
    const char *folder = getenv("srcdir");
    str_init(&path, 0);
    str_init(&text, 0);
    str_addf(&path, "%s/tests/unit/store/version-1.sql", folder ? folder : ".");
    assert_int_equal(path_read(path.data, &text, NULL), 0);
    assert_int_equal(sqlite3_open(w->store, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text.data, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    str_done(&path);
    str_done(&text);
}

static void check_content(struct store *s)
{
    struct deployment_state *d;
    struct version_state *v;
    struct alert_state *a;
    struct log_position *p;
    size_t n;
    char text[64];
    double rate;
    assert_int_equal(store_deployments(s, "fraud-score", &d, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_string_equal(d->owner, "risk-ml");
    assert_int_equal(store_versions(s, d->id, &v, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(v->has, VERSION_READY | VERSION_RATE);
    assert_int_equal(v->rows_total, 345);
    assert_int_equal(store_previous_champion(s, d->id, text, sizeof text), 0);
    assert_string_equal(text, "41");
    assert_int_equal(store_metric(s, v->id, METRIC_RATE, 1795262410000, 10000, &rate, 1, NULL), 0);
    assert_true(rate > 12.4 && rate < 12.6);
    struct layout *layout;
    struct drift_summaries all;
    assert_int_equal(store_layout_names(s, d->id, &layout, NULL), 0);
    assert_int_equal(layout->n_features, 2);
    assert_string_equal(layout->features[0].name, "amount");
    assert_string_equal(layout->features[1].name, "score");
    assert_string_equal(layout->prediction, "score");
    assert_true(isnan(layout->features[0].importance));
    layout_free(layout);
    /* Summaries of the older shape are gone; the recorder writes them anew. */
    assert_int_equal(store_summaries(s, v->id, -1, 200, &all, NULL), 0);
    assert_int_equal(all.n, 0);
    free(v);
    free(d);
    assert_int_equal(store_alerts(s, NULL, 0, &a, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_string_equal(a->acked_by, "ann");
    free(a);
    assert_int_equal(store_positions(s, "fraud-score jsonl", &p, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(p->offset, 4096);
    free(p);
}

static void test_version_1(void **state)
{
    struct world *w = *state;
    make_version_1(w);
    struct store *s = world_open(w->store, STORE_RECORD);
    int version = 0, n;
    migrate_steps(&n);
    assert_int_equal(migrate_version(s, &version, NULL), 0);
    assert_int_equal(version, n);
    check_content(s);
    store_close(s);
    s = world_open(w->store, STORE_READ);
    check_content(s);
    store_close(s);
}

static int one(struct store *s, const char *text)
{
    sqlite3_stmt *stmt = NULL;
    int value = -1;
    if (sqlite3_prepare_v2(s->db, text, -1, &stmt, NULL) == SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        value = sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

/* All steps that are missing or none of them; those that were done are not done again. */
static void test_steps(void **state)
{
    struct world *w = *state;
    int n;
    const char *const *real = migrate_steps(&n);
    const char *steps[8];
    assert_true(n < 6);
    for (int i = 0; i < n; i++)
        steps[i] = real[i];
    steps[n] = "CREATE TABLE later (a INTEGER); INSERT INTO later VALUES (7);";
    steps[n + 1] = "UPDATE later SET a = a + 1; this is no SQL";
    make_version_1(w);
    struct store *s = world_open(w->store, STORE_RECORD);
    assert_true(migrate_run(s, steps, n + 2, NULL) < 0);
    assert_int_equal(one(s, "PRAGMA user_version"), n);
    assert_int_equal(one(s, "SELECT a FROM later"), -1);
    steps[n + 1] = "UPDATE later SET a = a + 1";
    assert_int_equal(migrate_run(s, steps, n + 1, NULL), 0);
    assert_int_equal(one(s, "PRAGMA user_version"), n + 1);
    assert_int_equal(one(s, "SELECT a FROM later"), 7);
    check_content(s);
    store_close(s);
    /* To the driftop that this is, such a store is of a newer one. */
    struct err e = {0};
    assert_int_equal(store_open(w->store, STORE_READ, &s, &e), ERR_VERSION);
}

static void test_marks_of_a_new_store(void **state)
{
    struct world *w = *state;
    int n;
    migrate_steps(&n);
    struct store *s = world_open(w->store, STORE_RECORD);
    assert_int_equal(one(s, "PRAGMA application_id"), STORE_APPLICATION_ID);
    assert_int_equal(one(s, "PRAGMA user_version"), n);
    store_close(s);
}

int main(void)
{
#define MIGRATE_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        MIGRATE_TEST(test_version_1),
        MIGRATE_TEST(test_steps),
        MIGRATE_TEST(test_marks_of_a_new_store),
    };
    return cmocka_run_group_tests_name("store-migrate", tests, NULL, NULL);
}
