/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sql_rows_private.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"

static int find_statement(struct sql *q, const char *text)
{
    struct store *s = q->store;
    sqlite3_stmt *stmt = NULL;
    size_t i = 0;
    while (i < s->n_statements && s->statements[i].text != text)
        i++;
    bool nested = i < s->n_statements && s->statements[i].busy;
    if (i < s->n_statements && !nested) {
        stmt = s->statements[i].stmt;
    } else {
        int rc = sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
        if (rc != SQLITE_OK)
            return rc;
        if (nested || s->n_statements == STORE_STATEMENTS)
            i = SIZE_MAX;
        else
            s->statements[s->n_statements++] = (struct statement){.text = text, .stmt = stmt};
    }
    if (i != SIZE_MAX)
        s->statements[i].busy = true;
    q->place = i;
    q->stmt = stmt;
    return SQLITE_OK;
}

void sql_open(struct sql *q, struct store *s, const char *text)
{
    *q = (struct sql){.store = s, .next = 1};
    /* A store that was lost while connecting anew has no connection until the next try. */
    q->rc = s->db ? find_statement(q, text) : SQLITE_CANTOPEN;
}

void sql_end(struct sql *q)
{
    if (!q->stmt)
        return;
    if (q->place == SIZE_MAX) {
        sqlite3_finalize(q->stmt);
    } else {
        sqlite3_reset(q->stmt);
        sqlite3_clear_bindings(q->stmt);
        q->store->statements[q->place].busy = false;
    }
    q->stmt = NULL;
}

int sql_step(struct sql *q, struct err *e)
{
    if (q->rc == SQLITE_OK && q->stmt) {
        int rc = sqlite3_step(q->stmt);
        q->next = 0;
        if (rc == SQLITE_ROW)
            return 1;
        if (rc != SQLITE_DONE)
            q->rc = rc;
    }
    /* The words for a failure are the connection's until the statement is reset. */
    int code = q->rc == SQLITE_OK ? 0 : sql_fail(q->store, q->rc, e);
    sql_end(q);
    return code;
}

int sql_run(struct sql *q, struct err *e)
{
    int rc;
    do
        rc = sql_step(q, e);
    while (rc > 0);
    return rc;
}

int sql_all(struct sql *q, size_t size, sql_get_fn *get, void **ret, size_t *ret_n, struct err *e)
{
    char *items = NULL;
    size_t n = 0, capacity = 0;
    int rc;
    while ((rc = sql_step(q, e)) > 0) {
        if (vec_room((void **)&items, n, &capacity, 1, size) < 0) {
            rc = err_set(e, ERR_NOMEM, "reading the store");
            sql_end(q);
            break;
        }
        get(q, items + n++ * size);
    }
    if (rc < 0) {
        free(items);
        items = NULL;
        n = 0;
    }
    *ret = items;
    *ret_n = n;
    return rc;
}

static void put_done(struct sql *q, int rc)
{
    q->next++;
    if (q->rc == SQLITE_OK)
        q->rc = rc;
}

void sql_put_int(struct sql *q, int64_t value)
{
    put_done(q, q->stmt ? sqlite3_bind_int64(q->stmt, q->next, value) : SQLITE_OK);
}

void sql_put_real(struct sql *q, double value)
{
    /* An unbound parameter is NULL, and so is NaN to SQLite; said here so that nobody wonders. */
    put_done(q,
             q->stmt && !isnan(value) ? sqlite3_bind_double(q->stmt, q->next, value) : SQLITE_OK);
}

void sql_put_text(struct sql *q, const char *value)
{
    put_done(q, q->stmt && value ? sqlite3_bind_text(q->stmt, q->next, value, -1, SQLITE_TRANSIENT)
                                 : SQLITE_OK);
}

void sql_put_bytes(struct sql *q, const void *bytes, size_t length)
{
    int rc = SQLITE_OK;
    if (length > INT_MAX)
        rc = SQLITE_TOOBIG;
    else if (q->stmt && length == 0)
        rc = sqlite3_bind_zeroblob(q->stmt, q->next, 0);
    else if (q->stmt)
        rc = sqlite3_bind_blob(q->stmt, q->next, bytes, (int)length, SQLITE_TRANSIENT);
    put_done(q, rc);
}

int64_t sql_get_int(struct sql *q)
{
    return sqlite3_column_int64(q->stmt, q->next++);
}

double sql_get_real(struct sql *q)
{
    int column = q->next++;
    if (sqlite3_column_type(q->stmt, column) == SQLITE_NULL)
        return NAN;
    return sqlite3_column_double(q->stmt, column);
}

void sql_get_text(struct sql *q, char *buf, size_t size)
{
    const unsigned char *text = sqlite3_column_text(q->stmt, q->next++);
    str_copy(buf, size, text ? (const char *)text : "");
}

const void *sql_get_bytes(struct sql *q, size_t *ret_length)
{
    const void *bytes = sqlite3_column_blob(q->stmt, q->next);
    *ret_length = (size_t)sqlite3_column_bytes(q->stmt, q->next++);
    return bytes;
}

int sql_script(struct store *s, const char *text, struct err *e)
{
    int rc = sqlite3_exec(s->db, text, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : sql_fail(s, rc, e);
}

/* A failed write is a full disk, whether the file system said so or a limit on file sizes did;
 * only a device that fails is something else. */
static int io_code(int rc, int system)
{
    if (system == EACCES || system == EPERM || system == EROFS)
        return ERR_DENIED;
    if (system == EIO)
        return ERR_IO;
    if (system == ENOSPC || system == EFBIG || system == EDQUOT)
        return ERR_FULL;
    switch (rc) {
    case SQLITE_IOERR_WRITE:
    case SQLITE_IOERR_TRUNCATE:
    case SQLITE_IOERR_SHMSIZE:
    case SQLITE_IOERR_SHMMAP: return ERR_FULL;
    default: return ERR_IO;
    }
}

static int open_code(int system)
{
    switch (system) {
    case ENOENT:
    case ENOTDIR: return ERR_ABSENT;
    case EACCES:
    case EPERM:
    case EROFS: return ERR_DENIED;
    case ENOSPC:
    case EDQUOT: return ERR_FULL;
    default: return ERR_IO;
    }
}

static int code_of(struct store *s, int rc)
{
    static const struct {
        int rc, code;
    } codes
        [] =
            {
                {SQLITE_BUSY, ERR_BUSY},       {SQLITE_LOCKED, ERR_BUSY},
                {SQLITE_NOMEM, ERR_NOMEM},     {SQLITE_FULL, ERR_FULL},
                {SQLITE_READONLY, ERR_DENIED}, {SQLITE_PERM, ERR_DENIED},
                {SQLITE_AUTH, ERR_DENIED},     {SQLITE_CORRUPT, ERR_DATA},
                {SQLITE_NOTADB, ERR_DATA},     {SQLITE_FORMAT, ERR_DATA},
                {SQLITE_ERROR, ERR_DATA}, /* a table that is not there: somebody else's file */
                {SQLITE_TOOBIG, ERR_LIMIT},    {SQLITE_CONSTRAINT, ERR_INVALID},
            };
    int system = s->db ? sqlite3_system_errno(s->db) : 0, primary = rc & 0xff;
    if (primary == SQLITE_IOERR)
        return io_code(rc, system);
    if (primary == SQLITE_CANTOPEN)
        return open_code(system);
    if (primary == SQLITE_READONLY && s->write_code)
        return s->write_code;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (codes[i].rc == primary)
            return codes[i].code;
    }
    return ERR_INTERNAL;
}

int sql_fail(struct store *s, int rc, struct err *e)
{
    int code = code_of(s, rc);
    const char *words = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
    if (s->transaction && !s->failed)
        s->failed = code;
    switch (code) {
    case ERR_DATA:
        return err_set_at(e, code, s->path, 0, 0, "the store is damaged or none (%s)", words);
    case ERR_FULL:
        return err_set_at(e, code, s->path, 0, 0, "the store cannot grow: disk full (%s)", words);
    case ERR_DENIED:
        return err_set_at(e, code, s->path, 0, 0, "the store cannot be written (%s)", words);
    case ERR_BUSY:
        return err_set_at(e, code, s->path, 0, 0, "somebody else is writing to the store");
    default: return err_set_at(e, code, s->path, 0, 0, "%s", words);
    }
}

int sql_may_write(struct store *s, struct err *e)
{
    if (s->write_code && s->mode == STORE_READ && !s->transaction) {
        int rc = store_reconnect(s, e);
        if (rc < 0)
            return rc;
    }
    if (!s->write_code)
        return 0;
    return err_set_at(e, s->write_code, s->path, 0, 0, "%s",
                      s->write_code == ERR_FULL ? "the disk is full: the store can only be read"
                                                : "no permission to write to the store");
}
