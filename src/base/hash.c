/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct hash_stream {
    EVP_MD_CTX *context;
    int ok;
};

static char *to_hex(const unsigned char *digest, size_t length, char buf[HASH_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < length; i++) {
        buf[2 * i] = digits[digest[i] >> 4];
        buf[2 * i + 1] = digits[digest[i] & 15];
    }
    buf[2 * length] = '\0';
    return buf;
}

char *hash_sha256(const void *bytes, size_t length, char buf[HASH_HEX_SIZE])
{
    struct hash_stream *h = hash_stream_new();

    hash_stream_add(h, bytes, length);
    return hash_stream_end(h, buf);
}

struct hash_stream *hash_stream_new(void)
{
    struct hash_stream *h = calloc(1, sizeof *h);

    if (!h)
        return NULL;
    h->context = EVP_MD_CTX_new();
    h->ok = h->context && EVP_DigestInit_ex(h->context, EVP_sha256(), NULL);
    return h;
}

void hash_stream_add(struct hash_stream *h, const void *bytes, size_t length)
{
    if (h && h->ok && length > 0)
        h->ok = EVP_DigestUpdate(h->context, bytes, length);
}

char *hash_stream_end(struct hash_stream *h, char buf[HASH_HEX_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;

    buf[0] = '\0';
    if (!h)
        return buf;
    if (h->ok && EVP_DigestFinal_ex(h->context, digest, &length) &&
        2 * (size_t)length + 1 == HASH_HEX_SIZE)
        to_hex(digest, length, buf);
    EVP_MD_CTX_free(h->context);
    free(h);
    return buf;
}

uint64_t hash_fast(const void *bytes, size_t length, uint64_t seed)
{
    const unsigned char *p = bytes;
    uint64_t hash = 0xcbf29ce484222325 ^ seed; /* FNV's offset basis and, below, its prime */

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ p[i]) * 0x100000001b3;
    return hash;
}
