/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CSV that no fixture can hold: records over the ceiling, and random bytes that must give the same
 * rows and errors however they are cut into pieces.
 */
#include "driftop/wire/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "driftop/base/err.h"
#include "driftop/base/hash.h"
#include "driftop/base/str.h"

/* All that comes out, as one number. */
static uint64_t drain(struct csv *c, uint64_t sum)
{
    struct csv_row row;
    struct err e;
    int code;
    while ((code = csv_next(c, &row, &e)) != CSV_MORE) {
        sum = hash_fast(&code, sizeof code, sum);
        sum = hash_fast(&row.offset, sizeof row.offset, sum);
        sum = hash_fast(&row.end_offset, sizeof row.end_offset, sum);
        sum = hash_fast(&row.line, sizeof row.line, sum);
        for (size_t i = 0; code == CSV_ROW && i < row.n_cells; i++)
            sum = hash_fast(row.cells[i].data, row.cells[i].length, sum);
        if (code < 0) {
            sum = hash_fast(&e.line, sizeof e.line, sum);
            sum = hash_fast(&e.column, sizeof e.column, sum);
        }
    }
    return sum;
}

static uint64_t read_in_pieces(const struct str *s, size_t step)
{
    struct csv *c = csv_new(&(struct csv_options){.no_header = true});
    uint64_t sum = 1;
    for (size_t at = 0; at < s->length; at += step) {
        size_t n = s->length - at < step ? s->length - at : step;
        assert_int_equal(csv_feed(c, s->data + at, n, at + n == s->length), 0);
        sum = drain(c, sum);
    }
    assert_int_equal(csv_offset(c), s->length);
    csv_free(c);
    return sum;
}

static void test_any_bytes(void **state)
{
    static const char bytes[] = "aa,,\"\"\"\n\n\r\xef\xbb\xbf";
    uint64_t random = 42;
    struct str s;
    (void)state;
    str_init(&s, 0);
    for (int round = 0; round < 3000; round++) {
        str_clear(&s);
        for (int i = 0; i < 40; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            str_add_char(&s, bytes[(random >> 33) % (sizeof bytes - 1)]);
        }
        uint64_t whole = read_in_pieces(&s, s.length);
        for (size_t step = 1; step < 6; step++)
            if (read_in_pieces(&s, step) != whole)
                fail_msg("cut into %zu bytes it is read otherwise: %s", step, s.data);
    }
    str_done(&s);
}

/* An open quote swallows no more than the ceiling, and reading goes on with the next line. */
static void test_ceiling(void **state)
{
    static const size_t steps[] = {(size_t)1 << 16, (size_t)1 << 23};
    struct str s;
    (void)state;
    str_init(&s, 0);
    str_add(&s, "a,b\n1,\"open\n");
    while (s.length < 2 * CSV_RECORD_BYTES)
        str_add(&s, "2,2\n");
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        struct csv *c = csv_new(NULL);
        size_t rows = 0, limits = 0, others = 0;
        for (size_t at = 0; at < s.length; at += steps[k]) {
            struct csv_row row;
            int code;
            size_t n = s.length - at < steps[k] ? s.length - at : steps[k];
            assert_int_equal(csv_feed(c, s.data + at, n, at + n == s.length), 0);
            while ((code = csv_next(c, &row, NULL)) != CSV_MORE) {
                rows += code == CSV_ROW;
                limits += code == ERR_LIMIT;
                others += code < 0 && code != ERR_LIMIT;
            }
        }
        assert_int_equal(limits, 1);
        assert_int_equal(others, 0);
        assert_true(rows > CSV_RECORD_BYTES / 8);
        csv_free(c);
    }
    str_done(&s);
}

/* The piece before must be used up. */
static void test_order(void **state)
{
    struct csv *c = csv_new(NULL);
    struct csv_row row;
    size_t n;
    (void)state;
    assert_int_equal(csv_feed(c, "a,b\n1,2\n3,", 10, false), 0);
    assert_int_equal(csv_feed(c, "x", 1, false), ERR_INVALID);
    assert_int_equal(csv_next(c, &row, NULL), CSV_ROW);
    assert_int_equal(csv_next(c, &row, NULL), CSV_MORE);
    assert_int_equal(csv_offset(c), 8);
    assert_int_equal(csv_column(c, "b"), 1);
    assert_int_equal(csv_column(c, "c"), -1);
    assert_non_null(csv_header(c, &n));
    assert_int_equal(n, 2);
    assert_int_equal(csv_feed(c, "4\n", 2, false), 0);
    assert_int_equal(csv_next(c, &row, NULL), CSV_ROW);
    assert_true(span_is(row.cells[1], "4"));
    csv_clear(c);
    assert_null(csv_header(c, &n));
    csv_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_any_bytes),
                                       cmocka_unit_test(test_ceiling),
                                       cmocka_unit_test(test_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
