/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How `driftop drift` looks to people and to spreadsheets.
 */
#ifndef DRIFTOP_CMD_DRIFT_PRINT_H
#define DRIFTOP_CMD_DRIFT_PRINT_H

#include <stdio.h>

struct drift_view;
struct feature_view;

void drift_print(const struct drift_view *d, FILE *out);
void drift_print_csv(const struct drift_view *d, FILE *out);
void drift_print_feature(const struct feature_view *f, FILE *out);

#endif
