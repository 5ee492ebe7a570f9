/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fuzz target over its seeds, which are the cases' inputs, and over beginnings of them: what a
 * half-written file looks like.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "driftop/base/str.h"
#include "support.h"

#define STEP 29

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* From an allocation of that very size, so that a sanitizer sees one byte too many. */
static void feed(const char *bytes, size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    assert_int_equal(LLVMFuzzerTestOneInput(copy, length), 0);
    free(copy);
}

static void test_corpus(void **state)
{
    char pattern[512];
    glob_t found;
    (void)state;
    support_source(pattern, sizeof pattern, "tests/fixtures/config/*/*/input.yaml");
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct str input;
        str_init(&input, 0);
        support_read(found.gl_pathv[i], &input);
        for (size_t length = 0; length < input.length; length += STEP)
            feed(input.data, length);
        feed(input.data, input.length);
        str_done(&input);
    }
    globfree(&found);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_corpus)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
