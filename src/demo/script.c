/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/demo/script.h"

#include <string.h>

enum fault_kind {
    FAULT_BAD_VERSION,
    FAULT_SCALE,
    FAULT_NEW_VALUE,
    FAULT_NULLS,
    FAULT_SLOW,
    FAULT_DEAD
};

struct fault {
    double at_s;
    enum fault_kind kind;
    const char *deployment; /* NULL: all with a mobile client */
    unsigned version;       /* where it is one version's */
    const char *feature;
    double amount;
    const char *text;
};

const struct script_promotion script_promotion = {15, "fraud-score", 1, {25, 75}};

/* fraud-score comes first and is hit in its new version only: its device_os is not of the mobile
 * client, so that taking version 42 out heals it altogether. */
static const struct fault faults[] = {
    {20, FAULT_BAD_VERSION, "fraud-score", 1, NULL, 0.12,
     "fraud-score 42: 12 % errors, scores shifted"},
    {30, FAULT_SCALE, "pay-risk", 0, "amount_7d", 100, "pay-risk: amount_7d in cents, x100"},
    {38, FAULT_NEW_VALUE, NULL, 0, "device_os", 0.12, "mobile clients: device_os 'os18'"},
    {46, FAULT_NULLS, "ltv", 0, "income", 0.10, "ltv: 10 % of income missing"},
    {54, FAULT_SLOW, "rank-home", 1, NULL, 0.08, "rank-home 101: slow, 8 % errors"},
    {60, FAULT_DEAD, "eta-eu", 1, NULL, 0, "eta-eu 8: its server is dead"},
};
#define N_FAULTS (sizeof faults / sizeof *faults)

static bool hits(const struct fault *f, const struct catalog_deployment *d)
{
    return f->deployment ? strcmp(f->deployment, d->name) == 0 : d->mobile_client;
}

static void add_fault(const struct fault *f, struct symptoms *s)
{
    struct version_symptoms *v = &s->versions[f->version];

    switch (f->kind) {
    case FAULT_BAD_VERSION:
        v->error_ratio = f->amount;
        v->biased = true;
        break;
    case FAULT_SLOW:
        v->error_ratio = f->amount;
        v->latency_factor = 9;
        v->slow_ratio = 0.15;
        break;
    case FAULT_DEAD: v->dead = true; break;
    case FAULT_SCALE:
        s->scaled_feature = f->feature;
        s->scale = f->amount;
        break;
    case FAULT_NULLS:
        s->nulled_feature = f->feature;
        s->null_ratio = f->amount;
        break;
    case FAULT_NEW_VALUE:
        s->renewed_feature = f->feature;
        s->new_value = "os18";
        s->new_ratio = f->amount;
        break;
    }
}

void script_symptoms(const struct catalog_deployment *d, double at_s, struct symptoms *ret)
{
    *ret = (struct symptoms){.scale = 1};
    for (size_t i = 0; i < CATALOG_VERSIONS; i++)
        ret->versions[i].latency_factor = 1;
    for (size_t i = 0; i < N_FAULTS; i++)
        if (at_s >= faults[i].at_s && hits(&faults[i], d))
            add_fault(&faults[i], ret);
}

bool script_event(size_t i, double *ret_at_s, const char **ret_text)
{
    if (i > N_FAULTS)
        return false;
    *ret_at_s = i == 0 ? script_promotion.at_s : faults[i - 1].at_s;
    *ret_text = i == 0 ? "ci-bot promotes fraud-score 42 to 75 %" : faults[i - 1].text;
    return true;
}
