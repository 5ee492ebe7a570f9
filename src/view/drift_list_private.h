/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * View 4's state, shared by its drawing (drift.c) and the columns of its list (drift_list.c).
 */
#ifndef DRIFTOP_VIEW_DRIFT_LIST_PRIVATE_H
#define DRIFTOP_VIEW_DRIFT_LIST_PRIVATE_H

#include "driftop/query/drift.h"
#include "drift_map_private.h"
#include "list_private.h"

struct drift_state {
    struct list list;
    struct drift_view data;
    char deployment[MODEL_NAME_SIZE]; /* "" all */
    enum window_span span;
    bool grouped; /* one line for a feature, the worst of its versions and deployments */
    int *lines;   /* what is listed: indices into data.lines; owned */
    int *members; /* how many each stands for */
    int n_lines;
    int64_t now_ms;
    struct drift_map map;
};

/* The data's line that a row of the list stands for. */
const struct drift_line *drift_line_at(const struct drift_state *s, int row);
/* What a line drifts by: the name of its shape, else the statistics that say so; "" for nothing. */
char *drift_why_text(const struct drift_line *l, char *buf, size_t size);

extern const struct list_source drift_source;

#endif
