/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MLflow's model registry, REST 2.0 (servers 2.x and 3.x): answers to structs, and the one body
 * driftop sends. Paths and authentication are the adapter's.
 *
 * Aliases are only trustworthy in registered-models/get and /search: model-versions/search always
 * sends none, so mlflow_versions has no aliases at all. Fields that MLflow leaves out because
 * they are empty are NULL or has_... = false. All texts belong to the struct that holds them.
 */
#ifndef DRIFTOP_WIRE_MLFLOW_H
#define DRIFTOP_WIRE_MLFLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct json;
struct str;

struct mlflow_pair { /* an alias and its version, or a tag and its value */
    const char *name, *value;
};

struct mlflow_model {
    const char *name, *description;
    bool has_created, has_updated;
    int64_t created_ms, updated_ms;
    struct mlflow_pair *aliases, *tags;
    size_t n_aliases, n_tags;
};

struct mlflow_version {
    const char *name, *version; /* the version is text, "7" */
    const char *stage, *status, *source, *run_id;
    bool has_created, has_updated;
    int64_t created_ms, updated_ms;
    struct mlflow_pair *tags;
    size_t n_tags;
};

struct mlflow_models {
    struct mlflow_model *models;
    size_t n_models;
    const char *next_page_token; /* NULL on the last page */
    struct json *root;
};

struct mlflow_versions {
    struct mlflow_version *versions;
    size_t n_versions;
    const char *next_page_token;
    struct json *root;
};

/* registered-models/get (then one model) or a page of registered-models/search. ret is filled anew;
 * done it also after a failure. ERR_PROTOCOL when it is no such page, ERR_DATA when no JSON. */
int mlflow_parse_models(const char *bytes, size_t length, struct mlflow_models *ret, struct err *e);
void mlflow_models_done(struct mlflow_models *m);
/* The version an alias names, NULL when the model has no such alias. Compared byte by byte. */
const char *mlflow_alias(const struct mlflow_model *m, const char *alias);

/* A page of model-versions/search, or model-versions/get, or registered-models/alias (then one). */
int mlflow_parse_versions(const char *bytes, size_t length, struct mlflow_versions *ret,
                          struct err *e);
void mlflow_versions_done(struct mlflow_versions *v);

/* What an answer with a status of 400 or more means: ERR_AUTH, ERR_DENIED, ERR_ABSENT, ERR_CONFLICT,
 * ERR_BUSY, ERR_TIMEOUT or ERR_REJECTED, by error_code and then by status; e gets the message,
 * cleaned (also a plain text body). An alias that is not set is ERR_ABSENT although MLflow
 * says 400 INVALID_PARAMETER_VALUE. */
int mlflow_refusal(int status, const char *bytes, size_t length, struct err *e);

/* The body of POST registered-models/alias. ERR_INVALID for an alias MLflow would refuse (not
 * [A-Za-z0-9_-]{1,255}, `latest`, v and digits) and for an empty name or version. */
int mlflow_write_alias(struct str *ret, const char *name, const char *alias, const char *version,
                       struct err *e);

#endif
