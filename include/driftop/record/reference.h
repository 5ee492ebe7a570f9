/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A deployment's reference file becomes its layout: each column but time, version and identifiers
 * is frozen into a codebook. The prediction column is one of them.
 */
#ifndef DRIFTOP_RECORD_REFERENCE_H
#define DRIFTOP_RECORD_REFERENCE_H

#include "driftop/config/config.h"
#include "driftop/model/drift.h"

struct err;

/* At most 1 GiB, 4,096 columns and 32 Mi values. ERR_ABSENT when the file is not there, ERR_DATA with
 * the line of the first bad row, ERR_LIMIT. The caller frees *ret with layout_free(). */
int reference_load(const struct config_deployment *d, struct layout **ret, struct err *e);

#endif
