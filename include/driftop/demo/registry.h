/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A model registry in the shape of MLflow's, with the traps that the real one has: empty fields are
 * left out, a missing alias is 400 and not 404, a version must be a JSON string, searches for
 * versions know no aliases, DELETE wants a body. Names are constants of the caller.
 */
#ifndef DRIFTOP_DEMO_REGISTRY_H
#define DRIFTOP_DEMO_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGISTRY_MODELS    32
#define REGISTRY_VERSIONS  16
#define REGISTRY_ALIASES   8
#define REGISTRY_NAME_SIZE 64

struct clock;
struct err;
struct listener;
struct loop;

struct registry_alias {
    char name[REGISTRY_NAME_SIZE], version[REGISTRY_NAME_SIZE];
};

struct registry_version {
    char version[REGISTRY_NAME_SIZE];
    int64_t created_ms;
};

struct registry_model {
    char name[REGISTRY_NAME_SIZE];
    struct registry_version versions[REGISTRY_VERSIONS]; /* oldest first */
    size_t n_versions;
    struct registry_alias aliases[REGISTRY_ALIASES];
    size_t n_aliases;
};

struct registry {
    const struct clock *clock;
    struct listener *listener;
    struct registry_model models[REGISTRY_MODELS];
    size_t n_models;
};

void registry_init(struct registry *r, const struct clock *clock);
/* NULL when there are too many. */
struct registry_model *registry_add(struct registry *r, const char *name);
bool registry_add_version(struct registry_model *m, const char *version, int64_t created_ms);
struct registry_model *registry_model(struct registry *r, const char *name);
/* False when the version is not registered or there are too many aliases. */
bool registry_set_alias(struct registry_model *m, const char *alias, const char *version);

int registry_open(struct registry *r, struct loop *loop, struct err *e);
void registry_close(struct registry *r);

#endif
