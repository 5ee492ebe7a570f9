/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding things in a loaded configuration, and the names versions have in a splitter.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/config/config.h"

#define PLACE        "{version}"
#define PLACE_LENGTH (sizeof PLACE - 1)
#define PLAIN_TARGET "v" PLACE

const struct config_deployment *config_deployment(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->n_deployments; i++)
        if (!strcmp(c->deployments[i].name, name))
            return &c->deployments[i];
    return NULL;
}

const struct option_set *config_credentials(const struct config *c, const char *registry)
{
    for (size_t i = 0; i < c->n_credentials; i++)
        if (!strcmp(c->credentials[i].registry, registry))
            return &c->credentials[i].options;
    return NULL;
}

static const struct config_version *exact(const struct config_deployment *d, const char *version)
{
    for (size_t i = 0; i < d->n_versions; i++)
        if (!strcmp(d->versions[i].version, version))
            return &d->versions[i];
    return NULL;
}

const struct config_version *config_version(const struct config_deployment *d, const char *version)
{
    const struct config_version *v = exact(d, version);
    return v ? v : exact(d, "*");
}

char *config_target(const struct config_deployment *d, const char *version, char *buf, size_t size)
{
    const struct config_version *v = config_version(d, version);
    const char *pattern = v ? v->target : PLAIN_TARGET;
    const char *place = strstr(pattern, PLACE);
    if (!place)
        return str_copy(buf, size, pattern);
    snprintf(buf, size, "%.*s%s%s", (int)(place - pattern), pattern, version, place + PLACE_LENGTH);
    return buf;
}

/* What stands in the place of {version}; ERR_ABSENT when target is not made from pattern. */
static int unmake(const char *pattern, const char *target, char *buf, size_t size)
{
    const char *place = strstr(pattern, PLACE);
    if (!place)
        return ERR_ABSENT;
    size_t before = (size_t)(place - pattern), after = strlen(place + PLACE_LENGTH);
    size_t length = strlen(target);
    if (length <= before + after || strncmp(target, pattern, before) ||
        strcmp(target + length - after, place + PLACE_LENGTH))
        return ERR_ABSENT;
    size_t inside = length - before - after;
    if (inside >= size)
        return ERR_ABSENT;
    memcpy(buf, target + before, inside);
    buf[inside] = '\0';
    return 0;
}

int config_target_version(const struct config_deployment *d, const char *target, char *buf,
                          size_t size)
{
    char own[256];
    for (size_t i = 0; i < d->n_versions; i++) {
        const char *version = d->versions[i].version;
        if (!strcmp(version, "*") || strcmp(config_target(d, version, own, sizeof own), target))
            continue;
        str_copy(buf, size, version);
        return 0;
    }
    const struct config_version *any = exact(d, "*");
    int r = unmake(any ? any->target : PLAIN_TARGET, target, buf, size);
    /* A version that is listed under another target does not stand behind this one. */
    return r == 0 && exact(d, buf) ? ERR_ABSENT : r;
}
