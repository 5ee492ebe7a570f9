/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writers that are killed at any moment. What a writer has reported as committed is there
 * afterwards, whole, and nothing of what it had not; a reader meanwhile sees only whole transactions.
 */
#include "world.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <time.h>

#include "driftop/store/read.h"
#include "driftop/store/write.h"
#include "driftop/store/write_counts.h"
#include "driftop/store/read_drift.h"

#define VERSIONS 20

struct writer {
    struct world *w;
    int committed[2]; /* a pipe: the number of each transaction that was committed */
};

/* One transaction moves every version and the position to the same number. */
static int put_round(struct store *s, uint64_t round)
{
    struct log_position p = {.source = "log", .path = "/var/log/x", .offset = round};
    int rc = store_begin(s, NULL);
    for (int i = 0; i < VERSIONS && rc == 0; i++) {
        struct version_state v = {.deployment_id = 1, .rows_total = round};
        snprintf(v.version, sizeof v.version, "%d", i);
        rc = store_put_version(s, &v, NULL);
    }
    if (rc == 0)
        rc = store_put_position(s, &p, NULL);
    return rc < 0 ? rc : store_end(s, true, NULL);
}

static int write_until_killed(struct writer *w)
{
    struct store *s;
    struct deployment_state d = {.name = "fraud"};
    struct log_position *p;
    size_t n;
    if (store_open(w->w->store, STORE_RECORD, &s, NULL) < 0 ||
        store_put_deployment(s, &d, NULL) < 0 || store_positions(s, "log", &p, &n, NULL) < 0)
        return 1;
    for (uint64_t round = n ? p->offset + 1 : 1;; round++) {
        if (put_round(s, round) < 0)
            return 2;
        if (write(w->committed[1], &round, sizeof round) != sizeof round)
            return 3;
    }
}

/* All rows say the same number, which is returned; UINT64_MAX when they do not. */
static uint64_t read_round(struct store *s)
{
    struct version_state *items;
    size_t n;
    uint64_t round = 0;
    if (store_versions(s, 0, &items, &n, NULL) < 0)
        return UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && items[i].rows_total != round)
            n = SIZE_MAX;
        round = items[i].rows_total;
    }
    free(items);
    return n == 0 || n == VERSIONS ? round : UINT64_MAX;
}

static uint64_t read_position(struct store *s)
{
    struct log_position *p;
    size_t n;
    assert_int_equal(store_positions(s, "log", &p, &n, NULL), 0);
    uint64_t offset = n ? p->offset : 0;
    free(p);
    return offset;
}

static void test_killed_writers(void **state)
{
    struct writer w = {.w = *state};
    uint64_t round = 0, reported = 0;
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(pipe(w.committed), 0);
        fflush(NULL);
        pid_t pid = fork();
        if (pid == 0)
            _exit(write_until_killed(&w));
        close(w.committed[1]);
        /* Some transactions, then anywhere inside a later one. */
        for (unsigned k = 0; k < 3 + i; k++)
            assert_int_equal(read(w.committed[0], &reported, sizeof reported), sizeof reported);
        struct timespec moment = {.tv_nsec = (long)(i * 7919 % 600) * 1000};
        nanosleep(&moment, NULL);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        while (read(w.committed[0], &round, sizeof round) == sizeof round)
            reported = round;
        close(w.committed[0]);
        struct store *s = world_open(w.w->store, STORE_READ);
        round = read_round(s);
        assert_true(round != UINT64_MAX);
        assert_true(round == reported || round == reported + 1); /* killed before it could report */
        assert_int_equal(read_position(s), round);
        store_close(s);
    }
}

/* Then the writer waits, or will after the transaction that it is in. */
static bool pipe_is_full(int fd)
{
    int waiting = 0;
    assert_int_equal(ioctl(fd, FIONREAD, &waiting), 0);
    return waiting + (int)sizeof(uint64_t) > fcntl(fd, F_GETPIPE_SZ);
}

static void test_reader_beside_writer(void **state)
{
    struct writer w = {.w = *state};
    uint64_t first = 0, round, last = 0;
    int changes = 0;
    assert_int_equal(pipe(w.committed), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(write_until_killed(&w));
    close(w.committed[1]);
    assert_int_equal(read(w.committed[0], &first, sizeof first), sizeof first);
    struct store *s = world_open(w.w->store, STORE_READ);
    while (last < first + 200) {
        /* The pipe must not fill up, or the writer would wait for us. */
        assert_int_equal(read(w.committed[0], &round, sizeof round), sizeof round);
        changes += store_changed(s);
        round = read_round(s);
        assert_true(round != UINT64_MAX && round >= last);
        last = round;
    }
    assert_true(changes > 10);
    /* A reader's insert finds its turn between two transactions. How soon is chance, beside a writer that
     * never rests; when it does, soon is enough. */
    int rc = ERR_BUSY;
    for (int i = 0; i < 50 && rc == ERR_BUSY; i += pipe_is_full(w.committed[0]))
        rc = store_put_plan(s, "p", "{}", 5, NULL);
    assert_int_equal(rc, 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(w.committed[0]);
    store_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_writers, world_setup, world_teardown),
        cmocka_unit_test_setup_teardown(test_reader_beside_writer, world_setup, world_teardown),
    };
    return cmocka_run_group_tests_name("store-crash", tests, NULL, NULL);
}
