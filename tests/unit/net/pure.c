/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of net that touch no socket: requests as data, lines, the gate, redaction.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "driftop/net/auth.h"
#include "driftop/net/gate.h"
#include "driftop/net/line.h"
#include "driftop/net/msg.h"

static void test_request_is_copied_whole(void **state)
{
    (void)state;
    struct net_request r, copy;
    net_request_init(&r, NET_HTTP);
    net_request_method(&r, "POST");
    net_request_address(&r, "http://%s:%d/", "h", 1);
    net_request_header(&r, "A", "b");
    str_add_bytes(&r.body, "x\0y", 3);
    r.flags = NET_MUTATING;
    r.ceiling_bytes = 7;
    assert_int_equal(net_request_copy(&r, &copy), 0);
    net_request_done(&r);
    assert_string_equal(copy.method, "POST");
    assert_string_equal(copy.address, "http://h:1/");
    assert_int_equal(copy.n_headers, 1);
    assert_string_equal(copy.headers[0].value, "b");
    assert_memory_equal(copy.body.data, "x\0y", 4);
    assert_int_equal(copy.flags, NET_MUTATING);
    assert_int_equal(copy.ceiling_bytes, 7);
    net_request_done(&copy);
}

static void test_what_could_smuggle_is_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", "A:", "A\n"}, *const methods[] = {"", "get", "GET /"};
    for (size_t i = 0; i < 3; i++) {
        struct net_request r;
        net_request_init(&r, NET_HTTP);
        net_request_header(&r, names[i], "v");
        assert_true(r.failed);
        net_request_done(&r);
        net_request_method(&r, methods[i]);
        assert_true(r.failed);
        assert_string_equal(r.method, "GET");
        net_request_done(&r);
    }
}

static void test_percent_encode(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 0);
    assert_int_equal(net_percent_encode(&s, "a/b c:\xc3\xa4-._~%"), 0);
    assert_string_equal(s.data, "a%2Fb%20c%3A%C3%A4-._~%25");
    str_done(&s);
}

/* Feed text in pieces of n bytes; join the lines with '|'. */
static void split(struct line *l, const char *text, size_t n, struct str *ret)
{
    const char *line;
    size_t length, total = strlen(text);
    for (size_t at = 0; at < total; at += n) {
        line_feed(l, text + at, total - at < n ? total - at : n);
        while (line_next(l, &line, &length)) {
            str_add_bytes(ret, line, length);
            str_add_char(ret, '|');
        }
    }
}

static void test_lines_in_any_pieces(void **state)
{
    (void)state;
    const char *text = "one\n\ntwo\r\nlonger than ten\nexactly10!\nlast";
    for (size_t n = 1; n < 45; n++) {
        struct line l;
        struct str out;
        const char *rest;
        size_t length;
        line_init(&l, 10);
        str_init(&out, 0);
        split(&l, text, n, &out);
        assert_string_equal(out.data, "one||two|exactly10!|");
        assert_int_equal(l.n_too_long, 1);
        assert_int_equal(l.consumed_bytes, strlen(text) - 4);
        assert_int_equal(l.partial_bytes, 4);
        assert_true(line_rest(&l, &rest, &length));
        assert_int_equal(length, 4);
        assert_memory_equal(rest, "last", 4);
        assert_int_equal(l.consumed_bytes, strlen(text));
        assert_false(line_rest(&l, &rest, &length));
        line_done(&l);
        str_done(&out);
    }
}

static void test_line_without_end_is_not_held(void **state)
{
    (void)state;
    static char block[65536];
    struct line l;
    const char *text;
    size_t length;
    memset(block, 'x', sizeof block);
    line_init(&l, 1000);
    for (int i = 0; i < 100; i++) {
        line_feed(&l, block, sizeof block);
        assert_false(line_next(&l, &text, &length));
        assert_true(l.pending.capacity <= 2048);
    }
    assert_false(line_rest(&l, &text, &length));
    assert_int_equal(l.n_too_long, 1);
    line_feed(&l, "ok\n", 3);
    assert_true(line_next(&l, &text, &length));
    assert_int_equal(length, 2);
    line_reset(&l);
    line_done(&l);
}

static bool is_read(enum net_transport transport, const char *method, const char *text,
                    unsigned flags)
{
    struct net_request r;
    net_request_init(&r, transport);
    r.flags = flags;
    if (transport == NET_HTTP) {
        net_request_method(&r, method);
        net_request_address(&r, "%s", text);
    } else {
        str_add(&r.body, text);
    }
    bool read = net_is_read(&r);
    assert_int_equal(net_gate(&r, false, NULL), read ? 0 : ERR_REFUSED);
    assert_int_equal(net_gate(&r, true, NULL), read || (flags & NET_MUTATING) ? 0 : ERR_INVALID);
    net_request_done(&r);
    return read;
}

static void test_gate(void **state)
{
    (void)state;
    assert_true(is_read(NET_HTTP, "GET", "http://h/x", 0));
    assert_true(is_read(NET_HTTP, "HEAD", "http://h/x", 0));
    assert_true(is_read(NET_HTTP, "POST", "http://h/v2/repository/index?x=1", 0));
    assert_false(is_read(NET_HTTP, "POST", "http://h/v2/repository/index/load", 0));
    assert_false(is_read(NET_HTTP, "POST", "http://h/x?y=/v2/repository/index", 0));
    assert_false(is_read(NET_HTTP, "POST", "http://h/x#/v2/repository/index", 0));
    assert_false(is_read(NET_HTTP, "GET", "http://h/x", NET_MUTATING));
    assert_false(is_read(NET_HTTP, "PUT", "http://h/x", NET_MUTATING));
    assert_true(is_read(NET_STREAM, "", "show stat\n", 0));
    assert_true(is_read(NET_STREAM, "", "set severity-output number;get weight a/b\n", 0));
    assert_true(is_read(NET_STREAM, "", "show info; show stat", 0));
    assert_false(is_read(NET_STREAM, "", "set weight a/b 1\n", 0));
    assert_false(is_read(NET_STREAM, "", "show stat;set weight a/b 1\n", 0));
    assert_false(is_read(NET_STREAM, "", "show stat\nshutdown sessions\n", 0));
    assert_false(is_read(NET_STREAM, "", "show stat\\;set weight a/b 1\n", 0));
    assert_false(is_read(NET_STREAM, "", "showstat\n", 0));
    assert_false(is_read(NET_STREAM, "", "", 0));
    assert_false(is_read(NET_STREAM, "", "show stat\n", NET_MUTATING));
}

static void check_redacted(const char *url, const char *expected)
{
    struct str s;
    str_init(&s, 0);
    assert_int_equal(auth_redact_url(&s, url), 0);
    assert_string_equal(s.data, expected);
    str_done(&s);
}

static void test_redaction(void **state)
{
    (void)state;
    check_redacted("http://h:1/p", "http://h:1/p");
    check_redacted("http://u:p@h:1/p?a=1&b", "http://***@h:1/p?a=1&b");
    check_redacted("http://u:p@ss@h/", "http://***@h/");
    check_redacted("u:p@h/x", "***@h/x");
    check_redacted("http://h/?api_key=1&x=2&Token=3&X-Amz-Signature=4#frag=5",
                   "http://h/?api_key=***&x=2&Token=***&X-Amz-Signature=***");
    check_redacted("http://h/a@b?x@y", "http://h/a@b?x@y");
    check_redacted("/run/haproxy.sock", "/run/haproxy.sock");
    check_redacted("", "");
    assert_true(auth_is_secret_header("Authorization"));
    assert_true(auth_is_secret_header("X-API-Key"));
    assert_true(auth_is_secret_header("cookie"));
    assert_false(auth_is_secret_header("Content-Type"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_is_copied_whole),
        cmocka_unit_test(test_what_could_smuggle_is_refused),
        cmocka_unit_test(test_percent_encode),
        cmocka_unit_test(test_lines_in_any_pieces),
        cmocka_unit_test(test_line_without_end_is_not_held),
        cmocka_unit_test(test_gate),
        cmocka_unit_test(test_redaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
