/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/tensors.h"

#include <string.h>

#include "driftop/base/err.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"age", "amount"};
    struct tensors t;
    struct err e;
    unsigned picked = fuzz_pick(&data, &size, 4);
    enum tensors_side side = picked & 1 ? TENSORS_RESPONSE : TENSORS_REQUEST;
    if (tensors_decode((const char *)data, size, side, names, picked & 2, &t, &e) == 0) {
        for (size_t i = 0; i < t.n_rows; i++)
            fuzz_check(t.rows[i].first + t.rows[i].n <= t.n_fields);
        for (size_t i = 0; i < t.n_fields; i++)
            fuzz_check(strlen(t.fields[i].name) == t.fields[i].name_length);
    }
    tensors_done(&t);
    return 0;
}
