/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of store/ share: the connection, how it is made and what its failures mean.
 */
#ifndef DRIFTOP_STORE_PRIVATE_H
#define DRIFTOP_STORE_PRIVATE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "driftop/store/db.h"

struct err;

#define STORE_APPLICATION_ID 0x64726674 /* "drft" */
#define STORE_STATEMENTS     96         /* more than there are in the layer */

struct statement {
    const char *text; /* compared by address: every text is a literal */
    sqlite3_stmt *stmt;
    bool busy;
};

/* What the file system says of the file and its log: enough to see that somebody has written. */
struct footprint {
    int64_t size[2], time_ns[2]; /* -1: no such file */
};

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    int write_code; /* 0: may write; else what a write is answered with */
    bool frozen;    /* opened without locks, because SQLite's side files are missing */
    bool transaction;
    int failed; /* the first failure inside the transaction */
    int64_t data_version;
    dev_t device;
    ino_t inode;
    struct footprint footprint;
    int64_t pruned_version; /* where store_prune() goes on */
    struct statement statements[STORE_STATEMENTS];
    size_t n_statements;
};

/* open.c: connect, check and configure; and once more when the file has been replaced or may have
 * become writable. After a failure s->db is NULL. */
int store_connect(struct store *s, struct err *e);
int store_reconnect(struct store *s, struct err *e);
void store_disconnect(struct store *s);
struct footprint store_footprint(const struct store *s);

/* migrate.c: bring a new or older store up to step n of the table; *ret_version is what it was. */
int migrate_version(struct store *s, int *ret_version, struct err *e);
int migrate_run(struct store *s, const char *const *steps, int n, struct err *e);
/* The steps of this driftop. */
const char *const *migrate_steps(int *ret_n);

/* sql.c: several statements without parameters. */
int sql_script(struct store *s, const char *text, struct err *e);
/* The code for what SQLite said, with words in e. */
int sql_fail(struct store *s, int rc, struct err *e);
/* 0 when a reader may insert; connects anew when that may have become possible. */
int sql_may_write(struct store *s, struct err *e);

#endif
