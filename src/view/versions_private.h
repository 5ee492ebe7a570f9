/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The versions of one deployment as a table: in Fleet's preview and on top of Model.
 */
#ifndef DRIFTOP_VIEW_VERSIONS_PRIVATE_H
#define DRIFTOP_VIEW_VERSIONS_PRIVATE_H

#include "driftop/query/fleet.h"
#include "driftop/widget/table.h"
#include "view_private.h"

/* state NULL: nothing is selected. */
void versions_draw(struct canvas *c, struct rect area, const struct fleet_line *line,
                   struct table_state *state, const struct view_frame *frame);
bool versions_key(const struct fleet_line *line, struct table_state *state, const struct key *key,
                  const struct view_frame *frame);
/* What is behind the numbers of a version, as lines of text. */
void versions_detail(const struct fleet_line *line, int row, const struct view_frame *frame,
                     struct str *ret);

#endif
