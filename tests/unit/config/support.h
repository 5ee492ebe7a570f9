/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the configuration's tests share. Every failure here fails the test.
 */
#ifndef DRIFTOP_TESTS_UNIT_CONFIG_SUPPORT_H
#define DRIFTOP_TESTS_UNIT_CONFIG_SUPPORT_H

#include <stddef.h>

#include "driftop/config/load.h"

struct str;

/* A file below the source tree, as "tests/fixtures/x". Returns buf. */
char *support_source(char *buf, size_t size, const char *name);
void support_read(const char *path, struct str *ret);
/* Compares with the file; GENERATE=1 writes it instead. */
void support_golden(const char *path, const char *text);
void support_write(const char *path, const char *text, unsigned mode);
/* A temporary folder that $HOME and XDG_CONFIG_HOME point to; removed with path_remove_tree(). */
char *support_home(char *buf, size_t size);
/* Loads from text with the test types. */
int support_load(const char *text, struct config **ret, struct config_errors *errors);
/* "where:line:column: text" for each error, one a line. */
void support_errors(const struct config_errors *errors, struct str *ret);

#endif
