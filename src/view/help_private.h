/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Help needs to know which view it is about.
 */
#ifndef DRIFTOP_VIEW_HELP_PRIVATE_H
#define DRIFTOP_VIEW_HELP_PRIVATE_H

#include <stdbool.h>

void help_set_where(void *state, unsigned where, bool read_only);

#endif
