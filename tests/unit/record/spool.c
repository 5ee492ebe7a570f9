/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The spool: what was answered with 200 is there after a restart, in order and whole; what was not
 * is not there at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../src/record/spool.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"

#define MEBIBYTE ((uint64_t)1 << 20)

struct world {
    char folder[64], store[96];
    struct spool spool;
    struct str seen; /* "AT NAME=VALUE BODY;" of each record that came back */
    int fail_at;     /* which one is refused; 0: none */
    int n_seen;
};

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    snprintf(w->folder, sizeof w->folder, "/tmp/driftop-spool-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->store, sizeof w->store, "%s/test.db", w->folder);
    w->spool.fd = -1;
    str_init(&w->seen, 0);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    spool_close(&w->spool);
    str_done(&w->seen);
    int code = path_remove_tree(w->folder, NULL);
    free(w);
    return code;
}

static void open_spool(struct world *w, uint64_t segment, uint64_t limit)
{
    struct err e = {0};
    spool_close(&w->spool);
    if (spool_open(&w->spool, w->store, segment, limit, &e) < 0)
        fail_msg("%s", e.text);
}

static int append(struct world *w, int64_t at_ms, const char *body, size_t length)
{
    const struct spool_record record = {.at_ms = at_ms,
                                        .names = {"ce-type", "ce-id"},
                                        .values = {"row: a b", ""},
                                        .n_headers = 2,
                                        .body = body,
                                        .length = length};
    return spool_append(&w->spool, &record, NULL);
}

static int see(void *ctx, const struct spool_record *record)
{
    struct world *w = ctx;
    if (++w->n_seen == w->fail_at)
        return ERR_FULL;
    str_addf(&w->seen, "%lld", (long long)record->at_ms);
    for (size_t i = 0; i < record->n_headers; i++)
        str_addf(&w->seen, " %s=%s", record->names[i], record->values[i]);
    str_addf(&w->seen, " %zu:%.*s;", record->length, (int)record->length, record->body);
    return 0;
}

static const char *replay(struct world *w)
{
    struct err e = {0};
    str_clear(&w->seen);
    w->n_seen = 0;
    if (spool_replay(&w->spool, see, w, &e) < 0)
        fail_msg("%s", e.text);
    return w->seen.data;
}

static char *segment_path(struct world *w, uint64_t segment, char buf[128])
{
    snprintf(buf, 128, "%s.spool.%llu", w->store, (unsigned long long)segment);
    return buf;
}

static void write_segment(struct world *w, uint64_t segment, const char *text)
{
    char path[128];
    FILE *f = fopen(segment_path(w, segment, path), "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static off_t size_of(struct world *w, uint64_t segment)
{
    char path[128];
    struct stat st;
    return stat(segment_path(w, segment, path), &st) == 0 ? st.st_size : -1;
}

static void what_was_taken_comes_back(void **state)
{
    struct world *w = *state;
    open_spool(w, 0, MEBIBYTE);
    assert_string_equal(replay(w), "");
    assert_int_equal(append(w, 1, "{}", 2), 0);
    /* Bodies may hold lines, what looks like a record, and NUL bytes. */
    assert_int_equal(append(w, 2, "a\nDT1 1 0 0\n", 12), 0);
    assert_int_equal(append(w, 3, "x\0y", 3), 0);
    assert_int_equal(append(w, 4, "", 0), 0);
    open_spool(w, 0, MEBIBYTE);
    replay(w);
    assert_int_equal(w->n_seen, 4);
    assert_non_null(strstr(w->seen.data, "1 ce-type=row: a b ce-id= 2:{};2 "));
    assert_non_null(strstr(w->seen.data, " 12:a\nDT1 1 0 0\n;3 "));
    /* And what comes then stands behind. */
    assert_int_equal(append(w, 5, "{}", 2), 0);
    replay(w);
    assert_int_equal(w->n_seen, 5);
    struct stat st;
    char path[128];
    assert_int_equal(stat(segment_path(w, 0, path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600); /* it holds the rows */
}

/* Killed while writing: the half record is cut off, and does not hide the next one. */
static void a_half_record(void **state)
{
    static const char *const halves[] = {
        "DT1 ",          "DT1 7 2 9", "DT1 7 0 9\n", "DT1 7 1 2\nce-type: a", "DT1 7 0 9\n{\"a\":",
        "DT1 7 0 2\n{}", /* all but its end */
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        char text[128];
        snprintf(text, sizeof text, "DT1 1 0 2\n{}\n%s", halves[i]);
        write_segment(w, 0, text);
        open_spool(w, 0, MEBIBYTE);
        assert_string_equal(replay(w), "1 2:{};");
        assert_int_equal(size_of(w, 0), 13);
        assert_int_equal(append(w, 2, "[]", 2), 0);
        assert_string_equal(replay(w), "1 2:{};2 ce-type=row: a b ce-id= 2:[];");
    }
}

/* A file that somebody else wrote to: no number in it is believed. */
static void a_damaged_record(void **state)
{
    static const char *const bad[] = {
        "DT1 7 0 9223372036854775807\n{}\n",
        "DT1 7 0 9223372036854775806\n{}\n",
        "DT1 7 0 99999999999999999999\n{}\n",
        "DT1 7 0 -1\n{}\n",
        "DT1 7 -1 2\n{}\n",
        "DT1 7 17 2\n{}\n",
        "DT1 7 9223372036854775807 2\n{}\n",
        "DT1 7 0 2 x\n{}\n",
        "DT1 7 1 2\nno colon\n{}\n",
        "DT1 7 1 2\nx:\n{}\n",
        "DT2 7 0 2\n{}\n",
        "\n\n",
        "trash",
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[128];
        snprintf(text, sizeof text, "DT1 1 0 2\n{}\n%s", bad[i]);
        write_segment(w, 0, text);
        open_spool(w, 0, MEBIBYTE);
        if (strcmp(replay(w), "1 2:{};") != 0)
            fail_msg("%s: %s", bad[i], w->seen.data);
        assert_int_equal(size_of(w, 0), 13);
    }
}

static void it_is_bounded(void **state)
{
    struct world *w = *state;
    char body[300] = {0};
    int taken = 0;
    memset(body, 'x', sizeof body);
    open_spool(w, 0, 4096);
    while (append(w, taken + 1, body, sizeof body) == 0)
        taken++;
    assert_in_range(taken, 10, 13);
    assert_int_equal(append(w, 99, body, sizeof body), ERR_FULL);
    assert_true((uint64_t)size_of(w, 0) <= 4096);
    replay(w);
    assert_int_equal(w->n_seen, taken);
    /* The limit was lowered since: what was promised is read all the same. */
    open_spool(w, 0, 1024);
    replay(w);
    assert_int_equal(w->n_seen, taken);
    assert_int_equal(append(w, 99, "", 0), ERR_FULL);
}

/* Much was taken, then the limit was lowered by far. */
static void a_limit_that_was_lowered(void **state)
{
    struct world *w = *state;
    size_t length = 12 << 20;
    char *body = calloc(1, length);
    assert_non_null(body);
    memset(body, 'x', length);
    open_spool(w, 0, 64 * MEBIBYTE);
    assert_int_equal(append(w, 1, body, length), 0);
    assert_int_equal(append(w, 2, body, length), 0);
    free(body);
    open_spool(w, 0, MEBIBYTE);
    replay(w);
    assert_int_equal(w->n_seen, 2);
}

static void too_large_an_event(void **state)
{
    struct world *w = *state;
    size_t length = 17 << 20;
    char *body = calloc(1, length);
    assert_non_null(body);
    open_spool(w, 0, 64 * MEBIBYTE);
    assert_int_equal(append(w, 1, body, length), ERR_LIMIT);
    free(body);
    assert_int_equal(size_of(w, 0), 0);
    assert_int_equal(append(w, 2, "{}", 2), 0);
}

/* No room on the disk in the middle of a record: it is not there, those before and behind are. */
static void a_full_disk(void **state)
{
    struct world *w = *state;
    struct rlimit old, small;
    char body[900];
    memset(body, 'x', sizeof body);
    open_spool(w, 0, MEBIBYTE);
    assert_int_equal(append(w, 1, "{}", 2), 0);
    off_t before = size_of(w, 0);
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    assert_int_equal(sigaction(SIGXFSZ, &ignore, NULL), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){.rlim_cur = 512, .rlim_max = old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int code = append(w, 2, body, sizeof body);
    off_t after = size_of(w, 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(code, ERR_FULL);
    assert_int_equal(after, before);
    assert_int_equal(append(w, 3, body, sizeof body), 0);
    replay(w);
    assert_int_equal(w->n_seen, 2);
}

/* One segment is in force: the store says which. Leftovers of a crash on either side go. */
static void segments(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    write_segment(w, 6, "old\n");
    write_segment(w, 8, "never in force\n");
    open_spool(w, 7, MEBIBYTE);
    assert_int_equal(size_of(w, 6), -1);
    assert_int_equal(size_of(w, 8), -1);
    assert_int_equal(append(w, 1, "{}", 2), 0);

    /* Forth and back: a flush that failed. */
    int former_fd = w->spool.fd;
    uint64_t former_bytes = w->spool.bytes;
    assert_int_equal(spool_next(&w->spool, &e), 0);
    assert_int_equal(w->spool.segment, 8);
    assert_int_equal(append(w, 2, "{}", 2), 0);
    spool_back(&w->spool, former_fd, former_bytes);
    assert_int_equal(w->spool.segment, 7);
    assert_int_equal(size_of(w, 8), -1);
    assert_int_equal(append(w, 3, "{}", 2), 0);
    replay(w);
    assert_int_equal(w->n_seen, 2);

    /* Forth for good. */
    former_fd = w->spool.fd;
    assert_int_equal(spool_next(&w->spool, &e), 0);
    close(former_fd);
    spool_remove(&w->spool, 7);
    assert_string_equal(replay(w), "");
    open_spool(w, 8, MEBIBYTE);
    assert_int_equal(size_of(w, 7), -1);
}

/* Who takes the records may fail; then nothing is cut off, and the next start begins anew. */
static void nobody_to_take_them(void **state)
{
    struct world *w = *state;
    open_spool(w, 0, MEBIBYTE);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(append(w, i, "{}", 2), 0);
    off_t before = size_of(w, 0);
    w->fail_at = 2;
    assert_int_equal(spool_replay(&w->spool, see, w, NULL), ERR_FULL);
    assert_int_equal(size_of(w, 0), before);
    w->fail_at = 0;
    replay(w);
    assert_int_equal(w->n_seen, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_taken_comes_back),
        TEST(a_half_record),
        TEST(a_damaged_record),
        TEST(it_is_bounded),
        TEST(a_limit_that_was_lowered),
        TEST(too_large_an_event),
        TEST(a_full_disk),
        TEST(segments),
        TEST(nobody_to_take_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
