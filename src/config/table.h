/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The option tables of the configuration itself, one a scope. What stands under `type:` brings its
 * own rows (config/load.h).
 */
#ifndef DRIFTOP_SRC_CONFIG_TABLE_H
#define DRIFTOP_SRC_CONFIG_TABLE_H

#include "driftop/config/load.h"
#include "driftop/config/option.h"

/* Rows, and the keys beside them that hold maps or lists of their own. Names may be dotted: what
 * stands before the dot is a group. */
struct table {
    const struct option_row *rows;
    size_t n_rows;
    const char *const *nested;
    size_t n_nested;
};

extern const struct table table_top, table_deployment, table_version, table_adapter,
    table_credential;

/* "registry", "notification", ... as messages and documents say it. */
const char *table_kind_name(enum config_kind kind);

#endif
