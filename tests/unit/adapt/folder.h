/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Folders of cases: tests/fixtures/adapt/ADAPTER/CASE/. A case is files, no C; each ends in
 * expected.json. GENERATE=1 in the environment rewrites the expectations; read the difference
 * before you commit it.
 */
#ifndef DRIFTOP_TESTS_ADAPT_FOLDER_H
#define DRIFTOP_TESTS_ADAPT_FOLDER_H

#include <stdbool.h>

#include "driftop/base/str.h"

struct json;

struct folder_case {
    const char *adapter, *name;
};

/* What the adapter says about the case, as a new JSON value. */
typedef struct json *folder_print(const struct folder_case *c);

/* All cases of the adapter; returns the number of those that differ, and prints them. Fails when
 * there are none. */
int folder_run(const char *adapter, folder_print *print);
/* A file of the case; false and "" when it does not exist. ret is initialised. */
bool folder_read(const struct folder_case *c, const char *file, struct str *ret);
/* A JSON file of the case, NULL when it does not exist. */
struct json *folder_json(const struct folder_case *c, const char *file);

#endif
