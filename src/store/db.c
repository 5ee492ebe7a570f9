/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/store/db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "sql_private.h"

static int64_t data_version(struct store *s)
{
    struct sql q;
    sql_open(&q, s, "PRAGMA data_version");
    int64_t version = sql_step(&q, NULL) > 0 ? sql_get_int(&q) : -1;
    sql_end(&q);
    return version;
}

int store_open(const char *path, enum store_mode mode, struct store **ret, struct err *e)
{
    *ret = NULL;
    if (!path || !path[0])
        return err_set(e, ERR_INVALID, "no path for the store");
    struct store *s = calloc(1, sizeof *s);
    char *copy = strdup(path);
    if (!s || !copy) {
        free(copy);
        free(s);
        return err_set(e, ERR_NOMEM, "opening the store");
    }
    s->path = copy;
    s->mode = mode;
    int rc = store_connect(s, e);
    if (rc < 0) {
        store_close(s);
        return rc;
    }
    s->data_version = data_version(s);
    *ret = s;
    return 0;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->transaction)
        store_end(s, false, NULL);
    store_disconnect(s);
    free(s->path);
    free(s);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

bool store_writable(const struct store *s)
{
    return s->write_code == 0;
}

/* Another file was put in the place of ours: what is open is the past. */
static bool replaced(const struct store *s)
{
    struct stat st;
    return stat(s->path, &st) == 0 && (st.st_dev != s->device || st.st_ino != s->inode);
}

static bool removed(const struct store *s)
{
    struct stat st;
    return stat(s->path, &st) < 0 && errno == ENOENT;
}

/* A connection that cannot write sees its data version move whenever it has to read the log anew,
 * or, without locks, never. What the file system says decides. */
static bool footprint_moved(struct store *s)
{
    struct footprint now = store_footprint(s);
    if (memcmp(&now, &s->footprint, sizeof now) == 0)
        return false;
    s->footprint = now;
    return true;
}

bool store_changed(struct store *s)
{
    if (s->mode == STORE_READ && !s->transaction) {
        bool moved = s->write_code && footprint_moved(s);
        if (s->db && s->write_code && !moved)
            return false;
        if ((!s->db || replaced(s) || s->frozen) && store_reconnect(s, NULL) < 0)
            return false;
    }
    int64_t version = data_version(s);
    if (version == s->data_version)
        return false;
    s->data_version = version;
    return version >= 0;
}

void store_hold(struct store *s, bool on)
{
    struct sql q;

    if (!s->db || s->transaction || (sqlite3_get_autocommit(s->db) != 0) != on)
        return;
    sql_open(&q, s, on ? "BEGIN" : "COMMIT");
    sql_run(&q, NULL);
}

int store_begin(struct store *s, struct err *e)
{
    struct sql q;
    int rc = sql_may_write(s, e);
    if (rc < 0)
        return rc;
    if (s->transaction)
        return err_set(e, ERR_INTERNAL, "a transaction is open already");
    /* SQLite would go on writing what nobody will ever read. */
    if (s->mode == STORE_RECORD && s->inode && (removed(s) || replaced(s)))
        return err_set_at(e, ERR_IO, s->path, 0, 0,
                          "the store was removed or replaced: put it "
                          "back, or start the recorder again");
    sql_open(&q, s, "BEGIN IMMEDIATE");
    rc = sql_run(&q, e);
    s->transaction = rc == 0;
    s->failed = 0;
    return rc;
}

int store_end(struct store *s, bool commit, struct err *e)
{
    struct sql q;
    int rc = 0;
    if (!s->transaction)
        return err_set(e, ERR_INTERNAL, "no transaction is open");
    if (commit && s->failed)
        rc = err_set_at(e, s->failed, s->path, 0, 0, "not written: %s", err_message(s->failed));
    if (commit && !s->failed) {
        sql_open(&q, s, "COMMIT");
        rc = sql_run(&q, e);
    }
    /* SQLite has rolled back by itself after some failures. */
    if (!sqlite3_get_autocommit(s->db)) {
        sql_open(&q, s, "ROLLBACK");
        sql_run(&q, NULL);
    }
    s->transaction = false;
    s->failed = 0;
    return rc;
}

int store_checkpoint(struct store *s, struct err *e)
{
    if (s->write_code || s->transaction || !s->db)
        return err_set(e, ERR_INVALID, "no moment for a checkpoint");
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return rc == SQLITE_OK || rc == SQLITE_BUSY ? 0 : sql_fail(s, rc, e);
}

int store_put_meta(struct store *s, const char *key, const char *value, struct err *e)
{
    struct sql q;
    sql_open(&q, s,
             "INSERT INTO meta (key, value) VALUES (?, ?)"
             " ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    sql_put_text(&q, key);
    sql_put_text(&q, value);
    return sql_run(&q, e);
}

int store_meta(struct store *s, const char *key, char *buf, size_t size)
{
    struct sql q;
    str_copy(buf, size, "");
    sql_open(&q, s, "SELECT value FROM meta WHERE key = ?");
    sql_put_text(&q, key);
    int rc = sql_step(&q, NULL);
    if (rc > 0)
        sql_get_text(&q, buf, size);
    sql_end(&q);
    return rc > 0 ? 0 : rc == 0 ? ERR_ABSENT : rc;
}

int store_export(struct store *s, const char *path, struct err *e)
{
    struct stat st;
    struct sql q;
    if (lstat(path, &st) == 0)
        return err_set_at(e, ERR_INVALID, path, 0, 0, "exists already");
    sql_open(&q, s, "VACUUM INTO ?");
    sql_put_text(&q, path);
    int rc = sql_run(&q, e);
    /* Half a copy would look like a store. It was not there before, so it is ours. */
    if (rc < 0)
        unlink(path);
    return rc;
}
