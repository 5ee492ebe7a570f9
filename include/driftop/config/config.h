/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The configuration as the program uses it: a tree of plain structs, read-only after loading. The
 * caller frees it as a whole; everything inside is borrowed from it. Adapter options stay in their
 * option_set (config/option.h), so that this header does not know any adapter.
 */
#ifndef DRIFTOP_CONFIG_CONFIG_H
#define DRIFTOP_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/base/hash.h"
#include "driftop/config/option.h"

struct arena;

/* An adapter named in the file: its type and its own options. */
struct config_adapter {
    const char *name; /* of a registry its key ("main"), else the type */
    const char *type; /* "mlflow", "open-inference", "haproxy", "jsonl", ... */
    struct option_set options;
    int line, column;
};

struct config_version {
    const char *version; /* "*": every version not listed */
    const char *target;  /* its name in the splitter; may hold "{version}"; never NULL: an entry
                            without one has that of "*", else "v{version}" */
    struct config_adapter *servers;
    size_t n_servers;
    struct option_set options; /* the rows of a version: target */
    int line, column;
};

struct config_deployment {
    const char *name, *owner, *runbook;    /* owner and runbook may be NULL */
    const struct config_adapter *registry; /* of config.registries; NULL: none */
    const char *registry_model;            /* the model's name there */
    const char *champion_alias;            /* "champion" */
    const struct config_adapter *traffic;  /* NULL: none */
    struct config_version *versions;
    size_t n_versions;
    struct config_adapter *features; /* where rows come from: jsonl, csv; none: the sink only */
    size_t n_features;
    const struct config_adapter *reference; /* csv or jsonl; NULL: none */
    struct option_set rules;                /* error_ratio, latency_p99, ...: alert/rule.h */
    struct option_set options;              /* the plain rows: name, owner, registry.use, ... */
    int line, column;
};

/* What credentials.yaml says about one registry: the rows of OPTION_AUTH_ROWS. */
struct config_credential {
    const char *registry;
    struct option_set options;
    int line, column;
};

struct config {
    struct arena *memory;     /* everything below lives here */
    const char *path;         /* as it was named when loading */
    char hash[HASH_HEX_SIZE]; /* over the bytes read */
    /* Over the environment and where registries, splitters and targets are; not over time-outs,
     * rules or secrets. Two configurations with the same one act on the same things. */
    char endpoints_hash[HASH_HEX_SIZE];
    int64_t loaded_ms;
    const char *environment;
    const char *store_path;
    const char *theme, *glyphs;
    int64_t poll_interval_ms, connect_timeout_ms, timeout_ms;
    const char *sink_listen; /* HOST:PORT or a socket path; NULL: no sink */
    int64_t sink_spool_bytes;
    bool read_only;
    struct option_set options; /* every top-level value with its origin, the ones above too */
    struct option_set default_rules;
    struct config_adapter *registries;
    size_t n_registries;
    struct config_deployment *deployments;
    size_t n_deployments;
    struct config_adapter *notify;
    size_t n_notify;
    struct config_credential *credentials; /* none unless config_load_credentials() ran */
    size_t n_credentials;
};

/* NULL when there is none of that name. */
const struct config_deployment *config_deployment(const struct config *c, const char *name);
/* The act secrets for a registry; NULL: none, act as the recorder reads. */
const struct option_set *config_credentials(const struct config *c, const char *registry);
/* The exact entry, else "*", else NULL. */
const struct config_version *config_version(const struct config_deployment *d, const char *version);
/* The splitter's name of a version: "{version}" replaced. Returns buf. */
char *config_target(const struct config_deployment *d, const char *version, char *buf, size_t size);
/* The other way: the version a target stands for, or ERR_ABSENT. */
int config_target_version(const struct config_deployment *d, const char *target, char *buf,
                          size_t size);

#endif
