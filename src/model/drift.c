/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/model/drift.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/stats/budget.h"

void layout_free(struct layout *layout)
{
    if (!layout)
        return;
    for (size_t i = 0; i < layout->n_features; i++)
        codebook_free(layout->features[i].codebook);
    free(layout->features);
    free(layout);
}

int layout_close(struct layout *layout)
{
    struct hash_stream *hash;
    uint64_t n_cells = 0;

    for (size_t i = 0; i < layout->n_features; i++) {
        struct layout_feature *f = &layout->features[i];
        size_t cells = codebook_cells(f->codebook);
        if (n_cells + cells > UINT32_MAX)
            return ERR_LIMIT;
        f->first_cell = (uint32_t)n_cells;
        f->n_cells = (uint32_t)cells;
        n_cells += cells;
        str_copy(f->codebook_hash, sizeof f->codebook_hash, codebook_hash(f->codebook));
    }
    layout->n_cells = (uint32_t)n_cells;

    hash = hash_stream_new();
    if (!hash)
        return ERR_NOMEM;
    for (size_t i = 0; i < layout->n_features; i++) {
        const struct layout_feature *f = &layout->features[i];
        /* The NUL ends the name, so that no two lists of names run into the same bytes. */
        hash_stream_add(hash, f->name, strlen(f->name) + 1);
        hash_stream_add(hash, f->codebook_hash, strlen(f->codebook_hash));
    }
    hash_stream_end(hash, layout->hash);
    return 0;
}

#define MONTH_MS (30 * 24 * INT64_C(3600000))

double drift_alpha(double false_pages, size_t n_features, size_t n_versions, enum window_span span)
{
    int64_t span_ms = window_bucket_ms(span) * (int64_t)window_bucket_count(span);
    struct budget budget = {.false_pages = false_pages,
                            .windows = (double)(MONTH_MS / span_ms),
                            .features = n_features,
                            .comparators = n_versions > 0 ? 2 * n_versions - 1 : 1};
    return budget_alpha(&budget);
}

int layout_find(const struct layout *layout, const char *feature, size_t length)
{
    for (size_t i = 0; i < layout->n_features; i++) {
        const char *name = layout->features[i].name;
        if (strlen(name) == length && memcmp(name, feature, length) == 0)
            return (int)i;
    }
    return -1;
}
