/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Called first of all by every program that uses the statistics: GSL's own error handler ends the
 * process, and a monitor does not die of an underflow.
 */
#ifndef DRIFTOP_STATS_SETUP_H
#define DRIFTOP_STATS_SETUP_H

void stats_setup(void);

#endif
