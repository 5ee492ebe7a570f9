/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/ndjson.h"

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "fuzz.h"

/* A line is taken exactly when base/json reads an object in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ndjson_row row;
    struct json *json = NULL;
    struct err e;
    const char *line = (const char *)data;
    struct ndjson *n = ndjson_new("features");
    int ours = ndjson_parse(n, line, size, &row, &e);
    int theirs = json_parse(line, size, &json, &e);
    if (row.reason != NDJSON_TOO_MANY && row.reason != NDJSON_TOO_LONG)
        fuzz_check((ours == 0) == (theirs == 0 && json_kind(json) == JSON_OBJECT));
    if (ours == 0) {
        size_t features = row.has_features ? 1 : 0;
        size_t nested = row.n_nested;
        fuzz_check(row.n_fields + features <= json_length(json));
        fuzz_check(features || row.n_fields + nested == json_length(json));
    }
    json_drop(json);
    ndjson_free(n);
    return 0;
}
