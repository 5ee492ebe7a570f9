/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The audit file as bytes and lines, for the two halves of the module: audit.c appends,
 * audit_read.c reads and verifies.
 */
#ifndef DRIFTOP_STORE_AUDIT_PRIVATE_H
#define DRIFTOP_STORE_AUDIT_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/store/audit.h"

#define AUDIT_LINE_MAX ((size_t)1 << 20)
#define AUDIT_FILE_MAX ((size_t)256 << 20)

#define AUDIT_FIRST "0000000000000000000000000000000000000000000000000000000000000000"

struct str;

/* What every event ends with: ,"previous":"64 digits","hash":"64 digits"} */
#define AUDIT_PREVIOUS "\"previous\":\""
#define AUDIT_HASH     ",\"hash\":\""
enum {
    AUDIT_DIGITS = HASH_HEX_SIZE - 1,
    AUDIT_HASH_PART = sizeof AUDIT_HASH - 1 + AUDIT_DIGITS + 2, /* and "} */
    AUDIT_PREVIOUS_PART = 1 + sizeof AUDIT_PREVIOUS - 1 + AUDIT_DIGITS + 1,
    AUDIT_END = AUDIT_PREVIOUS_PART + AUDIT_HASH_PART,
};

enum audit_line_kind {
    AUDIT_EVENT,  /* ends as an event ends; what it says and hashes to is not looked at */
    AUDIT_HALF,   /* the last line, without its end: a writer was killed */
    AUDIT_BROKEN, /* nothing that audit_append() could have left */
};

struct audit_line {
    const char *text; /* borrowed, without the newline */
    size_t length;
    bool ended; /* by a newline */
    enum audit_line_kind kind;
    char previous[HASH_HEX_SIZE], hash[HASH_HEX_SIZE]; /* as stored, of an AUDIT_EVENT */
};

/* The line that begins at *at; false at the end. *at moves behind it. */
bool audit_next_line(const struct str *content, size_t *at, struct audit_line *ret);

#endif
