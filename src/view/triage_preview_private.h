/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lower half of Triage.
 */
#ifndef DRIFTOP_VIEW_TRIAGE_PREVIEW_PRIVATE_H
#define DRIFTOP_VIEW_TRIAGE_PREVIEW_PRIVATE_H

#include "driftop/query/triage.h"
#include "driftop/term/rect.h"

struct canvas;

/* Whole sentences where there is room for all of them, else one line each. */
void triage_preview_draw(const struct triage_preview *p, struct canvas *c, struct rect area);

#endif
