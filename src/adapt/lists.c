/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every adapter once. A new one: its file, and its struct's name as one more row of its kind here
 * (docs/ADDING-AN-ADAPTER.md).
 */
#include <string.h>

#include "driftop/adapt/adapter.h"
#include "driftop/adapt/feature.h"
#include "driftop/adapt/notify.h"

/* clang-format off */
#define SERVERS(X)                                                                                 \
    X(adapter_open_inference)

#define REGISTRIES(X)                                                                              \
    X(adapter_mlflow)

#define TRAFFIC(X)                                                                                 \
    X(adapter_haproxy)

#define FEATURES(X)                                                                                \
    X(feature_jsonl)                                                                               \
    X(feature_csv)

#define NOTIFIERS(X)                                                                               \
    X(notify_command)                                                                              \
    X(notify_alertmanager)
/* clang-format on */

#define DECLARE_ADAPTER(name) extern const struct adapter name;
#define DECLARE_FEATURE(name) extern const struct feature_adapter name;
#define DECLARE_NOTIFY(name)  extern const struct notify_adapter name;
#define ROW(name)             &name,

SERVERS(DECLARE_ADAPTER)
REGISTRIES(DECLARE_ADAPTER)
TRAFFIC(DECLARE_ADAPTER)
FEATURES(DECLARE_FEATURE)
NOTIFIERS(DECLARE_NOTIFY)

const struct adapter *const adapt_servers[] = {SERVERS(ROW) NULL};
const struct adapter *const adapt_registries[] = {REGISTRIES(ROW) NULL};
const struct adapter *const adapt_traffic[] = {TRAFFIC(ROW) NULL};
const struct feature_adapter *const adapt_features[] = {FEATURES(ROW) NULL};
const struct notify_adapter *const adapt_notifiers[] = {NOTIFIERS(ROW) NULL};

const struct feature_adapter *adapt_feature_find(const char *name)
{
    for (size_t i = 0; adapt_features[i]; i++)
        if (strcmp(adapt_features[i]->name, name) == 0)
            return adapt_features[i];
    return NULL;
}

const struct notify_adapter *adapt_notify_find(const char *name)
{
    for (size_t i = 0; adapt_notifiers[i]; i++)
        if (strcmp(adapt_notifiers[i]->name, name) == 0)
            return adapt_notifiers[i];
    return NULL;
}
