/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loading driftop.yaml. Every mistake is reported, all at once, each with its place, what is wrong,
 * what is allowed and the nearest known name. The kinds of adapters are handed in, because config
 * does not know adapt.
 */
#ifndef DRIFTOP_CONFIG_LOAD_H
#define DRIFTOP_CONFIG_LOAD_H

#include <stddef.h>

#include "driftop/base/err.h"
#include "driftop/config/config.h"

enum config_kind {
    CONFIG_SERVER,
    CONFIG_REGISTRY,
    CONFIG_TRAFFIC,
    CONFIG_FEATURE,
    CONFIG_REFERENCE,
    CONFIG_NOTIFY,
    CONFIG_KINDS
};

/* One adapter type: its name, what it is for and its option rows. */
struct config_type {
    const char *name, *help;
    const struct option_row *rows;
    size_t n_rows;
};

/* What may be written under each kind, and the rows of `rules:`. */
struct config_types {
    const struct config_type *types[CONFIG_KINDS];
    size_t n_types[CONFIG_KINDS];
    const struct option_row *rules;
    size_t n_rules;
};

/* Every mistake found, in the order of the file; after 100 the last one says that there are more.
 * Begins as zero. */
struct config_errors {
    struct err *errors;
    size_t n_errors, errors_capacity;
};

void config_errors_done(struct config_errors *errors);

/* path NULL: $XDG_CONFIG_HOME/driftop/driftop.yaml; "-": standard input. A file that does not
 * exist: ERR_ABSENT; one that cannot be read: ERR_IO, ERR_DENIED or ERR_LIMIT; mistakes in it:
 * ERR_CONFIG; always with at least one error in *errors. Else 0 and *ret, which the caller frees.
 * A configuration that can run commands must be safe from other users (path_check_owner). */
int config_load(const char *path, const struct config_types *types, struct config **ret,
                struct config_errors *errors);
/* The same from bytes; `where` names them. For tests, fuzzing and `config check -`. */
int config_load_bytes(const char *bytes, size_t length, const char *where,
                      const struct config_types *types, struct config **ret,
                      struct config_errors *errors);
void config_free(struct config *c);

/* Adds the act secrets of $XDG_CONFIG_HOME/driftop/credentials.yaml (0600 or ERR_DENIED):
 *     act: {main: {user: sre, password: {file: /run/keys/mlflow}}}
 * by registry name, or by ENVIRONMENT/REGISTRY, which is preferred; names that this configuration
 * does not have are passed over. No file: 0, there are no credentials. The recorder never calls
 * this. */
int config_load_credentials(struct config *c, struct config_errors *errors);

#endif
