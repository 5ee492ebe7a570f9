/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connecting. A recorder needs the file to be writable. A reader takes what it can get: first an
 * ordinary connection, which may insert; then a read-only one that asks for no shared memory of its
 * own (a full disk, a foreign folder); last, where SQLite's side files are missing and cannot be
 * made, the file alone without locks. The last is watched by store_changed(), for it does
 * not see a recorder that starts later.
 */
#include "store_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"

/* "file:" and the path with what a URI gives a meaning to escaped. */
static int uri(const char *path, const char *parameters, struct str *ret)
{
    str_add(ret, "file:");
    while (path[0] == '/' && path[1] == '/') /* or it would be a host's name */
        path++;
    for (const char *c = path; *c; c++) {
        if (strchr("%?#", *c))
            str_addf(ret, "%%%02X", (unsigned char)*c);
        else
            str_add_char(ret, *c);
    }
    str_add(ret, parameters);
    return ret->failed ? ERR_NOMEM : 0;
}

static int configure(struct store *s, struct err *e)
{
    int persist = 1, off = 0;
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, 50);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &off);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &off);
    /* Only the recorder moves the log into the file: a reader must not wait for the disk. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, s->mode != STORE_RECORD, &off);
    int rc = sql_script(s,
                        "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
                        "PRAGMA cache_size = -4096; PRAGMA cell_size_check = ON;"
                        "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216;",
                        e);
    /* store_checkpoint() is meant to come before the recorder's log has so many pages. */
    if (rc == 0)
        rc = sql_script(s,
                        s->mode == STORE_RECORD ? "PRAGMA wal_autocheckpoint = 4000"
                                                : "PRAGMA wal_autocheckpoint = 0",
                        e);
    sqlite3_file_control(s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    return rc;
}

void store_disconnect(struct store *s)
{
    for (size_t i = 0; i < s->n_statements; i++)
        sqlite3_finalize(s->statements[i].stmt);
    s->n_statements = 0;
    sqlite3_close_v2(s->db);
    s->db = NULL;
}

/* Open and read the first page, which is where most obstacles show. */
static int connect_with(struct store *s, const char *parameters, int flags, int *ret_version,
                        struct err *e)
{
    struct str name;
    str_init(&name, 0);
    int rc = uri(s->path, parameters, &name);
    if (rc == 0) {
        int opened = sqlite3_open_v2(name.data, &s->db, flags | SQLITE_OPEN_URI, NULL);
        rc = opened == SQLITE_OK ? configure(s, e) : sql_fail(s, opened, e);
    }
    if (rc == 0)
        rc = migrate_version(s, ret_version, e);
    str_done(&name);
    if (rc < 0)
        store_disconnect(s);
    return rc;
}

struct footprint store_footprint(const struct store *s)
{
    static const char *const tails[2] = {"", "-wal"};
    struct footprint f = {.size = {-1, -1}, .time_ns = {-1, -1}};
    struct stat st;
    struct str name;
    str_init(&name, 0);
    for (size_t i = 0; i < 2; i++) {
        str_clear(&name);
        str_addf(&name, "%s%s", s->path, tails[i]);
        if (name.failed || stat(name.data, &st) < 0)
            continue;
        f.size[i] = st.st_size;
        f.time_ns[i] = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    }
    str_done(&name);
    return f;
}

static bool worth_another_way(int code)
{
    return code == ERR_DENIED || code == ERR_FULL || code == ERR_IO || code == ERR_ABSENT;
}

static int connect_reader(struct store *s, int *ret_version, struct err *e)
{
    s->write_code = 0;
    s->frozen = false;
    int first = connect_with(s, "", SQLITE_OPEN_READWRITE, ret_version, e);
    if (first == 0) {
        s->write_code = sqlite3_db_readonly(s->db, "main") ? ERR_DENIED : 0;
        return 0;
    }
    if (!worth_another_way(first))
        return first;
    s->write_code = first == ERR_FULL ? ERR_FULL : ERR_DENIED;
    int rc = connect_with(s, "?mode=ro&readonly_shm=1", SQLITE_OPEN_READONLY, ret_version, e);
    if (rc == 0 || !worth_another_way(rc) || s->footprint.size[1] > 0)
        return rc;
    s->frozen = true;
    return connect_with(s, "?mode=ro&immutable=1", SQLITE_OPEN_READONLY, ret_version, e);
}

static int connect_recorder(struct store *s, struct err *e)
{
    int version, n;
    const char *const *steps = migrate_steps(&n);
    int rc = path_make_parent(s->path, e);
    if (rc == 0)
        rc = connect_with(s, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &version, e);
    if (rc == 0 && sqlite3_db_readonly(s->db, "main"))
        rc = err_set_at(e, ERR_DENIED, s->path, 0, 0, "no permission to write to the store");
    if (rc == 0)
        rc = sql_script(s, "PRAGMA journal_mode = WAL", e);
    if (rc == 0)
        rc = migrate_run(s, steps, n, e);
    return rc;
}

static int check_reader_version(struct store *s, int version, struct err *e)
{
    int n;
    migrate_steps(&n);
    if (version == 0)
        return err_set_at(e, ERR_ABSENT, s->path, 0, 0, "the store is still empty");
    if (version < n)
        return err_set_at(e, ERR_VERSION, s->path, 0, 0,
                          "the store is of an older driftop (version %d, this one reads %d): "
                          "\"driftop record\" brings it up to date",
                          version, n);
    return 0;
}

static int connect_by_mode(struct store *s, struct err *e)
{
    int version = 0, rc;
    if (s->mode == STORE_RECORD)
        return connect_recorder(s, e);
    if (s->mode == STORE_IMMUTABLE) {
        s->write_code = ERR_DENIED;
        rc = connect_with(s, "?mode=ro&immutable=1", SQLITE_OPEN_READONLY, &version, e);
    } else {
        rc = connect_reader(s, &version, e);
    }
    return rc < 0 ? rc : check_reader_version(s, version, e);
}

static int check_file(struct store *s, struct err *e)
{
    const char *kind = "";
    struct stat st;
    if (path_on_network(s->path, &kind) && s->mode != STORE_IMMUTABLE)
        return err_set_at(e, ERR_CONFIG, s->path, 0, 0,
                          "the store lies on a network file system (%s), where two machines "
                          "would damage it: choose a local path",
                          kind ? kind : "unknown");
    if (stat(s->path, &st) < 0) {
        if (errno == ENOENT && s->mode == STORE_RECORD)
            return 0;
        if (errno == ENOENT)
            return err_set_at(e, ERR_ABSENT, s->path, 0, 0, "there is no store");
        return err_set_errno(e, errno, "%s", s->path);
    }
    if (!S_ISREG(st.st_mode))
        return err_set_at(e, ERR_DATA, s->path, 0, 0, "not a file");
    return 0;
}

int store_connect(struct store *s, struct err *e)
{
    struct stat st;
    int rc = check_file(s, e);
    s->footprint = store_footprint(s);
    if (rc == 0)
        rc = connect_by_mode(s, e);
    if (rc < 0) {
        store_disconnect(s);
        return rc;
    }
    if (stat(s->path, &st) == 0) {
        s->device = st.st_dev;
        s->inode = st.st_ino;
    }
    return 0;
}

int store_reconnect(struct store *s, struct err *e)
{
    store_disconnect(s);
    s->data_version = -1;
    return store_connect(s, e);
}
