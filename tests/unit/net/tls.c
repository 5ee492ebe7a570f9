/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * TLS is verified unless somebody says otherwise. Against openssl's own test server, where that is
 * installed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <unistd.h>

#include "driftop/base/path.h"
#include "driftop/loop/child.h"
#include "world.h"

#define OPENSSL "/usr/bin/openssl"

static void on_made(struct loop *loop, struct loop_id id, struct child_result *result, void *ctx)
{
    (void)loop, (void)id;
    assert_int_equal(result->exit_status, 0);
    *(bool *)ctx = true;
}

static void make_certificate(struct loop *loop, const char *folder)
{
    const char *argv[] = {OPENSSL,
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:P-256",
                          "-nodes",
                          "-keyout",
                          "key",
                          "-out",
                          "crt",
                          "-days",
                          "2",
                          "-subj",
                          "/CN=test",
                          "-addext",
                          "subjectAltName=IP:127.0.0.1",
                          NULL};
    struct child_options options = {.argv = argv, .folder = folder};
    struct loop_id id;
    bool made = false;
    assert_int_equal(child_run(loop, &options, on_made, &made, &id, NULL), 0);
    WAIT_FOR(loop, made);
}

/* The port that the server's log names once it listens, 0 until then. */
static int port_in(const char *log)
{
    struct str text;
    str_init(&text, 65536);
    int port = 0;
    if (path_read(log, &text, NULL) == 0) {
        const char *line = strstr(text.data, "ACCEPT 127.0.0.1:");
        if (line != NULL && strchr(line, '\n') != NULL)
            port = (int)strtol(line + strlen("ACCEPT 127.0.0.1:"), NULL, 10);
    }
    str_done(&text);
    return port;
}

static int ask_tls(struct world *w, const char *method, int port, const struct net_access *access)
{
    struct net_request r = world_request(w, method, "/");
    net_request_address(&r, "https://127.0.0.1:%d/", port);
    return world_send(w, &r, access);
}

static void test_verified_by_default(void **state)
{
    struct world *w = *state;
    if (access(OPENSSL, X_OK) < 0)
        skip();
    char folder[] = "/tmp/driftop-tls-XXXXXX", crt[64], key[64], log[64];
    int pid, port = 0;
    assert_non_null(mkdtemp(folder));
    snprintf(crt, sizeof crt, "%s/crt", folder);
    snprintf(key, sizeof key, "%s/key", folder);
    snprintf(log, sizeof log, "%s/log", folder);
    make_certificate(w->loop, folder);
    const char *argv[] = {OPENSSL, "s_server", "-accept", "127.0.0.1:0", "-cert",
                          crt,     "-key",     key,       "-www",        NULL};
    assert_int_equal(child_detach(w->loop, argv, NULL, log, &pid, NULL), 0);
    WAIT_FOR(w->loop, (port = port_in(log)) != 0);
    assert_int_equal(ask_tls(w, "POST", port, NULL), ERR_CONNECT);
    assert_int_equal(w->reply.outcome, NET_BEFORE_SEND);
    assert_int_equal(ask_tls(w, "GET", port, &(struct net_access){.ca_file = crt}), 0);
    assert_int_equal(w->reply.status, 200);
    assert_int_equal(ask_tls(w, "GET", port, &(struct net_access){.insecure = true}), 0);
    /* A connection that was made without verifying is not used by who asks for it. */
    assert_int_equal(ask_tls(w, "GET", port, NULL), ERR_CONNECT);
    assert_true(ask_tls(w, "GET", port, &(struct net_access){.ca_file = log}) < 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(path_remove_tree(folder, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_verified_by_default)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
