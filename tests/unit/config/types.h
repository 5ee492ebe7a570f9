/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Adapter types for tests: the ones of the manual's first example, and one with a row of every
 * option type.
 */
#ifndef DRIFTOP_TESTS_UNIT_CONFIG_TYPES_H
#define DRIFTOP_TESTS_UNIT_CONFIG_TYPES_H

#include "driftop/config/load.h"

extern const struct config_types test_types;

#endif
