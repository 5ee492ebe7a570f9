/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/oip.h"

#include "driftop/base/err.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct oip_metadata metadata;
    struct oip_index index;
    struct err e;
    char text[64];
    unsigned picked = fuzz_pick(&data, &size, 3);
    const char *bytes = (const char *)data;
    switch (picked) {
    case 0:
        oip_parse_metadata(bytes, size, &metadata, &e);
        oip_metadata_done(&metadata);
        break;
    case 1:
        if (oip_parse_index(bytes, size, &index, NULL, &e) == 0)
            for (size_t i = 0; i < index.n_models; i++)
                fuzz_check(index.models[i].name != NULL);
        oip_index_done(&index);
        break;
    default: oip_error(bytes, size, text, sizeof text); break;
    }
    return 0;
}
