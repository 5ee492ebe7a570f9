/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_QUERY_PREVIEW_PRIVATE_H
#define DRIFTOP_QUERY_PREVIEW_PRIVATE_H

#include "evidence_private.h"

/* One line being looked at; all borrowed. */
struct previewing {
    struct store *s;
    const struct evidence *ev;
    const struct triage_line *line;
    const struct witness *w; /* of the line's version; NULL: it has none */
    enum surface surface;
};

/* preview_rollback.c: fills rollback_to, rollback, safe and verdict. */
void preview_rollback(const struct previewing *p, struct triage_preview *ret);

#endif
