/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ladder against a plain list of rows: whatever happens, each level counts exactly the rows of
 * the buckets it still reaches.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "columns.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/window.h"
#include "driftop/stats/window_buckets.h"
#include "driftop/stats/window_pack.h"

#define MINUTE INT64_C(60000)
#define HOUR   (60 * MINUTE)
#define NOW    INT64_C(1700000000000)
#define CELLS  600

static void add(struct window *w, int64_t row_ms, int64_t now_ms, size_t cell)
{
    assert_int_equal(window_row(w, row_ms, now_ms), WINDOW_COUNTED);
    assert_int_equal(window_count(w, cell), 0);
}

static void fate_of_a_row(void **state)
{
    (void)state;
    struct window *w = window_new(CELLS);
    assert_int_equal(window_row(w, NOW, NOW), WINDOW_COUNTED);
    assert_int_equal(window_row(w, NOW + 2 * MINUTE, NOW), WINDOW_COUNTED);
    assert_int_equal(window_row(w, NOW + 2 * MINUTE + 1, NOW), WINDOW_AHEAD);
    assert_int_equal(window_count(w, 0), ERR_INVALID);
    assert_int_equal(window_row(w, INT64_MAX, NOW), WINDOW_AHEAD);
    assert_int_equal(window_row(w, INT64_MIN, NOW), WINDOW_LATE);
    assert_int_equal(window_row(w, NOW - 24 * HOUR - 1, NOW), WINDOW_LATE);
    assert_int_equal(window_row(w, NOW - 22 * HOUR, NOW), WINDOW_COUNTED);
    assert_int_equal(window_count(w, CELLS), ERR_INVALID);
    assert_int_equal(window_rows(w, WINDOW_15M), 2);
    assert_int_equal(window_rows(w, WINDOW_24H), 3);
    window_free(w);
}

/* A row of half an hour ago is in the hour and the day, not in the quarter. */
static void old_rows_count_in_coarser_levels(void **state)
{
    (void)state;
    struct window *w = window_new(CELLS);
    add(w, NOW - 30 * MINUTE, NOW, 7);
    add(w, NOW - 5 * HOUR, NOW, 7);
    assert_int_equal(window_totals(w, WINDOW_15M)[7], 0);
    assert_int_equal(window_totals(w, WINDOW_1H)[7], 1);
    assert_int_equal(window_totals(w, WINDOW_24H)[7], 2);
    window_free(w);
}

static void counters_widen(void **state)
{
    (void)state;
    struct window *w = window_new(CELLS);
    size_t narrow = 0;
    for (uint32_t i = 1; i <= 70000; i++) {
        add(w, NOW, NOW, 300);
        add(w, NOW, NOW, 301 + i % 2);
        if (i == 200)
            narrow = window_bytes(w);
        if (i == 255 || i == 256 || i == 65535 || i == 65536)
            assert_int_equal(window_totals(w, WINDOW_15M)[300], i);
    }
    assert_true(window_bytes(w) > narrow);
    assert_int_equal(window_totals(w, WINDOW_24H)[300], 70000);
    assert_int_equal(window_totals(w, WINDOW_24H)[301], 35000);
    /* after a day nothing is left, and the memory is back */
    window_advance(w, NOW + 25 * HOUR);
    for (int span = 0; span < WINDOW_LEVELS; span++) {
        assert_int_equal(window_rows(w, (enum window_span)span), 0);
        for (size_t i = 0; i < CELLS; i++)
            assert_int_equal(window_totals(w, (enum window_span)span)[i], 0);
    }
    assert_true(window_bytes(w) < narrow);
    window_free(w);
}

struct row {
    int64_t ms;
    uint32_t cell;
};

/* Each level against the rows that fall into its buckets, by definition. */
static void check_against_rows(const struct window *w, const struct row *rows, size_t n,
                               int64_t now)
{
    for (int i = 0; i < WINDOW_LEVELS; i++) {
        enum window_span span = (enum window_span)i;
        int64_t width = window_bucket_ms(span);
        int64_t oldest = (now / width - (int64_t)window_bucket_count(span) + 1) * width;
        static uint32_t counts[CELLS];
        memset(counts, 0, sizeof counts);
        uint64_t total = 0;
        for (size_t r = 0; r < n; r++) {
            if (rows[r].ms >= oldest) {
                counts[rows[r].cell]++;
                total++;
            }
        }
        assert_int_equal(window_rows(w, span), total);
        assert_memory_equal(window_totals(w, span), counts, sizeof counts);
    }
}

static void evict_equals_never_inserted(void **state)
{
    (void)state;
    uint64_t random = 1;
    struct window *w = window_new(CELLS);
    enum { ROWS = 20000 };
    static struct row rows[ROWS];
    int64_t now = NOW;
    size_t n = 0;
    while (n < ROWS) {
        now += (int64_t)(random_next(&random) % 20000);
        if (n % 1000 == 999)
            now += 3 * HOUR;
        uint64_t far = random_next(&random) % 4 == 0 ? 30 * HOUR : 20 * MINUTE;
        int64_t ms = now + MINUTE - (int64_t)(random_next(&random) % far);
        rows[n] = (struct row){ms, (uint32_t)(random_next(&random) % CELLS)};
        if (window_row(w, ms, now) != WINDOW_COUNTED)
            continue;
        assert_int_equal(window_count(w, rows[n].cell), 0);
        n++;
        if (n % 500 == 0)
            check_against_rows(w, rows, n, now);
    }
    window_free(w);
}

static void clock_that_jumps(void **state)
{
    (void)state;
    struct window *w = window_new(CELLS);
    add(w, NOW, NOW, 1);
    add(w, NOW + 365 * 24 * HOUR, NOW + 365 * 24 * HOUR, 2);
    assert_int_equal(window_totals(w, WINDOW_24H)[1], 0);
    add(w, NOW, NOW, 3);
    assert_int_equal(window_totals(w, WINDOW_24H)[2], 0);
    assert_int_equal(window_totals(w, WINDOW_24H)[3], 1);
    add(w, -5 * HOUR, -5 * HOUR, 4); /* before 1970 */
    assert_int_equal(window_totals(w, WINDOW_15M)[4], 1);
    window_free(w);
}

static void fill(struct window *w, uint64_t seed, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t ms = NOW - (int64_t)(random_next(&seed) % (uint64_t)(20 * HOUR));
        size_t cell = random_next(&seed) % 3 ? 5 : random_next(&seed) % CELLS;
        add(w, ms, NOW, cell);
    }
}

static void assert_same(const struct window *a, const struct window *b)
{
    for (int i = 0; i < WINDOW_LEVELS; i++) {
        enum window_span span = (enum window_span)i;
        assert_int_equal(window_rows(a, span), window_rows(b, span));
        assert_memory_equal(window_totals(a, span), window_totals(b, span),
                            CELLS * sizeof(uint32_t));
    }
}

/* What the store holds after every dirty bucket was written gives the same window at start. */
static void restore_equals_what_was_packed(void **state)
{
    (void)state;
    struct window *w = window_new(CELLS), *back = window_new(CELLS);
    struct window_bucket b;
    size_t it = 0, n = 0;
    fill(w, 2, 5000);
    while (window_dirty(w, &it, &b)) {
        struct str packed;
        str_init(&packed, 0);
        assert_int_equal(window_pack(w, &b, &packed), 0);
        assert_int_equal(window_restore(back, b.level, b.start_ms, NOW, packed.data, packed.length),
                         0);
        window_clean(w, &b);
        str_done(&packed);
        n++;
    }
    assert_true(n > 30);
    assert_same(w, back);
    it = 0;
    assert_false(window_dirty(w, &it, &b));
    it = 0;
    assert_false(window_dirty(back, &it, &b));
    add(back, NOW, NOW, 0);
    it = n = 0;
    while (window_dirty(back, &it, &b))
        n++;
    assert_int_equal(n, WINDOW_LEVELS);
    window_free(w);
    window_free(back);
}

/* The store may hold what the ladder does not reach: yesterday, and after a wrong clock tomorrow. */
static void restore_within_reach_only(void **state)
{
    (void)state;
    struct window *w = window_new(CELLS);
    static uint32_t counts[CELLS] = {1};
    int64_t minute = NOW - NOW % MINUTE, hour = NOW - NOW % HOUR;
    struct str packed;
    str_init(&packed, 0);
    assert_int_equal(window_pack_counts(counts, CELLS, 1, &packed), 0);
    static const struct {
        enum window_span level;
        int64_t buckets;
        int want;
    } cases[] = {
        {WINDOW_15M, 2, 0},          {WINDOW_15M, 3, ERR_ABSENT},   {WINDOW_15M, -14, 0},
        {WINDOW_24H, -23, 0},        {WINDOW_15M, -15, ERR_ABSENT}, {WINDOW_24H, -24, ERR_ABSENT},
        {WINDOW_24H, 1, ERR_ABSENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t start = (cases[i].level == WINDOW_15M ? minute : hour) +
                        cases[i].buckets * window_bucket_ms(cases[i].level);
        assert_int_equal(window_restore(w, cases[i].level, start, NOW, packed.data, packed.length),
                         cases[i].want);
    }
    assert_int_equal(window_restore(w, WINDOW_15M, minute + 1, NOW, packed.data, packed.length),
                     ERR_INVALID);
    assert_int_equal(window_rows(w, WINDOW_15M), 2);
    assert_int_equal(window_rows(w, WINDOW_24H), 1);
    str_done(&packed);
    window_free(w);
}

static void merge_equals_concatenation(void **state)
{
    (void)state;
    struct window *one = window_new(CELLS), *two = window_new(CELLS), *both = window_new(CELLS);
    fill(one, 3, 3000);
    fill(two, 4, 4000);
    fill(both, 4, 4000);
    fill(both, 3, 3000);
    assert_int_equal(window_merge(one, two, NOW), 0);
    assert_same(one, both);
    struct window *other = window_new(CELLS + 1);
    assert_int_equal(window_merge(one, other, NOW), ERR_INVALID);
    window_free(one);
    window_free(two);
    window_free(both);
    window_free(other);
}

static void packing_is_small_and_exact(void **state)
{
    (void)state;
    static uint32_t counts[CELLS], back[CELLS];
    uint64_t rows;
    counts[0] = UINT32_MAX;
    counts[7] = 1;
    counts[8] = 63;
    counts[500] = 65536;
    struct str packed;
    str_init(&packed, 0);
    assert_int_equal(window_pack_counts(counts, CELLS, 12345678901, &packed), 0);
    assert_true(packed.length < 32);
    memset(back, 0xff, sizeof back);
    assert_int_equal(window_unpack(packed.data, packed.length, back, CELLS, &rows), 0);
    assert_memory_equal(back, counts, sizeof counts);
    assert_int_equal(rows, 12345678901);
    assert_int_equal(window_unpack(packed.data, packed.length, back, CELLS - 1, NULL), ERR_DATA);
    for (size_t cut = 0; cut < packed.length; cut++)
        assert_int_equal(window_unpack(packed.data, cut, back, CELLS, NULL), ERR_DATA);
    packed.data[0] = 9;
    assert_int_equal(window_unpack(packed.data, packed.length, back, CELLS, NULL), ERR_VERSION);
    str_done(&packed);
}

static void hostile_bytes(void **state)
{
    (void)state;
    uint64_t random = 5;
    uint32_t back[4];
    unsigned char bytes[24];
    for (int round = 0; round < 200000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)random_next(&random);
        bytes[0] = 1;
        bytes[1] = 4;
        window_unpack(bytes, random_next(&random) % sizeof bytes, back, 4, NULL);
    }
    static const unsigned char overflow[] = {1,    4,    0,    0xfe, 0xff, 0xff, 0xff,
                                             0xff, 0xff, 0xff, 0xff, 0xff, 1};
    assert_int_equal(window_unpack(overflow, sizeof overflow, back, 4, NULL), ERR_DATA);
}

/* Narrow, middle and wide pages; minutes of one side only are left out. */
static void only_common_minutes(void **state)
{
    (void)state;
    static uint32_t a[CELLS], b[CELLS], bucket[2];
    struct window *stable = window_new(CELLS), *canary = window_new(CELLS);
    uint64_t rows[2], n;
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < (i == 9 ? 70000 : 300); k++)
            add(stable, NOW + i * MINUTE, NOW + 9 * MINUTE, 5);
        if (i >= 7)
            add(canary, NOW + i * MINUTE, NOW + 9 * MINUTE, 599);
    }
    window_common(stable, canary, WINDOW_15M, a, b, rows);
    assert_true(rows[0] == 70600 && rows[1] == 3);
    assert_true(a[5] == 70600 && b[599] == 3 && a[599] == 0 && b[5] == 0);
    /* The last of them is a minute ahead of the clock of one side. */
    window_common(canary, stable, WINDOW_15M, b, a, rows);
    assert_true(rows[0] == 3 && rows[1] == 70600);
    assert_true(window_bucket_counts(stable, WINDOW_15M, NOW + 9 * MINUTE, 4, 2, bucket, &n));
    assert_true(bucket[0] == 0 && bucket[1] == 70000 && n == 70000);
    assert_true(window_bucket_counts(canary, WINDOW_15M, NOW + 8 * MINUTE, 599, 1, bucket, NULL));
    assert_int_equal(bucket[0], 1);
    assert_false(window_bucket_counts(canary, WINDOW_15M, NOW, 599, 1, bucket, &n));
    assert_true(bucket[0] == 0 && n == 0);
    window_free(stable);
    window_free(canary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_common_minutes),
        cmocka_unit_test(fate_of_a_row),
        cmocka_unit_test(old_rows_count_in_coarser_levels),
        cmocka_unit_test(counters_widen),
        cmocka_unit_test(evict_equals_never_inserted),
        cmocka_unit_test(clock_that_jumps),
        cmocka_unit_test(restore_equals_what_was_packed),
        cmocka_unit_test(restore_within_reach_only),
        cmocka_unit_test(merge_equals_concatenation),
        cmocka_unit_test(packing_is_small_and_exact),
        cmocka_unit_test(hostile_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
