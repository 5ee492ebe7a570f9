/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every adapter once. A new one: its file, one declaration and one row here.
 */
#include "driftop/adapt/adapter.h"
#include "driftop/adapt/feature.h"
#include "driftop/adapt/notify.h"

#include <string.h>

extern const struct adapter adapter_open_inference;
extern const struct adapter adapter_mlflow;
extern const struct adapter adapter_haproxy;
extern const struct feature_adapter feature_jsonl;
extern const struct feature_adapter feature_csv;
extern const struct notify_adapter notify_command;
extern const struct notify_adapter notify_alertmanager;

const struct adapter *const adapt_servers[] = {
    &adapter_open_inference,
    NULL,
};

const struct adapter *const adapt_registries[] = {
    &adapter_mlflow,
    NULL,
};

const struct adapter *const adapt_traffic[] = {
    &adapter_haproxy,
    NULL,
};

const struct feature_adapter *const adapt_features[] = {
    &feature_jsonl,
    &feature_csv,
    NULL,
};

const struct notify_adapter *const adapt_notifiers[] = {
    &notify_command,
    &notify_alertmanager,
    NULL,
};

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
