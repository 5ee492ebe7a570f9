/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pairs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"

/* Names of the spool's headers for a half; no HTTP header that is kept is called so. */
static const char *const half_names[] = {"Half-Key", "Half-Is", "Half-Of", "Half-Version",
                                         "Half-Time"};
#define HALF_NAMES (sizeof half_names / sizeof *half_names)

struct waiting {
    int64_t at_ms;
    struct sink_half half; /* texts point into the fields below */
    char deployment[MODEL_NAME_SIZE], version[MODEL_NAME_SIZE];
    char body[];
};

void pairs_init(struct pairs *p)
{
    map_init(&p->by_key);
}

void pairs_done(struct pairs *p)
{
    for (size_t i = 0; i < p->by_key.n_entries; i++)
        if (p->by_key.entries[i].key)
            free(p->by_key.entries[i].value.pointer);
    map_done(&p->by_key);
}

static struct waiting *waiting_new(const struct sink_half *half, int64_t at_ms)
{
    struct waiting *w = malloc(sizeof *w + half->length + 1);
    if (!w)
        return NULL;
    w->at_ms = at_ms;
    w->half = *half;
    w->half.deployment =
        utf8_clean(w->deployment, sizeof w->deployment, half->deployment, strlen(half->deployment));
    w->half.version =
        utf8_clean(w->version, sizeof w->version, half->version, strlen(half->version));
    memcpy(w->body, half->body, half->length);
    w->body[half->length] = '\0';
    w->half.body = w->body;
    return w;
}

static void forget(struct pairs *p, struct waiting *w)
{
    map_remove(&p->by_key, w->half.key);
    free(w);
}

void pairs_take(struct pairs *p, const struct sink_half *half, int64_t at_ms,
                const struct feature_sink *out)
{
    union map_value *known = map_get(&p->by_key, half->key);
    if (known) {
        struct waiting *w = known->pointer;
        if (w->half.is_response == half->is_response)
            return; /* a sender that tried twice */
        sink_join(half->is_response ? &w->half : half, half->is_response ? half : &w->half,
                  w->at_ms, out, NULL);
        forget(p, w);
        return;
    }
    struct waiting *w = p->by_key.count < PAIRS_MAX ? waiting_new(half, at_ms) : NULL;
    union map_value *slot = w ? map_put(&p->by_key, half->key, NULL) : NULL;
    if (slot) {
        slot->pointer = w;
        return;
    }
    free(w);
    out->refused(out->ctx, REFUSED_UNPAIRED, NULL);
}

size_t pairs_expire(struct pairs *p, int64_t now_ms, const struct feature_sink *out)
{
    size_t n = 0;
    for (size_t i = 0; i < p->by_key.n_entries; i++) {
        if (!p->by_key.entries[i].key)
            continue;
        struct waiting *w = p->by_key.entries[i].value.pointer;
        if (now_ms - w->at_ms < PAIRS_WAIT_MS)
            continue;
        forget(p, w);
        out->refused(out->ctx, REFUSED_UNPAIRED, NULL);
        n++;
    }
    return n;
}

static int carry(const struct waiting *w, struct spool *spool, struct err *e)
{
    char time[32];
    const char *values[HALF_NAMES] = {w->half.key, w->half.is_response ? "response" : "request",
                                      w->half.deployment, w->half.version, time};
    struct spool_record record = {
        .at_ms = w->at_ms,
        .n_headers = HALF_NAMES,
        .body = w->half.body,
        .length = w->half.length,
    };
    snprintf(time, sizeof time, "%" PRId64, w->half.at_ms);
    memcpy(record.names, half_names, sizeof half_names);
    memcpy(record.values, values, sizeof values);
    return spool_append(spool, &record, e);
}

int pairs_carry(struct pairs *p, struct spool *spool, const struct feature_sink *out, struct err *e)
{
    int r = 0;
    for (size_t i = 0; i < p->by_key.n_entries && r == 0; i++) {
        if (!p->by_key.entries[i].key)
            continue;
        struct waiting *w = p->by_key.entries[i].value.pointer;
        bool room = spool->bytes + w->half.length + sizeof *w < spool->limit;
        if (room) {
            r = carry(w, spool, e);
            continue;
        }
        forget(p, w);
        out->refused(out->ctx, REFUSED_FULL, NULL);
    }
    return r;
}

bool pairs_restore(struct pairs *p, const struct spool_record *record,
                   const struct feature_sink *out)
{
    struct sink_half half = {.body = record->body, .length = record->length};

    if (record->n_headers != HALF_NAMES || strcmp(record->names[0], half_names[0]) != 0)
        return false;
    str_copy(half.key, sizeof half.key, record->values[0]);
    half.is_response = strcmp(record->values[1], "response") == 0;
    half.deployment = record->values[2];
    half.version = record->values[3];
    half.at_ms = strtoll(record->values[4], NULL, 10);
    pairs_take(p, &half, record->at_ms, out);
    return true;
}
