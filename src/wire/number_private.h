/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts of numbers that are not feature values: those by base/value.h, and what other syntaxes
 * add to them.
 */
#ifndef DRIFTOP_WIRE_NUMBER_PRIVATE_H
#define DRIFTOP_WIRE_NUMBER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* [+-]digits[.digits][e[+-]digits], correctly rounded; overflow gives infinity. */
bool number_decimal(const char *text, size_t length, double *ret);
/* The same, and hexadecimal floats (0x1p-2), NaN, Inf and Infinity in any case: what Go's
 * ParseFloat takes, without underscores. */
bool number_any(const char *text, size_t length, double *ret);
/* [+-]digits that fit. */
bool number_int(const char *text, size_t length, int64_t *ret);

#endif
