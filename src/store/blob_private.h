/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers inside blobs: little-endian whatever the machine, so that an exported store opens
 * anywhere. A float goes as its IEEE bits.
 */
#ifndef DRIFTOP_STORE_BLOB_PRIVATE_H
#define DRIFTOP_STORE_BLOB_PRIVATE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void blob_put(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> (8 * i));
}

static inline uint64_t blob_get(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)at[i] << (8 * i);
    return value;
}

static inline void blob_put_float(unsigned char *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    blob_put(at, bits, 4);
}

static inline float blob_get_float(const unsigned char *at)
{
    uint32_t bits = (uint32_t)blob_get(at, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
