/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/alert/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/map.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"

#define ALERTS_MAX      100000
#define OUT_AFTER_LOOKS 2
#define LOOK_GAP_MS     60000  /* between two looks of which nobody knows what was in between */
#define RESTORED_FOR_MS 300000 /* so long a restored alert waits for its first look */

/* An alert and what the engine remembers beside it, from its first bad look until its resolution
 * is stored. */
struct entry {
    struct alert_state state;
    size_t index;         /* in the list */
    int64_t bad_since_ms; /* 0: the last look was not bad */
    int64_t looked_ms;    /* 0: restored, and not looked at since */
    int64_t good_read_ms; /* the reading of the last good look */
    int good_looks;
    bool live, changed;
};

/* What is known of a version's service. A version that gets no traffic when it is first seen is in
 * doubt until it either moves or has stood still for long enough. */
enum service_word { SERVICE_DOUBT, SERVICE_IN, SERVICE_OUT };
struct service {
    double activity;
    int still_looks;
    bool seen;
    enum service_word word;
};

struct alert_engine {
    struct entry **entries;
    size_t n_entries, entries_capacity;
    size_t next_changed; /* where the search for changed ones goes on, so that all get their turn */
    struct map by_key;
    struct map services;
};

struct alert_engine *alert_engine_new(void)
{
    struct alert_engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return NULL;
    map_init(&engine->by_key);
    map_init(&engine->services);
    return engine;
}

void alert_engine_free(struct alert_engine *engine)
{
    if (!engine)
        return;
    for (size_t i = 0; i < engine->n_entries; i++)
        free(engine->entries[i]);
    for (size_t i = 0; i < engine->services.n_entries; i++)
        if (engine->services.entries[i].key)
            free(engine->services.entries[i].value.pointer);
    free(engine->entries);
    map_done(&engine->by_key);
    map_done(&engine->services);
    free(engine);
}

/* Names hold no control characters, so a unit separator keeps the parts apart. */
static int make_key(char *buf, size_t size, const char *a, const char *b, const char *c, int rule)
{
    return snprintf(buf, size, "%d\x1f%s\x1f%s\x1f%s", rule, a, b, c) < (int)size ? 0 : ERR_LIMIT;
}

static struct entry *add_entry(struct alert_engine *engine, const char *key)
{
    if (VEC_ROOM(engine->entries, engine->n_entries, engine->entries_capacity, 1) < 0)
        return NULL;
    struct entry *entry = calloc(1, sizeof *entry);
    union map_value *slot = entry ? map_put(&engine->by_key, key, NULL) : NULL;
    if (!slot) {
        free(entry);
        return NULL;
    }
    slot->pointer = entry;
    entry->index = engine->n_entries;
    engine->entries[engine->n_entries++] = entry;
    return entry;
}

/* *ret is NULL where there is none and none is to be made. */
static int find_entry(struct alert_engine *engine, enum alert_rule rule, const char *deployment,
                      const char *version, const char *feature, bool create, struct entry **ret)
{
    char key[4 * MODEL_NAME_SIZE];

    *ret = NULL;
    if (make_key(key, sizeof key, deployment, version, feature, (int)rule) < 0)
        return ERR_LIMIT;
    union map_value *known = map_get(&engine->by_key, key);
    if (known) {
        *ret = known->pointer;
        return 0;
    }
    if (!create)
        return 0;
    if (engine->n_entries >= ALERTS_MAX)
        return ERR_LIMIT;
    struct entry *entry = add_entry(engine, key);
    if (!entry)
        return ERR_NOMEM;
    entry->state.rule = rule;
    entry->state.phase = ALERT_RESOLVED;
    str_copy(entry->state.deployment, sizeof entry->state.deployment, deployment);
    str_copy(entry->state.version, sizeof entry->state.version, version);
    str_copy(entry->state.feature, sizeof entry->state.feature, feature);
    *ret = entry;
    return 0;
}

static void drop_entry(struct alert_engine *engine, struct entry *entry)
{
    char key[4 * MODEL_NAME_SIZE];
    const struct alert_state *s = &entry->state;

    if (make_key(key, sizeof key, s->deployment, s->version, s->feature, (int)s->rule) == 0)
        map_remove(&engine->by_key, key);
    engine->entries[entry->index] = engine->entries[--engine->n_entries];
    engine->entries[entry->index]->index = entry->index;
    free(entry);
}

int alert_engine_restore(struct alert_engine *engine, const struct alert_state *state)
{
    struct entry *entry;
    int r = find_entry(engine, state->rule, state->deployment, state->version, state->feature, true,
                       &entry);
    if (r < 0)
        return r;
    /* One that was pending begins its time anew: nobody looked in between. */
    entry->state = *state;
    entry->live = true;
    return 0;
}

static void touch(struct entry *entry, int64_t now_ms)
{
    entry->state.changed_ms = now_ms;
    entry->changed = true;
}

static void resolve(struct entry *entry, const char *why, int64_t now_ms)
{
    /* One that never fired was nobody's business: it vanishes, but a stored row must say so. */
    entry->state.phase = ALERT_RESOLVED;
    entry->state.resolved_ms = now_ms;
    str_copy(entry->state.resolution, sizeof entry->state.resolution, why);
    entry->bad_since_ms = 0;
    entry->good_looks = 0;
    entry->live = false;
    touch(entry, now_ms);
}

/* A new alert in the same place is a new row: the old one keeps its history. But where the old one's
 * end was never stored, as on a full disk, everybody still sees it fire: it goes on. */
static void begin(struct entry *entry, int64_t now_ms)
{
    struct alert_state *s = &entry->state;

    if (!entry->changed || !s->fired_ms) {
        if (!entry->changed)
            s->id = 0;
        s->since_ms = now_ms;
        s->fired_ms = s->acked_ms = 0;
        s->acked_by[0] = s->note[0] = '\0';
        s->severity = ALERT_TICKET;
    }
    s->phase = s->fired_ms ? ALERT_FIRING : ALERT_PENDING;
    s->resolved_ms = 0;
    s->resolution[0] = '\0';
    entry->live = true;
    entry->bad_since_ms = now_ms;
    entry->good_looks = 0;
    touch(entry, now_ms);
}

static void look_bad(struct entry *entry, const struct alert_look *look, int64_t now_ms)
{
    struct alert_state *s = &entry->state;
    enum alert_severity severity = look->sign == SIGN_PAGE ? ALERT_PAGE : ALERT_TICKET;

    if (!entry->live)
        begin(entry, now_ms);
    entry->good_looks = 0;
    /* A clock that jumped, or a machine that slept, proves nothing about the time in between. */
    int64_t gap_ms = now_ms - entry->looked_ms;
    if (!entry->bad_since_ms || (entry->looked_ms && (gap_ms < 0 || gap_ms > LOOK_GAP_MS)))
        entry->bad_since_ms = now_ms;
    /* Severity only rises while it fires: a page does not turn into a ticket behind one's back. */
    if (severity > s->severity || (s->phase == ALERT_PENDING && severity != s->severity)) {
        s->severity = severity;
        touch(entry, now_ms);
    }
    if (strcmp(s->summary, look->summary) != 0) {
        str_copy(s->summary, sizeof s->summary, look->summary);
        touch(entry, now_ms);
    }
    s->value = look->value;
    s->threshold = look->threshold;
    if (s->phase == ALERT_PENDING && now_ms - entry->bad_since_ms >= look->for_ms) {
        s->phase = ALERT_FIRING;
        s->fired_ms = now_ms;
        touch(entry, now_ms);
    }
}

static void look_good(struct entry *entry, const struct alert_look *look, int64_t now_ms)
{
    if (!entry->live)
        return;
    /* The same reading looked at again says nothing new. */
    if (!look->read_ms || look->read_ms != entry->good_read_ms || entry->good_looks == 0)
        entry->good_looks++;
    entry->good_read_ms = look->read_ms;
    if (entry->state.phase == ALERT_PENDING) {
        resolve(entry, "did not last", now_ms);
    } else if (entry->good_looks >= look->good_looks) {
        entry->state.value = look->value;
        resolve(entry, "back to normal", now_ms);
    }
}

static struct service *find_service(struct alert_engine *engine, const char *deployment,
                                    const char *version, bool create)
{
    char key[4 * MODEL_NAME_SIZE];
    if (make_key(key, sizeof key, deployment, version, "", 0) < 0)
        return NULL;
    union map_value *slot = map_get(&engine->services, key);
    if (slot || !create)
        return slot ? slot->pointer : NULL;
    struct service *service = calloc(1, sizeof *service);
    slot = service ? map_put(&engine->services, key, NULL) : NULL;
    if (!slot) {
        free(service);
        return NULL;
    }
    slot->pointer = service;
    return service;
}

static void look_hold(struct entry *entry)
{
    /* "For a minute" means a minute of bad looks: one that cannot tell starts it again. */
    if (entry->state.phase == ALERT_PENDING)
        entry->bad_since_ms = 0;
    entry->good_looks = 0;
}

int alert_engine_look(struct alert_engine *engine, enum alert_rule rule, const char *deployment,
                      const char *version, const char *feature, const struct alert_look *look,
                      int64_t now_ms)
{
    enum service_word word = SERVICE_IN;
    struct entry *entry;

    if (version[0] && rule != ALERT_STALE) {
        const struct service *service = find_service(engine, deployment, version, false);
        word = service ? service->word : SERVICE_IN;
    }
    bool bad = look->sign == SIGN_TICKET || look->sign == SIGN_PAGE;
    int r =
        find_entry(engine, rule, deployment, version, feature, bad && word == SERVICE_IN, &entry);
    if (r < 0 || !entry || (!entry->live && word != SERVICE_IN))
        return r;
    if (word == SERVICE_OUT) {
        entry->looked_ms = now_ms;
        return 0;
    }
    if (bad)
        look_bad(entry, look, now_ms);
    else if (look->sign == SIGN_GOOD)
        look_good(entry, look, now_ms);
    else
        look_hold(entry);
    entry->looked_ms = now_ms;
    return 0;
}

static void retire(struct alert_engine *engine, const char *deployment, const char *version,
                   int64_t now_ms)
{
    for (size_t i = 0; i < engine->n_entries; i++) {
        struct entry *entry = engine->entries[i];
        if (entry->live && entry->state.rule != ALERT_STALE &&
            strcmp(entry->state.version, version) == 0 &&
            strcmp(entry->state.deployment, deployment) == 0)
            resolve(entry, "out of service", now_ms);
    }
}

int alert_engine_service(struct alert_engine *engine, const char *deployment, const char *version,
                         bool desired_is_zero, double activity, int64_t now_ms)
{
    struct service *service = find_service(engine, deployment, version, true);
    if (!service)
        return ERR_NOMEM;
    /* A counter that fell was reset by a restart, which is no activity of the version. */
    bool grew = service->seen && activity > service->activity;
    service->still_looks = grew || !service->seen ? 0 : service->still_looks + 1;
    service->activity = activity;
    service->seen = true;
    if (!desired_is_zero || grew) {
        service->word = SERVICE_IN;
    } else if (service->word != SERVICE_OUT && service->still_looks >= OUT_AFTER_LOOKS) {
        service->word = SERVICE_OUT;
        retire(engine, deployment, version, now_ms);
    }
    return 0;
}

void alert_engine_sweep(struct alert_engine *engine, int64_t round_ms, int64_t now_ms)
{
    for (size_t i = 0; i < engine->n_entries; i++) {
        struct entry *entry = engine->entries[i];
        if (!entry->live)
            continue;
        /* After a start a version is unknown until its registry or splitter has answered. */
        if (!entry->looked_ms)
            entry->looked_ms = round_ms - 1 + RESTORED_FOR_MS;
        if (entry->looked_ms < round_ms)
            resolve(entry, "no longer watched", now_ms);
    }
}

size_t alert_engine_changed(struct alert_engine *engine, struct alert_state **ret, size_t n)
{
    size_t found = 0, seen = 0;

    for (; seen < engine->n_entries && found < n; seen++) {
        struct entry *entry = engine->entries[(engine->next_changed + seen) % engine->n_entries];
        if (entry->changed)
            ret[found++] = &entry->state;
    }
    engine->next_changed =
        engine->n_entries ? (engine->next_changed + seen) % engine->n_entries : 0;
    return found;
}

void alert_engine_stored(struct alert_engine *engine, struct alert_state *state)
{
    /* `state` is the first member of its entry. */
    struct entry *entry = (struct entry *)(void *)state;

    entry->changed = false;
    if (!entry->live)
        drop_entry(engine, entry);
}
