/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/cmd/types.h"
#include "driftop/config/load.h"
#include "driftop/record/reference.h"

struct world {
    char folder[64], path[96];
    struct config *config;
    struct layout *layout;
};

static int set_up(void **state)
{
    static struct world w;
    w = (struct world){.folder = "/tmp/driftop-reference-XXXXXX"};
    assert_non_null(mkdtemp(w.folder));
    snprintf(w.path, sizeof w.path, "%.60s/reference", w.folder);
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    layout_free(w->layout);
    config_free(w->config);
    return path_remove_tree(w->folder, NULL);
}

static int load(struct world *w, const char *type, const char *content, struct err *e)
{
    struct config_errors errors = {0};
    struct types types;
    struct str text;

    if (content)
        assert_int_equal(path_write(w->path, content, strlen(content), 0600, NULL), 0);
    str_init(&text, 0);
    str_addf(&text,
             "environment: test\ndeployments:\n  - name: fraud\n"
             "    features: {type: jsonl, path: /tmp/x.jsonl, time_field: when}\n"
             "    reference: {type: %s, path: %s}\n",
             type, w->path);
    types_fill(&types);
    config_free(w->config);
    if (config_load_bytes(text.data, text.length, "-", &types.types, &w->config, &errors) < 0)
        fail_msg("%s", errors.errors[0].text);
    config_errors_done(&errors);
    str_done(&text);
    return reference_load(config_deployment(w->config, "fraud"), &w->layout, e);
}

static uint64_t rows_of(struct world *w, const char *feature)
{
    int i = layout_find(w->layout, feature, strlen(feature));
    assert_true(i >= 0);
    return codebook_summary(w->layout->features[i].codebook)->rows;
}

static void csv(void **state)
{
    struct world *w = *state;

    assert_int_equal(load(w, "csv",
                          "when,version,id,amount,country,prediction\n"
                          "2026-11-21T00:00:00Z,41,a1,1.5,de,0.1\n"
                          "2026-11-21T00:00:01Z,41,a2,,at,0.2\n"
                          "2026-11-21T00:00:02Z,41,a3,3,de,0.3",
                          NULL),
                     0);
    /* Time, version and what only names rows are no features; the last line had no end. */
    assert_int_equal(w->layout->n_features, 3);
    assert_int_equal(rows_of(w, "amount"), 3);
    assert_int_equal(rows_of(w, "country"), 3);
    assert_string_equal(w->layout->prediction, "prediction");
    const struct codebook *amount = w->layout->features[0].codebook;
    assert_int_equal(codebook_counts(amount)[codebook_special(amount, CODEBOOK_MISSING)], 1);
}

static void json_lines(void **state)
{
    struct world *w = *state;

    assert_int_equal(load(w, "jsonl",
                          "{\"amount\": 1}\n{\"amount\": 2, \"late\": \"x\"}\n"
                          "{\"late\": \"x\", \"amount\": 4}\n{\"amount\": 3}\n",
                          NULL),
                     0);
    assert_int_equal(w->layout->n_features, 2);
    assert_int_equal(rows_of(w, "late"), 4); /* missing where it does not stand */
    const struct codebook *late = w->layout->features[1].codebook;
    assert_int_equal(codebook_counts(late)[codebook_special(late, CODEBOOK_MISSING)], 2);
}

static void mistakes_have_a_place(void **state)
{
    struct world *w = *state;
    struct err e = {0};

    assert_int_equal(load(w, "csv", NULL, &e), ERR_ABSENT);
    assert_int_equal(load(w, "jsonl", "{\"a\": 1}\n{\"a\": 2}\nnonsense\n{\"a\": 3}\n[\n", &e),
                     ERR_DATA);
    assert_int_equal(e.line, 3);
    assert_string_equal(e.where, w->path);
    assert_non_null(strstr(e.text, "2 bad rows"));
    assert_int_equal(load(w, "csv", "a,b\n1,2\n\"x\ny\",2\n1,2,3\n", &e), ERR_DATA);
    assert_int_equal(e.line, 5);
    assert_int_equal(load(w, "csv", "", &e), ERR_DATA);
    assert_int_equal(load(w, "csv", "a,b\n", &e), ERR_DATA);
    assert_int_equal(load(w, "csv", "id\nx\ny\nz\n", &e), ERR_DATA);
    assert_non_null(strstr(e.text, "no usable column"));
}

/* Many late columns would make 40 GB of missing values out of 10 MB. */
static void a_small_file_stays_small(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct str text;

    str_init(&text, 0);
    for (int i = 0; i < 200000; i++)
        str_add(&text, "{\"a\":1}\n");
    str_add(&text, "{\"a\":1");
    for (int i = 0; i < 1000; i++)
        str_addf(&text, ",\"f%d\":1", i);
    str_add(&text, "}\n");
    assert_int_equal(load(w, "jsonl", text.data, &e), ERR_LIMIT);
    str_done(&text);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(csv),
        T(json_lines),
        T(mistakes_have_a_place),
        T(a_small_file_stays_small),
    };
    return cmocka_run_group_tests_name("record/reference", tests, NULL, NULL);
}
