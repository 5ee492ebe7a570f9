/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/registry.h"

#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/net/listen.h"
#include "registry_http.h"

void registry_init(struct registry *r, const struct clock *clock)
{
    *r = (struct registry){.clock = clock};
}

struct registry_model *registry_add(struct registry *r, const char *name)
{
    if (r->n_models == REGISTRY_MODELS)
        return NULL;
    struct registry_model *m = &r->models[r->n_models++];
    *m = (struct registry_model){0};
    str_copy(m->name, sizeof m->name, name);
    return m;
}

bool registry_add_version(struct registry_model *m, const char *version, int64_t created_ms)
{
    if (m->n_versions == REGISTRY_VERSIONS)
        return false;
    struct registry_version *v = &m->versions[m->n_versions++];
    str_copy(v->version, sizeof v->version, version);
    v->created_ms = created_ms;
    return true;
}

struct registry_model *registry_model(struct registry *r, const char *name)
{
    for (size_t i = 0; i < r->n_models; i++)
        if (strcmp(r->models[i].name, name) == 0)
            return &r->models[i];
    return NULL;
}

const struct registry_version *registry_version(const struct registry_model *m, const char *version)
{
    for (size_t i = 0; i < m->n_versions; i++)
        if (strcmp(m->versions[i].version, version) == 0)
            return &m->versions[i];
    return NULL;
}

struct registry_alias *registry_alias(struct registry_model *m, const char *alias)
{
    for (size_t i = 0; i < m->n_aliases; i++)
        if (strcmp(m->aliases[i].name, alias) == 0)
            return &m->aliases[i];
    return NULL;
}

bool registry_set_alias(struct registry_model *m, const char *alias, const char *version)
{
    struct registry_alias *a = registry_alias(m, alias);

    if (!registry_version(m, version) || (!a && m->n_aliases == REGISTRY_ALIASES))
        return false;
    if (!a)
        a = &m->aliases[m->n_aliases++];
    str_copy(a->name, sizeof a->name, alias);
    str_copy(a->version, sizeof a->version, version);
    return true;
}

/* Whether or not there is one, as in MLflow. */
void registry_delete_alias(struct registry_model *m, const char *alias)
{
    struct registry_alias *a = registry_alias(m, alias);

    if (a)
        *a = m->aliases[--m->n_aliases];
}

int registry_open(struct registry *r, struct loop *loop, struct err *e)
{
    struct listen_options options = {.address = "127.0.0.1:0",
                                     .body_ceiling = 1 << 16,
                                     .handler = registry_on_request,
                                     .ctx = r};

    return listen_open(loop, &options, &r->listener, e);
}

void registry_close(struct registry *r)
{
    if (r->listener)
        listen_close(r->listener);
    r->listener = NULL;
}
