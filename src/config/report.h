/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong with a configuration: errors are collected, never stopped at, and sorted by place
 * at the end. Names that were mistyped get the nearest known one.
 */
#ifndef DRIFTOP_SRC_CONFIG_REPORT_H
#define DRIFTOP_SRC_CONFIG_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/config/load.h"

#define REPORT_MAX    100
#define REPORT_QUOTED 68

/* Known names, for suggestions and for "allowed: a, b". Borrowed; beyond NAMES_MAX they are not
 * suggested. */
#define NAMES_MAX 64
struct names {
    struct {
        const char *text;
        size_t length;
    } items[NAMES_MAX];
    size_t n_items;
};

/* One that is there already is not added again. */
void names_add(struct names *names, const char *text, size_t length);
/* True when `given` looks like one of them, mistyped. */
bool names_near(const struct names *names, const char *given);
/* The words of a blank-separated list. */
void names_add_words(struct names *names, const char *words);

/* Returns code. The text is made harmless for a terminal. After REPORT_MAX errors, and when memory is gone, the error is dropped; the last
 * one kept then says so. */
int report(struct config_errors *errors, int code, const char *where, int line, int column,
           const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same of what a function of base/path.h or base/yaml.h said of this file, which is not named
 * twice. */
int report_file(struct config_errors *errors, int code, const char *path, const struct err *e);
/* By line and column, stable. */
void report_sort(struct config_errors *errors);

/* A text from the file in quotes, cut. Returns buf. */
const char *report_quote(char buf[REPORT_QUOTED], const char *text);
/* "; did you mean 'b'? allowed: a, b", or without the first half when nothing is near. Returns
 * buf. */
const char *report_advice(char *buf, size_t size, const struct names *names, const char *given);

#endif
