/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SHA-256 by libcrypto, in src/base/hash.c only; and a fast 64-bit hash for tables.
 */
#ifndef DRIFTOP_BASE_HASH_H
#define DRIFTOP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_HEX_SIZE 65

/* Lower-case hexadecimal, NUL-terminated. Returns buf, which is "" when libcrypto failed (out of
 * memory). */
char *hash_sha256(const void *bytes, size_t length, char buf[HASH_HEX_SIZE]);

/* The same in pieces. NULL when out of memory, which the other two accept (and give ""). */
struct hash_stream;
struct hash_stream *hash_stream_new(void);
void hash_stream_add(struct hash_stream *h, const void *bytes, size_t length);
/* Ends and frees it. */
char *hash_stream_end(struct hash_stream *h, char buf[HASH_HEX_SIZE]);

/* FNV-1a with a seed; not for anything that must resist an attacker who knows the seed. */
uint64_t hash_fast(const void *bytes, size_t length, uint64_t seed);

#endif
