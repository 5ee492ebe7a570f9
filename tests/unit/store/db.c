/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "driftop/store/read.h"
#include "driftop/store/write.h"

/* The store's own idea of the network is base's; here it is whatever a test says. */
bool __real_path_on_network(const char *path, const char **ret_kind);
bool __wrap_path_on_network(const char *path, const char **ret_kind);
bool __wrap_path_on_network(const char *path, const char **ret_kind)
{
    if (!strstr(path, "network"))
        return __real_path_on_network(path, ret_kind);
    *ret_kind = "nfs";
    return true;
}

static void sqlite(const char *path, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void put_deployment(struct store *s, const char *name)
{
    struct deployment_state d = {0};
    struct err e = {0};
    snprintf(d.name, sizeof d.name, "%s", name);
    assert_int_equal(store_begin(s, &e), 0);
    assert_int_equal(store_put_deployment(s, &d, &e), 0);
    assert_int_equal(store_end(s, true, &e), 0);
}

static size_t count_deployments(struct store *s)
{
    struct deployment_state *items;
    size_t n = 0;
    if (store_deployments(s, NULL, &items, &n, NULL) < 0)
        return SIZE_MAX;
    free(items);
    return n;
}

static void test_new_store(void **state)
{
    struct world *w = *state;
    struct store *s;
    char deep[128], text[64];
    snprintf(deep, sizeof deep, "%s/a/b/new.db", w->folder);
    assert_int_equal(store_open(deep, STORE_READ, &s, NULL), ERR_ABSENT);
    s = world_open(deep, STORE_RECORD);
    assert_true(store_writable(s));
    assert_string_equal(store_path(s), deep);
    assert_int_equal(store_meta(s, "environment", text, sizeof text), ERR_ABSENT);
    assert_int_equal(store_put_meta(s, "environment", "prod", NULL), 0);
    assert_int_equal(store_put_meta(s, "environment", "prod-eu", NULL), 0);
    store_close(s);
    s = world_open(deep, STORE_READ);
    assert_int_equal(store_meta(s, "environment", text, sizeof text), 0);
    assert_string_equal(text, "prod-eu");
    store_close(s);
}

static void test_odd_names(void **state)
{
    struct world *w = *state;
    char odd[160];
    snprintf(odd, sizeof odd, "//%s/odd ?%%41#&immutable=1.db", w->folder);
    store_close(world_open(odd, STORE_RECORD));
    struct stat st;
    assert_int_equal(stat(odd, &st), 0);
    store_close(world_open(odd, STORE_READ));
}

static void test_refuses(void **state)
{
    struct world *w = *state;
    struct store *s;
    struct err e;
    char path[128];
    snprintf(path, sizeof path, "%s/network.db", w->folder);
    assert_int_equal(store_open(path, STORE_RECORD, &s, &e), ERR_CONFIG);
    assert_non_null(strstr(e.text, "nfs"));
    assert_int_equal(store_open(w->folder, STORE_RECORD, &s, &e), ERR_DATA);
    assert_int_equal(
        path_write(w->store, "no database at all, but a text that is long enough", 50, 0644, NULL),
        0);
    assert_int_equal(store_open(w->store, STORE_READ, &s, &e), ERR_DATA);
    assert_int_equal(store_open(w->store, STORE_RECORD, &s, &e), ERR_DATA);
    assert_true(strlen(e.text) > 0);
    sqlite(w->other, "CREATE TABLE t (a)");
    assert_int_equal(store_open(w->other, STORE_RECORD, &s, &e), ERR_DATA);
    assert_int_equal(store_open("", STORE_READ, &s, &e), ERR_INVALID);
    assert_null(s);
}

static void test_newer_version(void **state)
{
    struct world *w = *state;
    struct store *s;
    struct err e = {0};
    store_close(world_open(w->store, STORE_RECORD));
    sqlite(w->store, "PRAGMA user_version = 4711");
    assert_int_equal(store_open(w->store, STORE_RECORD, &s, &e), ERR_VERSION);
    assert_non_null(strstr(e.text, "newer"));
    assert_int_equal(store_open(w->store, STORE_READ, &s, &e), ERR_VERSION);
}

/* Every page but the first is overwritten: reading says so in words, and nothing crashes. */
static void test_corrupt(void **state)
{
    struct world *w = *state;
    struct deployment_state *items;
    size_t n;
    struct err e = {0};
    struct store *s = world_open(w->store, STORE_RECORD);
    put_deployment(s, "fraud");
    assert_int_equal(store_export(s, w->other, &e), 0);
    store_close(s);
    char junk[4096];
    memset(junk, 0x5a, sizeof junk);
    int fd = open(w->other, O_WRONLY);
    struct stat st;
    fstat(fd, &st);
    for (off_t at = 4096; at < st.st_size; at += 4096)
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
    close(fd);
    int rc = store_open(w->other, STORE_READ, &s, &e);
    if (rc == 0) {
        rc = store_deployments(s, NULL, &items, &n, &e);
        store_close(s);
    }
    assert_int_equal(rc, ERR_DATA);
    assert_non_null(strstr(e.text, "damaged"));
}

static void test_transactions(void **state)
{
    struct world *w = *state;
    struct store *s = world_open(w->store, STORE_RECORD);
    struct store *reader = world_open(w->store, STORE_READ);
    struct deployment_state d = {.name = "fraud"};
    assert_int_equal(store_end(s, true, NULL), ERR_INTERNAL);
    assert_int_equal(store_begin(s, NULL), 0);
    assert_int_equal(store_put_deployment(s, &d, NULL), 0);
    assert_int_equal(count_deployments(reader), 0);
    assert_false(store_changed(reader));
    assert_int_equal(store_end(s, false, NULL), 0);
    assert_int_equal(count_deployments(reader), 0);
    put_deployment(s, "fraud");
    assert_int_equal(count_deployments(reader), 1);
    assert_true(store_changed(reader));
    assert_false(store_changed(reader));
    assert_false(store_changed(s));
    assert_int_equal(store_checkpoint(s, NULL), 0);
    assert_int_equal(count_deployments(reader), 1);
    /* One writer at a time; the other is told so within the time of a frame or three. */
    assert_int_equal(store_begin(s, NULL), 0);
    assert_int_equal(store_checkpoint(s, NULL), ERR_INVALID);
    assert_int_equal(store_put_plan(reader, "p1", "{}", 5, NULL), ERR_BUSY);
    assert_int_equal(store_end(s, true, NULL), 0);
    assert_int_equal(store_put_plan(reader, "p1", "{}", 5, NULL), 0);
    assert_true(store_changed(s));
    store_close(reader);
    store_close(s);
}

static void test_replaced_file(void **state)
{
    struct world *w = *state;
    struct store *s = world_open(w->other, STORE_RECORD);
    put_deployment(s, "new");
    put_deployment(s, "newer");
    store_close(s);
    store_close(world_open(w->store, STORE_RECORD));
    struct store *reader = world_open(w->store, STORE_READ);
    assert_int_equal(count_deployments(reader), 0);
    char name[128];
    const char *const tails[] = {"-wal", "-shm"};
    for (size_t i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "%s%s", w->store, tails[i]);
        unlink(name);
    }
    s = world_open(w->other, STORE_READ);
    unlink(w->store);
    assert_int_equal(store_export(s, w->store, NULL), 0);
    store_close(s);
    assert_true(store_changed(reader));
    assert_int_equal(count_deployments(reader), 2);
    store_close(reader);
}

/* Removed or replaced under the one who records: what it wrote nobody would ever read. */
static void test_removed_under_its_writer(void **state)
{
    struct world *w = *state;
    struct store *s;
    struct err e = {0};
    assert_int_equal(store_open(w->store, STORE_RECORD, &s, NULL), 0);
    assert_int_equal(store_begin(s, NULL), 0);
    assert_int_equal(store_end(s, true, NULL), 0);
    assert_int_equal(rename(w->store, w->other), 0);
    assert_int_equal(store_begin(s, &e), ERR_IO);
    assert_non_null(strstr(e.text, "removed or replaced"));
    FILE *f = fopen(w->store, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(store_begin(s, NULL), ERR_IO);
    assert_int_equal(rename(w->other, w->store), 0); /* put back */
    assert_int_equal(store_begin(s, NULL), 0);
    assert_int_equal(store_end(s, true, NULL), 0);
    store_close(s);
}

static void test_export(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct store *s = world_open(w->store, STORE_RECORD);
    put_deployment(s, "fraud");
    assert_int_equal(store_export(s, w->other, &e), 0);
    assert_int_equal(store_export(s, w->other, &e), ERR_INVALID);
    store_close(s);
    assert_int_equal(chmod(w->other, 0444), 0);
    s = world_open(w->other, STORE_IMMUTABLE);
    assert_false(store_writable(s));
    assert_int_equal(count_deployments(s), 1);
    assert_int_equal(store_begin(s, &e), ERR_DENIED);
    assert_int_equal(store_put_plan(s, "p", "{}", 0, &e), ERR_DENIED);
    store_close(s);
    /* Not even a lock was made. */
    char name[128];
    struct stat st;
    snprintf(name, sizeof name, "%s-wal", w->other);
    assert_int_equal(stat(name, &st), -1);
}

static int read_as_nobody(void *ctx)
{
    struct world *w = ctx;
    struct store *s;
    struct err e = {0};
    if (!world_become_nobody())
        return 1;
    if (store_open(w->store, STORE_RECORD, &s, &e) != ERR_DENIED)
        return 2;
    if (store_open(w->store, STORE_READ, &s, &e) < 0)
        return 3;
    if (store_writable(s) || count_deployments(s) != 1)
        return 4;
    if (store_changed(s))
        return 5;
    if (store_add_ack(s, 1, "ann", 5, NULL, &e) != ERR_DENIED || !e.text[0])
        return 6;
    store_close(s);
    return 0;
}

static void test_read_only(void **state)
{
    struct world *w = *state;
    struct store *s = world_open(w->store, STORE_RECORD);
    char name[128];
    put_deployment(s, "fraud");
    chmod(w->folder, 0555);
    chmod(w->store, 0444);
    /* While somebody records, after that, ... */
    assert_int_equal(world_in_child(read_as_nobody, w), 0);
    store_close(s);
    assert_int_equal(world_in_child(read_as_nobody, w), 0);
    /* ... and where the file was brought alone. */
    if (geteuid() != 0)
        chmod(w->folder, 0755);
    s = world_open(w->store, STORE_READ);
    assert_int_equal(store_export(s, w->other, NULL), 0);
    store_close(s);
    rename(w->other, w->store);
    snprintf(name, sizeof name, "%s-wal", w->store);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", w->store);
    unlink(name);
    chmod(w->folder, 0555);
    sqlite(w->store, geteuid() == 0 ? "PRAGMA journal_mode = WAL" : "SELECT 1");
    unlink(name);
    chmod(w->store, 0444);
    assert_int_equal(world_in_child(read_as_nobody, w), 0);
}

/* A store that nobody records into, read alone, and then somebody does. */
static int see_recorder_start(void *ctx)
{
    struct world *w = ctx;
    struct store *s;
    int ready, go;
    char name[128], c = 0;
    snprintf(name, sizeof name, "%s/ready", w->folder);
    ready = open(name, O_WRONLY);
    snprintf(name, sizeof name, "%s/go", w->folder);
    go = open(name, O_RDONLY);
    if (!world_become_nobody() || store_open(w->store, STORE_READ, &s, NULL) < 0)
        return 1;
    if (count_deployments(s) != 1 || write(ready, "r", 1) != 1 || read(go, &c, 1) != 1)
        return 2;
    if (!store_changed(s) || count_deployments(s) != 2)
        return 3;
    store_close(s);
    return 0;
}

static void test_recorder_starts_later(void **state)
{
    struct world *w = *state;
    char ready[128], go[128], name[128], c;
    if (geteuid() != 0)
        skip(); /* needs two users */
    struct store *s = world_open(w->store, STORE_RECORD);
    put_deployment(s, "fraud");
    store_close(s);
    sqlite(w->store, "PRAGMA wal_checkpoint(TRUNCATE)");
    snprintf(name, sizeof name, "%s-wal", w->store);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", w->store);
    unlink(name);
    snprintf(ready, sizeof ready, "%s/ready", w->folder);
    snprintf(go, sizeof go, "%s/go", w->folder);
    assert_int_equal(mkfifo(ready, 0666), 0);
    assert_int_equal(mkfifo(go, 0666), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(see_recorder_start(w));
    int from = open(ready, O_RDONLY), to = open(go, O_WRONLY);
    assert_int_equal(read(from, &c, 1), 1);
    s = world_open(w->store, STORE_RECORD);
    put_deployment(s, "churn");
    assert_int_equal(write(to, "g", 1), 1);
    int status = -1;
    waitpid(pid, &status, 0);
    assert_int_equal(status, 0);
    store_close(s);
    close(from);
    close(to);
}

/* More than fits: ERR_FULL, rolled back, and all right again when there is room. */
static int fill(struct store *s, size_t rows, struct err *e)
{
    char value[4000];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    int rc = store_begin(s, e);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < rows; i++) {
        char key[32];
        snprintf(key, sizeof key, "key %zu", i);
        store_put_meta(s, key, value, e);
    }
    return store_end(s, true, e);
}

static int work_under_limit(void *ctx)
{
    struct world *w = ctx;
    struct store *s;
    struct err e = {0};
    struct rlimit limit = {.rlim_cur = 400000, .rlim_max = RLIM_INFINITY};
    char text[64];
    world_ignore_file_limit();
    if (store_open(w->store, STORE_RECORD, &s, &e) < 0 || store_put_meta(s, "kept", "yes", &e) < 0)
        return 1;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (fill(s, 300, &e) != ERR_FULL || !e.text[0])
        return 2;
    if (store_meta(s, "kept", text, sizeof text) < 0)
        return 3;
    if (store_meta(s, "key 1", text, sizeof text) != ERR_ABSENT)
        return 4;
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    if (fill(s, 300, &e) < 0 || store_meta(s, "key 299", text, sizeof text) < 0)
        return 5;
    store_close(s);
    return 0;
}

static void test_size_limit(void **state)
{
    assert_int_equal(world_in_child(work_under_limit, *state), 0);
}

static void fill_disk(const char *hog)
{
    char block[4096] = {0};
    int fd = open(hog, O_CREAT | O_WRONLY | O_APPEND, 0644);
    while (write(fd, block, sizeof block) > 0)
        continue;
    close(fd);
}

static int work_on_full_disk(void *ctx)
{
    struct world *w = ctx;
    struct store *s;
    struct err e = {0};
    char text[64], hog[128], shm[128];
    if (store_open(w->store, STORE_RECORD, &s, &e) < 0 || store_put_meta(s, "kept", "yes", &e) < 0)
        return 1;
    put_deployment(s, "fraud");
    snprintf(hog, sizeof hog, "%s/hog", w->folder);
    fill_disk(hog);
    if (fill(s, 600, &e) != ERR_FULL)
        return 2;
    if (store_meta(s, "kept", text, sizeof text) < 0)
        return 3;
    store_close(s);
    /* A dashboard that starts now can look, and is told why it cannot write. Not even SQLite's index
     * of the log, which it would make anew, finds room. */
    snprintf(shm, sizeof shm, "%s-shm", w->store);
    if (truncate(shm, 0) < 0)
        return 8;
    fill_disk(hog);
    if (store_open(w->store, STORE_READ, &s, &e) < 0)
        return 4;
    if (count_deployments(s) != 1)
        return 5;
    if (store_writable(s) || store_put_plan(s, "plan", "{}", 5, &e) != ERR_FULL)
        return 6;
    unlink(hog);
    if (store_put_plan(s, "plan", "{}", 5, &e) < 0)
        return 7;
    store_close(s);
    return 0;
}

static void test_full_disk(void **state)
{
    struct world *w = *state;
    if (geteuid() != 0 || mount("tmpfs", w->folder, "tmpfs", 0, "size=1m") < 0) {
        print_message("skipped: a small tmpfs needs root\n");
        skip();
    }
    int rc = world_in_child(work_on_full_disk, w);
    umount(w->folder);
    assert_int_equal(rc, 0);
}

int main(void)
{
#define WORLD_TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        WORLD_TEST(test_new_store),
        WORLD_TEST(test_odd_names),
        WORLD_TEST(test_refuses),
        WORLD_TEST(test_newer_version),
        WORLD_TEST(test_corrupt),
        WORLD_TEST(test_transactions),
        WORLD_TEST(test_replaced_file),
        WORLD_TEST(test_removed_under_its_writer),
        WORLD_TEST(test_export),
        WORLD_TEST(test_read_only),
        WORLD_TEST(test_recorder_starts_later),
        WORLD_TEST(test_size_limit),
        WORLD_TEST(test_full_disk),
    };
    return cmocka_run_group_tests_name("store-db", tests, NULL, NULL);
}
