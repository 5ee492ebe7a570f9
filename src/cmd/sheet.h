/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the reading commands print: columns that line up, numbers with one unit a column, "-" where
 * nothing is known, texts cleaned of what could steer a terminal; or JSON.
 */
#ifndef DRIFTOP_CMD_SHEET_H
#define DRIFTOP_CMD_SHEET_H

#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/query/query.h"

#define SHEET_COLUMNS 16

struct sheet {
    size_t n_columns, at;
    bool right[SHEET_COLUMNS];
    int widths[SHEET_COLUMNS];
    struct str cells; /* one after the other, each ended by a NUL */
};

/* titles: one word a column, separated by blanks; those that begin with '>' are right-aligned. */
void sheet_init(struct sheet *s, const char *titles);
/* Cells follow each other row by row. */
void sheet_text(struct sheet *s, const char *text);
void sheet_format(struct sheet *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sheet_percent(struct sheet *s, bool has, double ratio);
void sheet_number(struct sheet *s, bool has, double number); /* three digits that count */
void sheet_ms(struct sheet *s, bool has, double seconds);
void sheet_age(struct sheet *s, int64_t now_ms, int64_t at_ms); /* at 0: "-" */
/* Prints (the last column unpadded) and ends it. */
void sheet_print(struct sheet *s, FILE *out);

/* "prod-eu  page 2  ticket 4  sources 11/12 (mlflow 41s)  recorded 1s ago  2026-...Z" */
void print_status(FILE *out, const struct status *st, int64_t now_ms);
/* Takes the value. Returns `status`, or 70 when there was no memory for it. */
int print_json(struct command_context *c, struct json *value, int status);
/* A whole number from 1 on of an option; ERR_USAGE. */
int option_count(const char *name, const char *text, size_t *ret, struct err *e);

#endif
