/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012): the hash of tables
 * whose keys an attacker chooses. Without the key, nobody can make keys collide.
 */
#ifndef DRIFTOP_BASE_SIPHASH_PRIVATE_H
#define DRIFTOP_BASE_SIPHASH_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

struct siphash_key {
    uint64_t k0, k1;
};

uint64_t siphash(struct siphash_key key, const void *bytes, size_t length);

#endif
