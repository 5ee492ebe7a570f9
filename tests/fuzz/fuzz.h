/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fuzz target is one file NAME.c with the function below, a folder corpus/NAME of small files and
 * three lines in local.mk. Built with --enable-fuzzers (clang) it is a libFuzzer program; without, it
 * replays its corpus in `make check`.
 */
#ifndef DRIFTOP_TESTS_FUZZ_H
#define DRIFTOP_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Returns 0. Aborts when a property does not hold. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): it must hold in every build. */
static inline void fuzz_check(int holds)
{
    if (!holds)
        abort();
}

/* Many targets have several decoders: the first byte picks one of n, the rest is the input. */
static inline unsigned fuzz_pick(const uint8_t **data, size_t *size, unsigned n)
{
    if (*size == 0)
        return 0;
    unsigned picked = **data % n;
    ++*data;
    --*size;
    return picked;
}

#endif
