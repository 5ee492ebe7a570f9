/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "driftop/query/lists.h"
#include "member_private.h"
#include "snapshot_private.h"

#define RESOLVED_SHOWN_MS (24 * 3600000LL)

int alert_list_load(struct store *s, int64_t now_ms, struct alert_list *ret, struct err *e)
{
    struct snapshot sn;
    *ret = (struct alert_list){.at_ms = now_ms};
    int rc = snapshot_load(s, now_ms - RESOLVED_SHOWN_MS, now_ms, &sn, e);
    ret->status = sn.status;
    ret->alerts = sn.alerts;
    ret->n_alerts = sn.n_alerts;
    sn.alerts = NULL;
    ret->deployments = sn.deployments;
    ret->n_deployments = sn.n_deployments;
    sn.deployments = NULL;
    sn.n_deployments = 0;
    snapshot_done(&sn);
    return rc;
}

void alert_list_done(struct alert_list *list)
{
    free(list->alerts);
    free(list->deployments);
    *list = (struct alert_list){0};
}

const char *alert_list_owner(const struct alert_list *list, const char *deployment)
{
    for (size_t i = 0; i < list->n_deployments; i++)
        if (strcmp(list->deployments[i].name, deployment) == 0)
            return list->deployments[i].owner;
    return "";
}

struct json *alert_list_json(const struct alert_list *list)
{
    struct json *o = query_json("driftop.alerts.v1", list->at_ms), *alerts = json_new_array();

    json_put(o, "status", status_json(&list->status));
    for (size_t i = 0; i < list->n_alerts; i++)
        json_append(alerts, alert_json(&list->alerts[i]));
    json_put(o, "alerts", alerts);
    return o;
}
