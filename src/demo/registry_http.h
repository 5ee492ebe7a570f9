/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The registry's calls; registry.c keeps what they read and change.
 */
#ifndef DRIFTOP_DEMO_REGISTRY_HTTP_H
#define DRIFTOP_DEMO_REGISTRY_HTTP_H

#include "driftop/demo/registry.h"
#include "driftop/net/listen.h"

listen_fn registry_on_request; /* ctx: the registry */

const struct registry_version *registry_version(const struct registry_model *m,
                                                const char *version);
struct registry_alias *registry_alias(struct registry_model *m, const char *alias);
void registry_delete_alias(struct registry_model *m, const char *alias);

#endif
