/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../../../src/base/siphash_private.h"

static void test_sha256_of_the_standard(void **state)
{
    char buf[HASH_HEX_SIZE];

    (void)state;
    assert_string_equal(hash_sha256("", 0, buf),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(hash_sha256("abc", 3, buf),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(hash_sha256(NULL, 0, buf),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_pieces_give_the_same(void **state)
{
    char whole[HASH_HEX_SIZE], pieces[HASH_HEX_SIZE];
    unsigned char bytes[1000];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7);
    hash_sha256(bytes, sizeof bytes, whole);
    for (size_t step = 1; step < sizeof bytes; step += 97) {
        struct hash_stream *h = hash_stream_new();

        assert_non_null(h);
        for (size_t at = 0; at < sizeof bytes; at += step)
            hash_stream_add(h, bytes + at, at + step < sizeof bytes ? step : sizeof bytes - at);
        assert_string_equal(hash_stream_end(h, pieces), whole);
    }
}

static void test_no_stream_gives_no_hash(void **state)
{
    char buf[HASH_HEX_SIZE] = "x";

    (void)state;
    hash_stream_add(NULL, "abc", 3);
    assert_string_equal(hash_stream_end(NULL, buf), "");
}

static void test_fast_is_fnv_1a(void **state)
{
    (void)state;
    assert_true(hash_fast("", 0, 0) == 0xcbf29ce484222325);
    assert_true(hash_fast("a", 1, 0) == 0xaf63dc4c8601ec8c);
    assert_true(hash_fast("foobar", 6, 0) == 0x85944171f73967e8);
    assert_true(hash_fast("foobar", 6, 1) != hash_fast("foobar", 6, 0));
}

/* The vector of the paper's appendix: key 00..0f, message 00..0e. */
static void test_siphash_of_the_paper(void **state)
{
    const struct siphash_key key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    unsigned char message[15];

    (void)state;
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)i;
    assert_true(siphash(key, message, sizeof message) == 0xa129ca6149be45e5);
    assert_true(siphash(key, message, 0) == 0x726fdb47dd0e0e31);
    assert_true(siphash(key, message, 8) == 0x93f5f5799a932462);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_of_the_standard),  cmocka_unit_test(test_pieces_give_the_same),
        cmocka_unit_test(test_no_stream_gives_no_hash), cmocka_unit_test(test_fast_is_fnv_1a),
        cmocka_unit_test(test_siphash_of_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
