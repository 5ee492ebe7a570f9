/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the other modules of base/ need of utf8.c and nobody outside.
 */
#ifndef DRIFTOP_BASE_UTF8_PRIVATE_H
#define DRIFTOP_BASE_UTF8_PRIVATE_H

#include <stddef.h>

/* The longest prefix of bytes[0..length) that does not end in the middle of a character. Only a
 * sequence that is cut off counts as half; bytes that were broken anyhow stay. */
size_t utf8_cut(const char *bytes, size_t length);

#endif
