/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of one feature go in, minute after minute on a clock of its own; what is judged and said of them
 * comes out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/record/judge.h"
#include "driftop/stats/design.h"
#include "driftop/stats/shape.h"
#include "driftop/stats/verdict.h"
#include "driftop/store/db.h"
#include "driftop/store/read_drift.h"
#include "driftop/store/write.h"

#define MINUTE    60000
#define REFERENCE 4000
#define START     (INT64_C(1700000000) / 60 * MINUTE)

enum { AMOUNT, COUNTRY };

struct fixture {
    struct ingest *ingest;
    struct ingest_deployment *d;
    struct judge judge;
    uint64_t random;
    int64_t now_ms;
    bool frozen; /* amount stops changing */
};

static double unit(struct fixture *f)
{
    uint64_t z = f->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static double amount(struct fixture *f)
{
    return 10 - 3 * log(unit(f));
}

static struct value country(struct fixture *f)
{
    static const char *const names[] = {"DE", "FR", "PT"};
    return value_from_text(names[(size_t)(3 * unit(f))], 2);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct layout *layout = calloc(1, sizeof *layout);
    struct value *values = calloc(REFERENCE, sizeof *values);
    f->random = 1;
    f->now_ms = START;
    f->ingest = ingest_new();
    assert_int_equal(ingest_deployment(f->ingest, "fraud"), 0);
    f->d = ingest_get(f->ingest, 0);
    layout->id = 1;
    layout->n_features = 2;
    layout->features = calloc(2, sizeof *layout->features);
    str_copy(layout->features[AMOUNT].name, MODEL_NAME_SIZE, "amount");
    str_copy(layout->features[COUNTRY].name, MODEL_NAME_SIZE, "country");
    for (size_t i = 0; i < REFERENCE; i++)
        values[i] = value_from_number(amount(f));
    assert_int_equal(
        codebook_build(values, REFERENCE, NULL, &layout->features[AMOUNT].codebook, NULL), 0);
    for (size_t i = 0; i < REFERENCE; i++)
        values[i] = country(f);
    assert_int_equal(
        codebook_build(values, REFERENCE, NULL, &layout->features[COUNTRY].codebook, NULL), 0);
    free(values);
    assert_int_equal(layout_close(layout), 0);
    assert_int_equal(ingest_set_layout(f->ingest, 0, layout, NULL), 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    judge_done(&f->judge);
    ingest_free(f->ingest);
    free(f);
    return 0;
}

static void add(struct fixture *f, const char *version, const struct value *a,
                const struct value *c)
{
    const struct field fields[] = {{"amount", 6, *a}, {"country", 7, *c}};
    struct feature_row row = {.at_ms = f->now_ms,
                              .version = version,
                              .version_length = strlen(version),
                              .fields = fields,
                              .n_fields = 2};
    enum source_refusal why;
    assert_int_equal(ingest_row(f->ingest, 0, &row, f->now_ms, &why), 0);
}

/* n rows within a minute: healthy ones, but for amount times `scale`. */
static void minute(struct fixture *f, const char *version, int n, double scale)
{
    for (int i = 0; i < n; i++) {
        struct value a = value_from_number(f->frozen ? 12.5 : scale * amount(f)), c = country(f);
        add(f, version, &a, &c);
    }
}

static struct ingest_version *judged(struct fixture *f, const char *version)
{
    f->now_ms += MINUTE;
    f->judge.round_ms = f->now_ms;
    assert_true(judge_step(&f->judge, f->ingest, 1000000000, f->now_ms));
    return ingest_version(f->ingest, 0, version, strlen(version));
}

static struct drift_summary *summary(struct ingest_version *v, size_t feature)
{
    return &v->summaries[feature * WINDOW_LEVELS + (size_t)judge_span(v)];
}

static const struct drift_note *note_of(struct ingest_version *v, size_t feature)
{
    return v->watch->notes[feature].note;
}

/* A seventh of few rows in one cell has p of about 1e-5: news for who puts up with many false pages, and
 * chance for who puts up with one in a thousand months. */
static void budget_decides(void **state)
{
    struct fixture *f = *state;
    struct value a = value_from_number(12), c = value_from_text("DE", 2);
    minute(f, "1", 180, 1);
    for (int i = 0; i < 30; i++)
        add(f, "1", &a, &c);
    f->d->false_pages = 0.001;
    struct ingest_version *v = judged(f, "1");
    assert_int_equal(summary(v, AMOUNT)->verdict, VERDICT_OK);
    assert_true(summary(v, AMOUNT)->psi_excess > 0.1f);
    f->d->false_pages = 1e6;
    minute(f, "1", 1, 1);
    v = judged(f, "1");
    assert_int_equal(summary(v, AMOUNT)->verdict, VERDICT_WARN);
}

/* Each value five times: the rows are worth a fifth of their number, once enough healthy minutes have
 * said so. */
static void healthy_minutes_teach(void **state)
{
    struct fixture *f = *state;
    struct ingest_version *v = NULL;
    for (int i = 0; i < 120; i++) {
        for (int k = 0; k < 20; k++) {
            struct value a = value_from_number(amount(f)), c = country(f);
            for (int copy = 0; copy < 5; copy++)
                add(f, "1", &a, &c);
        }
        v = judged(f, "1");
        if (i < 20) /* the first minute leaves the window after fifteen */
            assert_true(v->watch->designs[AMOUNT].rank <= 1);
    }
    assert_true(v->watch->designs[AMOUNT].rank > 4 && v->watch->designs[AMOUNT].rank < 6.5);
    assert_true(v->watch->designs[COUNTRY].cells > 3.5 && v->watch->designs[COUNTRY].cells < 7);
    double n_eff = (double)summary(v, AMOUNT)->n_eff;
    assert_true(n_eff > summary(v, AMOUNT)->rows / 6.5 && n_eff < summary(v, AMOUNT)->rows / 4.0);
    assert_int_equal(summary(v, AMOUNT)->verdict, VERDICT_OK);
    /* What drifts teaches nothing: it would hide itself. */
    double rank = v->watch->designs[AMOUNT].rank;
    for (int i = 0; i < 40; i++) {
        minute(f, "1", 100, 3);
        v = judged(f, "1");
    }
    assert_int_equal(summary(v, AMOUNT)->verdict, VERDICT_PAGE);
    assert_true(v->watch->designs[AMOUNT].rank > rank - 2 &&
                v->watch->designs[AMOUNT].rank < rank + 2);
}

static void unit_error_is_told(void **state)
{
    struct fixture *f = *state;
    struct ingest_version *v = NULL;
    int64_t began_ms = 0;
    for (int i = 0; i < 10; i++) {
        if (i == 6)
            began_ms = f->now_ms;
        minute(f, "1", 100, i < 6 ? 1 : 100);
        v = judged(f, "1");
        assert_true(i >= 6 || !note_of(v, AMOUNT));
    }
    assert_int_equal(summary(v, AMOUNT)->verdict, VERDICT_PAGE);
    assert_int_equal(summary(v, COUNTRY)->verdict, VERDICT_OK);
    assert_null(note_of(v, COUNTRY));
    const struct drift_note *note = note_of(v, AMOUNT);
    assert_non_null(note);
    assert_int_equal(note->shape, SHAPE_SCALE);
    assert_true(fabs(note->shape_by - 100) < 1);
    assert_int_equal(note->onset_ms, began_ms);
    assert_int_equal(note->onset_width_ms, MINUTE);
    assert_non_null(strstr(note->sentence, "of current is"));
    /* An hour later it has gone, and so has what was said. */
    for (int i = 0; i < 30; i++) {
        minute(f, "1", 100, 1);
        v = judged(f, "1");
    }
    assert_int_equal(summary(v, AMOUNT)->verdict, VERDICT_OK);
    assert_null(note_of(v, AMOUNT));
    assert_true(v->watch->notes[AMOUNT].changed);
}

/* The recorder's first minute: no bucket was well before, but a look was. */
static void drift_in_the_first_minute(void **state)
{
    struct fixture *f = *state;
    struct ingest_version *v = NULL;
    for (int look = 0; look < 6; look++) {
        minute(f, "1", 220, look < 3 ? 1 : 100);
        f->now_ms += 5000 - MINUTE;
        v = judged(f, "1");
    }
    assert_int_equal(summary(v, AMOUNT)->verdict, VERDICT_PAGE);
    assert_non_null(note_of(v, AMOUNT));
    assert_int_equal(note_of(v, AMOUNT)->onset_ms, START);
    assert_int_equal(note_of(v, AMOUNT)->onset_width_ms, MINUTE);
}

static void new_value_has_a_name(void **state)
{
    struct fixture *f = *state;
    struct value other = value_from_text("Atlantis", 8);
    struct ingest_version *v = NULL;
    for (int i = 0; i < 6; i++) {
        minute(f, "1", 100, 1);
        for (int k = 0; k < 30; k++) {
            struct value a = value_from_number(amount(f));
            add(f, "1", &a, &other);
        }
        v = judged(f, "1");
    }
    const struct drift_note *note = note_of(v, COUNTRY);
    assert_non_null(note);
    assert_int_equal(note->shape, SHAPE_NEW_VALUE);
    assert_string_equal(note->value, "Atlantis");
    assert_true(note->shape_by > 0.2 && note->shape_by < 0.26);
    assert_true(summary(v, COUNTRY)->reason & DRIFT_UNSEEN);
}

static void frozen_and_foreign(void **state)
{
    struct fixture *f = *state;
    struct value number = value_from_number(7), a = value_from_number(11);
    minute(f, "1", 300, 1);
    struct ingest_version *v = judged(f, "1");
    assert_false(summary(v, AMOUNT)->reason & (DRIFT_FROZEN | DRIFT_TYPE));
    f->frozen = true;
    minute(f, "1", 150, 1);
    v = judged(f, "1");
    assert_false(summary(v, AMOUNT)->reason & DRIFT_FROZEN); /* fewer rows prove nothing */
    minute(f, "1", 150, 1);
    v = judged(f, "1");
    assert_true(summary(v, AMOUNT)->reason & DRIFT_FROZEN);
    assert_false(summary(v, COUNTRY)->reason & DRIFT_FROZEN);
    f->frozen = false;
    minute(f, "1", 1, 1);
    for (int i = 0; i < 1500; i++)
        add(f, "1", &a, &number);
    v = judged(f, "1");
    assert_true(summary(v, COUNTRY)->reason & DRIFT_TYPE);
    assert_false(summary(v, AMOUNT)->reason & DRIFT_TYPE);
}

/* Against the reference alone neither moves enough; against each other over the same minutes they do. */
static void canary_against_champion(void **state)
{
    struct fixture *f = *state;
    struct ingest_version *v = NULL;
    str_copy(f->d->champion, sizeof f->d->champion, "1");
    for (int i = 0; i < 4; i++) {
        minute(f, "1", 400, 1);
        judged(f, "1");
    }
    /* While only the champion had rows it was another time: those minutes are left out. */
    for (int i = 0; i < 6; i++) {
        minute(f, "1", 400, 1);
        minute(f, "2", 400, 1.06);
        v = judged(f, "2");
    }
    assert_int_equal(summary(v, COUNTRY)->canary, VERDICT_OK);
    assert_true(summary(v, AMOUNT)->canary >= VERDICT_WARN);
    assert_true(summary(v, AMOUNT)->reason & DRIFT_CANARY);
    assert_true(summary(v, AMOUNT)->canary_reason & (DRIFT_KS | DRIFT_PSI | DRIFT_JS));
    assert_true(summary(v, AMOUNT)->canary_value > 0.01f);
    assert_true(drift_worst(summary(v, AMOUNT)) >= summary(v, AMOUNT)->verdict);
    struct ingest_version *champion = ingest_version(f->ingest, 0, "1", 1);
    assert_int_equal(summary(champion, AMOUNT)->canary, VERDICT_UNKNOWN);
}

/* When it is the champion that has moved, the other one is not to blame. */
static void moved_champion(void **state)
{
    struct fixture *f = *state;
    str_copy(f->d->champion, sizeof f->d->champion, "2");
    struct ingest_version *v = NULL;
    for (int i = 0; i < 3; i++) {
        minute(f, "1", 400, 1);
        minute(f, "2", 400, 1.4);
        v = judged(f, "1");
        assert_false(summary(v, AMOUNT)->reason & DRIFT_CANARY);
    }
    assert_true(summary(v, AMOUNT)->canary >= VERDICT_WARN); /* it is said all the same */
    assert_int_equal(drift_worst(summary(v, AMOUNT)), VERDICT_OK);
    v = ingest_version(f->ingest, 0, "2", 1);
    assert_true(summary(v, AMOUNT)->verdict >= VERDICT_WARN);
}

/* ---- and the store ---- */

static void kept_over_a_restart(void **state)
{
    struct fixture *f = *state;
    struct deployment_state d = {.name = "fraud"};
    struct version_state version = {.version = "1"};
    char path[] = "/tmp/driftop-judge-XXXXXX", file[64];
    struct drift_note *notes;
    struct store *s;
    size_t n;
    assert_non_null(mkdtemp(path));
    snprintf(file, sizeof file, "%s/s.db", path);
    assert_int_equal(store_open(file, STORE_RECORD, &s, NULL), 0);
    assert_int_equal(store_put_deployment(s, &d, NULL), 0);
    version.deployment_id = d.id;
    assert_int_equal(store_put_version(s, &version, NULL), 0);
    struct ingest_version *v = NULL;
    for (int i = 0; i < 40; i++) {
        minute(f, "1", 100, i < 32 ? 1 : 100);
        v = judged(f, "1");
        v->id = version.id;
    }
    assert_int_equal(store_begin(s, NULL), 0);
    assert_int_equal(ingest_flush(f->ingest, INGEST_SUMMARIES, s, f->now_ms, NULL), 0);
    assert_int_equal(store_end(s, true, NULL), 0);
    ingest_flushed(f->ingest, INGEST_SUMMARIES);
    assert_int_equal(store_drift_notes(s, v->id, &notes, &n, NULL), 0);
    assert_int_equal(n, 1);
    assert_int_equal(notes[0].shape, SHAPE_SCALE);
    /* A new watch knows what the old one knew. */
    size_t n_samples = 0;
    struct drift_watch *w = drift_watch_new(f->d->layout, &n_samples);
    assert_int_equal(drift_watch_restore(w, s, v->id, 1, NULL), 0);
    assert_int_equal(w->notes[AMOUNT].note->onset_ms, notes[0].onset_ms);
    assert_true(fabs(w->designs[AMOUNT].rank - v->watch->designs[AMOUNT].rank) < 1e-4);
    assert_int_equal(n_samples, 1); /* it goes on looking at the values */
    free(notes);
    drift_watch_drop(w, AMOUNT);
    assert_int_equal(n_samples, 0);
    assert_int_equal(store_begin(s, NULL), 0);
    assert_int_equal(drift_watch_flush(w, s, v->id, 1, NULL), 0);
    assert_int_equal(store_end(s, true, NULL), 0);
    assert_int_equal(store_drift_notes(s, v->id, &notes, &n, NULL), 0);
    assert_int_equal(n, 0);
    free(notes);
    drift_watch_free(w);
    store_close(s);
    assert_int_equal(path_remove_tree(path, NULL), 0);
}

int main(void)
{
#define JUDGE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        JUDGE_TEST(budget_decides),          JUDGE_TEST(healthy_minutes_teach),
        JUDGE_TEST(unit_error_is_told),      JUDGE_TEST(drift_in_the_first_minute),
        JUDGE_TEST(new_value_has_a_name),    JUDGE_TEST(frozen_and_foreign),
        JUDGE_TEST(canary_against_champion), JUDGE_TEST(moved_champion),
        JUDGE_TEST(kept_over_a_restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
