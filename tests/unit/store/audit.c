/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <sys/mount.h>
#include <sys/resource.h>

#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/store/audit.h"

#define FIRST "0000000000000000000000000000000000000000000000000000000000000000"

static const char *log_path(struct world *w)
{
    return audit_path(w->store, w->other, sizeof w->other);
}

static int append(const char *path, const char *act, const char *state, char *ret_hash,
                  struct err *e)
{
    struct audit_event event = {.at_ms = 1795262400250, .by = "ann (claimed; \"sudo\" root)"};
    str_copy(event.act, sizeof event.act, act);
    str_copy(event.state, sizeof event.state, state);
    event.body = json_new_object();
    json_put(event.body, "to", json_new_text("41\n\x1b"));
    struct json *inner = json_new_object();
    json_put(inner, "x", json_new_int(1));
    json_put(inner, "hash", json_new_text("beef"));
    json_put(event.body, "plan", inner);
    int rc = audit_append(path, &event, e);
    json_drop(event.body);
    if (ret_hash)
        str_copy(ret_hash, HASH_HEX_SIZE, event.hash);
    return rc;
}

static void append_ok(const char *path, const char *act, const char *state)
{
    struct err e = {0};
    if (append(path, act, state, NULL, &e) < 0)
        fail_msg("%s", e.text);
}

static void read_text(const char *path, struct str *ret)
{
    str_init(ret, 0);
    assert_int_equal(path_read(path, ret, NULL), 0);
}

static void write_text(const char *path, const char *text, size_t length)
{
    assert_int_equal(path_write(path, text, length, 0644, NULL), 0);
}

static void test_append_and_read(void **state)
{
    struct world *w = *state;
    struct audit_log log;
    char head[HASH_HEX_SIZE];
    size_t events = 9;
    const char *path = log_path(w);
    assert_non_null(strstr(path, "test.db-audit.jsonl"));
    assert_int_equal(audit_read(path, &log, NULL), 0);
    assert_int_equal(log.n_events, 0);
    assert_string_equal(log.head, FIRST);
    audit_log_done(&log);
    assert_int_equal(audit_verify(path, NULL, &events, NULL), 0);
    assert_int_equal(events, 0);
    append_ok(path, "1184", "planned");
    append_ok(path, "1185", "planned");
    assert_int_equal(append(path, "1184", "sent", head, NULL), 0);
    assert_int_equal(audit_read(path, &log, NULL), 0);
    assert_int_equal(log.n_events, 3);
    assert_string_equal(log.head, head);
    assert_string_equal(log.events[0].previous, FIRST);
    assert_string_equal(log.events[2].previous, log.events[1].hash);
    assert_string_equal(log.events[2].act, "1184");
    assert_string_equal(log.events[2].state, "sent");
    assert_int_equal(log.events[2].seq, 2);
    assert_int_equal(log.events[1].seq, 1);
    assert_int_equal(log.events[2].at_ms, 1795262400250);
    assert_string_equal(log.events[2].by, "ann (claimed; \"sudo\" root)");
    assert_string_equal(json_text(json_get(log.events[2].body, "to"), NULL), "41\n\x1b");
    audit_log_done(&log);
    assert_int_equal(audit_verify(path, head, &events, NULL), 0);
    assert_int_equal(events, 3);
}

/* The line as the header promises it; and its hash, by somebody else's SHA-256. */
static void test_format(void **state)
{
    const char *path = log_path(*state);
    struct str text;
    char hash[HASH_HEX_SIZE];
    append_ok(path, "a", "planned");
    read_text(path, &text);
    const char *start = "{\"act\":\"a\",\"seq\":1,\"state\":\"planned\",\"at\":"
                        "\"2026-11-21T12:00:00.250Z\",\"by\":\"ann (claimed; \\\"sudo\\\" root)\","
                        "\"body\":{\"to\":\"41\\n\\u001B\",\"plan\":{\"x\":1,\"hash\":\"beef\"}},"
                        "\"previous\":\"" FIRST "\"";
    assert_memory_equal(text.data, start, strlen(start));
    hash_sha256(text.data, strlen(start), hash);
    assert_memory_equal(text.data + strlen(start), ",\"hash\":\"", 9);
    assert_memory_equal(text.data + strlen(start) + 9, hash, 64);
    assert_string_equal(text.data + strlen(start) + 73, "\"}\n");
    str_done(&text);
}

static void test_refuses(void **state)
{
    const char *path = log_path(*state);
    struct err e = {0};
    assert_int_equal(append(path, "", "planned", NULL, &e), ERR_INVALID);
    assert_int_equal(append(path, "a\"b", "planned", NULL, &e), ERR_INVALID);
    assert_int_equal(append(path, "a", "pla nned", NULL, &e), ERR_INVALID);
    assert_int_equal(append("/nowhere/at/all", "a", "planned", NULL, &e), ERR_ABSENT);
    struct audit_event event = {.act = "a", .state = "planned"};
    char *large = malloc(2 << 20);
    memset(large, 'x', (2 << 20) - 1);
    large[(2 << 20) - 1] = '\0';
    event.body = json_new_text(large);
    assert_int_equal(audit_append(path, &event, &e), ERR_LIMIT);
    json_drop(event.body);
    free(large);
    append_ok(path, "a", "planned");
    assert_int_equal(audit_verify(path, NULL, NULL, &e), 0);
}

/* Every single byte, each in turn made another one. */
static void test_any_changed_byte(void **state)
{
    const char *path = log_path(*state);
    struct str text;
    struct err e = {0};
    size_t events;
    for (int i = 0; i < 3; i++)
        append_ok(path, "a", "planned");
    read_text(path, &text);
    for (size_t i = 0; i < text.length; i++) {
        char was = text.data[i];
        text.data[i] = was == '0' ? '1' : '0';
        write_text(path, text.data, text.length);
        text.data[i] = was;
        if (audit_verify(path, NULL, &events, &e) != ERR_CHAIN)
            fail_msg("byte %zu was changed and nobody noticed", i);
        assert_true(e.line >= 1 && e.line <= 4);
    }
    str_done(&text);
}

static void test_lines_moved(void **state)
{
    const char *path = log_path(*state);
    struct str text;
    char line[3][2048], heads[3][HASH_HEX_SIZE];
    struct err e = {0};
    struct str wrong;
    for (int i = 0; i < 3; i++)
        assert_int_equal(append(path, "a", "planned", heads[i], NULL), 0);
    read_text(path, &text);
    char *at = text.data;
    for (int i = 0; i < 3; i++) {
        size_t length = (size_t)(strchr(at, '\n') - at) + 1;
        memcpy(line[i], at, length);
        line[i][length] = '\0';
        at += length;
    }
    const int orders[][3] = {{1, 0, 2}, {0, 2, 1}, {0, 2, -1}, {1, 2, -1}, {0, 0, 1}};
    const int faults[] = {1, 2, 2, 1, 2};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        str_init(&wrong, 0);
        for (int k = 0; k < 3 && orders[i][k] >= 0; k++)
            str_add(&wrong, line[orders[i][k]]);
        write_text(path, wrong.data, wrong.length);
        str_done(&wrong);
        assert_int_equal(audit_verify(path, NULL, NULL, &e), ERR_CHAIN);
        assert_int_equal(e.line, faults[i]);
    }
    /* A cut end is a shorter chain: only a noted head tells. */
    write_text(path, text.data, text.length - strlen(line[2]));
    assert_int_equal(audit_verify(path, NULL, NULL, &e), 0);
    assert_int_equal(audit_verify(path, heads[1], NULL, &e), 0);
    assert_int_equal(audit_verify(path, heads[0], NULL, &e), 0);
    assert_int_equal(audit_verify(path, heads[2], NULL, &e), ERR_CHAIN);
    assert_int_equal(audit_verify("/nowhere/at/all", heads[2], NULL, &e), ERR_CHAIN);
    str_done(&text);
}

/* Cut anywhere in the last line, as a killed writer leaves it: readers see what is whole, the next
 * event mends the file, and the chain holds. Each append waits for the disk, so the middle is taken
 * in larger steps. */
static void test_half_lines(void **state)
{
    const char *path = log_path(*state);
    struct str text;
    struct audit_log log;
    size_t events;
    append_ok(path, "a", "planned");
    read_text(path, &text);
    size_t whole = text.length;
    str_done(&text);
    append_ok(path, "a", "sent");
    read_text(path, &text);
    size_t step = 1;
    for (size_t length = whole; length <= text.length; length += step) {
        step = length + 12 < text.length ? 11 : 1;
        size_t expected = length >= text.length - 1 ? 2 : 1; /* only the newline is missing */
        write_text(path, text.data, length);
        assert_int_equal(audit_read(path, &log, NULL), 0);
        assert_int_equal(log.n_events, expected);
        audit_log_done(&log);
        assert_int_equal(audit_verify(path, NULL, &events, NULL), 0);
        assert_int_equal(events, expected);
        append_ok(path, "a", "verified");
        assert_int_equal(audit_verify(path, NULL, &events, NULL), 0);
        assert_int_equal(events, expected + 1);
    }
    /* A changed newline is no half line: the event stays, and is complained about. */
    text.data[text.length - 1] = 'x';
    write_text(path, text.data, text.length);
    append_ok(path, "a", "verified");
    struct str after;
    read_text(path, &after);
    assert_memory_equal(after.data, text.data, text.length);
    assert_int_equal(audit_verify(path, NULL, NULL, NULL), ERR_CHAIN);
    str_done(&after);
    str_done(&text);
}

static int append_many(void *ctx)
{
    const char *path = ctx;
    for (int i = 0; i < 60; i++) {
        if (append(path, "many", "sent", NULL, NULL) < 0)
            return 1;
    }
    return 0;
}

static void test_two_processes(void **state)
{
    char *path = audit_path(((struct world *)*state)->store, (char[128]){0}, 128);
    struct audit_log log;
    size_t events;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(append_many(path));
    assert_int_equal(append_many(path), 0);
    int status = -1;
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(audit_verify(path, NULL, &events, NULL), 0);
    assert_int_equal(events, 120);
    assert_int_equal(audit_read(path, &log, NULL), 0);
    for (size_t i = 0; i < log.n_events; i++)
        assert_int_equal(log.events[i].seq, i + 1);
    audit_log_done(&log);
}

static void fill_disk(const char *folder)
{
    char hog[128], block[4096] = {0};
    snprintf(hog, sizeof hog, "%s/hog", folder);
    int fd = open(hog, O_CREAT | O_WRONLY, 0644);
    while (write(fd, block, sizeof block) > 0)
        continue;
    close(fd);
}

static void test_full_disk(void **state)
{
    struct world *w = *state;
    const char *path = log_path(w);
    size_t events = 0;
    if (geteuid() != 0 || mount("tmpfs", w->folder, "tmpfs", 0, "size=1m") < 0) {
        print_message("skipped: a small tmpfs needs root\n");
        skip();
    }
    int rc = audit_prepare(path, NULL), last = 0, n = 0;
    fill_disk(w->folder);
    while (last == 0 && n < 10000) {
        last = append(path, "a", "sent", NULL, NULL);
        n += last == 0;
    }
    int chain = audit_verify(path, NULL, &events, NULL);
    umount(w->folder);
    assert_int_equal(rc, 0);
    assert_true(n > 100); /* events for many acts on a disk without a free block */
    assert_int_equal(last, ERR_FULL);
    assert_int_equal(chain, 0);
    assert_int_equal(events, n);
}

/* Where the write is cut short in the middle, nothing of the line stays. */
static int append_under_limit(void *ctx)
{
    struct world *w = ctx;
    char path[128];
    struct stat st;
    size_t events = 0;
    struct rlimit limit = {.rlim_max = RLIM_INFINITY};
    world_ignore_file_limit();
    audit_path(w->store, path, sizeof path);
    if (append(path, "a", "planned", NULL, NULL) < 0 || stat(path, &st) < 0)
        return 1;
    limit.rlim_cur = (rlim_t)st.st_size + 100;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (append(path, "a", "sent", NULL, NULL) != ERR_FULL)
        return 2;
    if (audit_verify(path, NULL, &events, NULL) < 0 || events != 1)
        return 3;
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (append(path, "a", "sent", NULL, NULL) < 0)
        return 4;
    return audit_verify(path, NULL, &events, NULL) < 0 || events != 2 ? 5 : 0;
}

static void test_size_limit(void **state)
{
    assert_int_equal(world_in_child(append_under_limit, *state), 0);
}

static int append_as_nobody(void *ctx)
{
    struct err e = {0};
    if (!world_become_nobody())
        return 1;
    if (append(ctx, "a", "sent", NULL, &e) != ERR_DENIED || audit_prepare(ctx, &e) != ERR_DENIED)
        return 2;
    return audit_verify(ctx, NULL, NULL, &e) < 0 ? 3 : 0;
}

static void test_read_only(void **state)
{
    struct world *w = *state;
    char path[128];
    audit_path(w->store, path, sizeof path);
    append_ok(path, "a", "planned");
    chmod(path, 0444);
    assert_int_equal(world_in_child(append_as_nobody, path), 0);
}

int main(void)
{
#define AUDIT_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        AUDIT_TEST(test_append_and_read), AUDIT_TEST(test_format),
        AUDIT_TEST(test_refuses),         AUDIT_TEST(test_any_changed_byte),
        AUDIT_TEST(test_lines_moved),     AUDIT_TEST(test_half_lines),
        AUDIT_TEST(test_two_processes),   AUDIT_TEST(test_full_disk),
        AUDIT_TEST(test_size_limit),      AUDIT_TEST(test_read_only),
    };
    return cmocka_run_group_tests_name("store-audit", tests, NULL, NULL);
}
