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

#include "driftop/adapt/feature.h"
#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/record/follow.h"
#include "driftop/store/db.h"

#define NOW_MS 1795230000000
#define ROW    "{\"ts\": \"2026-11-21T03:00:00Z\", \"version\": \"41\", \"a\": 1}\n"
#define CSV    "2026-11-21T03:00:00Z,41,1\n"

struct world {
    char folder[64], path[96], rotated[96], elsewhere[96];
    struct option_set options;
    struct config_adapter adapter;
    struct source_state source;
    struct ingest *ingest;
    struct follow *follow;
    struct store *store;
    uint64_t before; /* rows of followers that were ended */
};

static void open_follower(struct world *w)
{
    w->ingest = ingest_new();
    assert_int_equal(ingest_deployment(w->ingest, "fraud"), 0);
    assert_int_equal(follow_new(&w->adapter, w->ingest, 0, &w->source, &w->follow, NULL), 0);
    assert_int_equal(follow_restore(w->follow, w->store, NULL), 0);
}

static void use(struct world *w, const char *type, const char *pattern)
{
    const struct feature_adapter *a = adapt_feature_find(type);
    char yaml[256];

    snprintf(yaml, sizeof yaml, "path: \"%s/%s\"\n", w->folder, pattern);
    option_set_done(&w->options);
    assert_int_equal(option_set_parse(yaml, a->options, a->n_options, &w->options, NULL), 0);
    w->adapter = (struct config_adapter){.name = type, .type = type, .options = w->options};
    if (w->follow) {
        follow_free(w->follow);
        ingest_free(w->ingest);
    }
    open_follower(w);
}

static int set_up(void **state)
{
    static struct world w;
    w = (struct world){.folder = "/dev/shm/driftop-follow-XXXXXX"};
    if (access("/dev/shm", W_OK) != 0)
        str_copy(w.folder, sizeof w.folder, "/tmp/driftop-follow-XXXXXX");
    assert_non_null(mkdtemp(w.folder));
    snprintf(w.path, sizeof w.path, "%.60s/rows.log", w.folder);
    snprintf(w.rotated, sizeof w.rotated, "%.60s/rows.log.1", w.folder);
    snprintf(w.elsewhere, sizeof w.elsewhere, "%.60s/old-rows", w.folder);
    str_copy(w.source.name, sizeof w.source.name, "fraud jsonl");
    char store[96];
    snprintf(store, sizeof store, "%.60s/t.db", w.folder);
    assert_int_equal(store_open(store, STORE_RECORD, &w.store, NULL), 0);
    use(&w, "jsonl", "rows.log*");
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    follow_free(w->follow);
    ingest_free(w->ingest);
    store_close(w->store);
    option_set_done(&w->options);
    return path_remove_tree(w->folder, NULL);
}

static void put(const char *path, const char *mode, const char *text, int times)
{
    FILE *f = fopen(path, mode);
    assert_non_null(f);
    for (int i = 0; i < times; i++)
        fputs(text, f);
    fclose(f);
}

static uint64_t counted(const struct world *w)
{
    const struct ingest_deployment *d = ingest_get(w->ingest, 0);
    uint64_t n = w->before;
    for (size_t i = 0; i < d->n_versions; i++)
        n += d->versions[i]->rows_total;
    return n;
}

static void look(struct world *w)
{
    follow_scan(w->follow, NOW_MS);
    while (follow_step(w->follow, 1 << 20, NOW_MS)) {
    }
}

static void flush(struct world *w)
{
    assert_int_equal(store_begin(w->store, NULL), 0);
    assert_int_equal(follow_flush(w->follow, w->store, NULL), 0);
    assert_int_equal(store_end(w->store, true, NULL), 0);
    follow_flushed(w->follow);
}

/* The recorder ends and another one begins. */
static void restart(struct world *w)
{
    flush(w);
    w->before = counted(w);
    follow_free(w->follow);
    ingest_free(w->ingest);
    open_follower(w);
}

static void rows_come_once(void **state)
{
    struct world *w = *state;

    follow_scan(w->follow, NOW_MS);
    assert_int_equal(w->source.health, SOURCE_FAILING); /* no file yet */
    put(w->path, "w", ROW, 10);
    look(w);
    assert_int_equal(counted(w), 10);
    assert_int_equal(w->source.health, SOURCE_OK);
    put(w->path, "a", ROW, 5);
    look(w);
    look(w);
    assert_int_equal(counted(w), 15);
    assert_int_equal(w->source.rows, 15);
    assert_int_equal(w->source.bytes_behind, 0);
}

static void half_a_line_waits_for_its_end(void **state)
{
    struct world *w = *state;

    put(w->path, "w", "{\"ts\": \"2026-11-21T03:00:00Z\", \"ver", 1);
    look(w);
    assert_int_equal(counted(w), 0);
    restart(w);
    put(w->path, "a", "sion\": \"41\"}\n", 1);
    look(w);
    assert_int_equal(counted(w), 1);
    assert_int_equal(w->source.refused[REFUSED_SYNTAX], 0);
}

static void bad_lines_are_counted(void **state)
{
    struct world *w = *state;

    put(w->path, "w",
        "nonsense\n" ROW "{\"version\": \"41\"}\n{\"ts\": \"2026-11-21T03:00:00Z\"}\n"
        "{\"ts\": \"2026-11-19T03:00:00Z\", \"version\": \"41\"}\n"
        "{\"ts\": \"2026-11-22T03:00:00Z\", \"version\": \"41\"}\n" ROW,
        1);
    look(w);
    assert_int_equal(counted(w), 2);
    assert_int_equal(w->source.refused[REFUSED_SYNTAX], 1);
    assert_int_equal(w->source.refused[REFUSED_TIME], 1);
    assert_int_equal(w->source.refused[REFUSED_VERSION], 1);
    assert_int_equal(w->source.refused[REFUSED_LATE], 1);
    assert_int_equal(w->source.refused[REFUSED_AHEAD], 1);
}

static void a_line_that_is_too_long_is_skipped(void **state)
{
    struct world *w = *state;

    put(w->path, "w", ROW, 1);
    put(w->path, "a", "0123456789abcdef", 200000);
    look(w);
    put(w->path, "a", "0123456789abcdef", 100000);
    put(w->path, "a", "\n" ROW, 1);
    look(w);
    assert_int_equal(counted(w), 2);
    assert_int_equal(w->source.refused[REFUSED_SIZE], 1);
}

static void rotated_by_renaming(void **state)
{
    struct world *w = *state;

    put(w->path, "w", ROW, 10);
    look(w);
    put(w->path, "a", ROW, 3); /* not read yet */
    assert_int_equal(rename(w->path, w->rotated), 0);
    put(w->path, "w", ROW, 4);
    look(w);
    assert_int_equal(counted(w), 17);
}

static void rotated_to_a_name_that_does_not_match(void **state)
{
    struct world *w = *state;

    put(w->path, "w", ROW, 10);
    look(w);
    assert_int_equal(rename(w->path, w->elsewhere), 0);
    put(w->elsewhere, "a", ROW, 3); /* the writer still has it open */
    put(w->path, "w", ROW, 4);
    look(w);
    assert_int_equal(counted(w), 17);
}

static void rotated_by_copy_and_truncate(void **state)
{
    struct world *w = *state;

    put(w->path, "w", ROW, 10);
    look(w);
    put(w->path, "w", "", 0);
    put(w->path, "a", ROW, 4);
    look(w);
    assert_true(counted(w) >= 10);
    put(w->path, "a", ROW, 2);
    look(w);
    restart(w);
    put(w->path, "a", ROW, 2);
    look(w);
    assert_int_equal(w->source.refused[REFUSED_SYNTAX], 0);
}

/* Rows that tell each other apart, as those of a service do; numbered from `from` on. */
static void put_rows(const char *path, const char *mode, int from, int to)
{
    char row[128];
    put(path, mode, "", 0);
    for (int i = from; i < to; i++) {
        snprintf(row, sizeof row,
                 "{\"ts\": \"2026-11-21T03:00:%02dZ\", \"version\": \"41\", \"a\": %d}\n", i % 60,
                 i);
        put(path, "a", row, 1);
    }
}

static void copy_file(const char *from, const char *to)
{
    struct str text;
    str_init(&text, 0);
    assert_int_equal(path_read(from, &text, NULL), 0);
    FILE *f = fopen(to, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text.data, 1, text.length, f), text.length);
    fclose(f);
    str_done(&text);
}

/* logrotate's copytruncate, with a copy that the pattern matches as well: its rows are the same. */
static void a_copy_is_not_counted_again(void **state)
{
    static const int lengths[] = {1, 10, 500}; /* shorter and longer than a head */
    struct world *w = *state;
    uint64_t wanted = 0;

    for (size_t i = 0; i < 3; i++) {
        int n = lengths[i];
        for (int moment = 0; moment < 3; moment++) {
            int from = (int)(i * 3 + (size_t)moment) * 1000;
            put_rows(w->path, "w", from, from + n);
            look(w);
            put_rows(w->path, "a", from + n, from + n + 3);
            look(w);
            wanted += (uint64_t)n + 3;
            assert_int_equal(counted(w), wanted);
            if (moment == 2)
                restart(w); /* rotated while nobody recorded */
            copy_file(w->path, w->rotated);
            if (moment == 0)
                look(w); /* seen between the copy and the cut */
            assert_int_equal(truncate(w->path, 0), 0);
            if (moment == 1)
                look(w); /* seen before anything new is there */
            put_rows(w->path, "a", from + 800, from + 802);
            look(w);
            wanted += 2;
            assert_int_equal(counted(w), wanted);
            restart(w);
            look(w);
            assert_int_equal(counted(w), wanted);
            assert_int_equal(w->source.refused[REFUSED_LOST], 0);
            assert_int_equal(unlink(w->rotated), 0);
            assert_int_equal(unlink(w->path), 0);
            for (int idle = 0; idle < 5; idle++)
                look(w);
        }
    }
}

/* What the original had still to give is read from the copy. */
static void the_rest_of_a_copy_is_read(void **state)
{
    struct world *w = *state;

    put_rows(w->path, "w", 0, 200);
    look(w);
    put_rows(w->path, "a", 200, 230);
    copy_file(w->path, w->rotated);
    put_rows(w->path, "w", 300, 301);
    look(w);
    assert_int_equal(counted(w), 231);
}

/* Two replicas may begin with the same rows; beginning alike makes no copy. */
static void logs_that_begin_alike_are_two(void **state)
{
    struct world *w = *state;

    put_rows(w->path, "w", 0, 20);
    look(w);
    put_rows(w->rotated, "w", 0, 10);
    put_rows(w->rotated, "a", 50, 70);
    look(w);
    assert_int_equal(counted(w), 50);
}

static void goes_on_where_the_last_recorder_was(void **state)
{
    struct world *w = *state;

    put(w->path, "w", ROW, 10);
    look(w);
    restart(w);
    put(w->path, "a", ROW, 5);
    look(w);
    assert_int_equal(counted(w), 15);
    restart(w);
    /* Renamed meanwhile, to a name that nobody looks for: found by its inode. */
    put(w->path, "a", ROW, 2);
    assert_int_equal(rename(w->path, w->elsewhere), 0);
    put(w->path, "w", ROW, 1);
    look(w);
    assert_int_equal(counted(w), 18);
    assert_int_equal(w->source.refused[REFUSED_LOST], 0);
}

static void what_went_away_meanwhile_is_lost_and_said(void **state)
{
    struct world *w = *state;

    put(w->path, "w", ROW, 10);
    look(w);
    restart(w);
    assert_int_equal(unlink(w->path), 0);
    put(w->rotated, "w", "{\"ts\": \"2026-11-21T03:00:00Z\", \"version\": \"41\", \"b\": 1}\n", 3);
    look(w);
    assert_int_equal(counted(w), 13);
    assert_int_equal(w->source.refused[REFUSED_LOST], 1);
    assert_non_null(strstr(w->source.fault, "rows lost"));
}

/* A log's disk that comes later than the recorder: nothing is forgotten, so nothing counts twice. */
static void a_folder_that_is_not_there_yet(void **state)
{
    struct world *w = *state;
    char logs[96], away[96], path[128];

    snprintf(logs, sizeof logs, "%.60s/logs", w->folder);
    snprintf(away, sizeof away, "%.60s/away", w->folder);
    snprintf(path, sizeof path, "%.90s/rows.log", logs);
    assert_int_equal(path_make_folder(logs, NULL), 0);
    use(w, "jsonl", "logs/rows.log*");
    put(path, "w", ROW, 10);
    look(w);
    restart(w);
    assert_int_equal(rename(logs, away), 0);
    look(w);
    flush(w);
    assert_int_equal(rename(away, logs), 0);
    put(path, "a", ROW, 1);
    look(w);
    assert_int_equal(counted(w), 11);
    assert_int_equal(w->source.refused[REFUSED_LOST], 0);
}

static void a_csv_keeps_its_header(void **state)
{
    struct world *w = *state;

    use(w, "csv", "rows.log*");
    put(w->path, "w", "ts,version,a\n", 1);
    put(w->path, "a", CSV, 10);
    look(w);
    assert_int_equal(counted(w), 10);
    restart(w);
    put(w->path, "a", CSV, 5);
    look(w);
    assert_int_equal(counted(w), 15);
    assert_int_equal(w->source.refused[REFUSED_SYNTAX], 0);
}

static void many_files_share_a_budget(void **state)
{
    struct world *w = *state;
    char path[128];

    for (int i = 0; i < 50; i++) {
        snprintf(path, sizeof path, "%.90s.%d", w->path, i);
        put(path, "w", ROW, 20);
    }
    follow_scan(w->follow, NOW_MS);
    assert_true(follow_step(w->follow, 1000, NOW_MS)); /* one file's worth, and there is more */
    assert_in_range(counted(w), 20, 40);
    look(w);
    assert_int_equal(counted(w), 1000);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(rows_come_once),
        T(half_a_line_waits_for_its_end),
        T(bad_lines_are_counted),
        T(a_line_that_is_too_long_is_skipped),
        T(rotated_by_renaming),
        T(rotated_to_a_name_that_does_not_match),
        T(rotated_by_copy_and_truncate),
        T(a_copy_is_not_counted_again),
        T(the_rest_of_a_copy_is_read),
        T(logs_that_begin_alike_are_two),
        T(goes_on_where_the_last_recorder_was),
        T(what_went_away_meanwhile_is_lost_and_said),
        T(a_folder_that_is_not_there_yet),
        T(a_csv_keeps_its_header),
        T(many_files_share_a_budget),
    };
    return cmocka_run_group_tests_name("record/follow", tests, NULL, NULL);
}
