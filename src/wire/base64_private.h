/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Base64 (RFC 4648, standard or URL alphabet, padding optional) to bytes.
 */
#ifndef DRIFTOP_WIRE_BASE64_PRIVATE_H
#define DRIFTOP_WIRE_BASE64_PRIVATE_H

#include <stddef.h>

struct str;

/* Appended to ret. ERR_DATA for anything else. */
int base64_decode(const char *text, size_t length, struct str *ret);

#endif
