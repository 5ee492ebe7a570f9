/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/alertmanager.h"

#include "driftop/base/err.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e;
    fuzz_check(alertmanager_refusal(422, (const char *)data, size, &e) < 0);
    return 0;
}
