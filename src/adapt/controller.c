/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/adapt/controller.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/vec.h"

#define STEPS_MAX 1000

const char *control_kind_name(enum control_kind kind)
{
    switch (kind) {
    case CONTROL_POINTER: return "pointer";
    case CONTROL_WEIGHT: return "weight";
    case CONTROL_TRANSITION: return "transition";
    case CONTROL_SPEC: return "spec";
    }
    return "?";
}

void control_steps_init(struct control_steps *steps)
{
    *steps = (struct control_steps){0};
}

void control_steps_done(struct control_steps *steps)
{
    for (size_t i = 0; i < steps->n_items; i++) {
        net_request_done(&steps->items[i].request);
        net_request_done(&steps->items[i].inverse);
    }
    free(steps->items);
    *steps = (struct control_steps){0};
}

struct control_step *control_steps_add(struct control_steps *steps)
{
    struct control_step *s;

    if (steps->n_items >= STEPS_MAX ||
        VEC_ROOM(steps->items, steps->n_items, steps->items_capacity, 1) < 0)
        return NULL;
    s = &steps->items[steps->n_items++];
    memset(s, 0, sizeof *s);
    net_request_init(&s->request, NET_HTTP);
    net_request_init(&s->inverse, NET_HTTP);
    return s;
}
