/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/ndjson.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/hash.h"
#include "driftop/base/json.h"
#include "driftop/base/vec.h"
#include "ndjson_private.h"

#define SLOTS 8192 /* a power of two, twice NDJSON_FIELDS */

/* Members that are no fields keep their place in the list until the object ends, because a later
 * member of the same name may replace them. They are told by these addresses. */
static const char nested_mark[] = "nested";
static const char features_mark[] = "features";

/* The members of one object, found by name. A slot counts when its turn is the list's. */
struct members {
    struct field *fields;
    size_t n, capacity;
    size_t n_repeated;
    struct field first_repeated;
    uint32_t turn;
    struct {
        uint32_t turn, index;
    } slots[SLOTS];
};

struct ndjson {
    char *features_key;
    size_t features_key_length;
    uint64_t seed;
    struct ndjson_kept kept;
    struct members top, features;
};

struct ndjson *ndjson_new(const char *features_key)
{
    struct ndjson *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->seed = (uint64_t)(uintptr_t)n * 0x9e3779b97f4a7c15u;
    n->features_key = features_key ? strdup(features_key) : NULL;
    n->features_key_length = features_key ? strlen(features_key) : 0;
    if (features_key && !n->features_key) {
        free(n);
        return NULL;
    }
    return n;
}

void ndjson_free(struct ndjson *n)
{
    if (!n)
        return;
    ndjson_forget(&n->kept);
    free(n->kept.values);
    free(n->top.fields);
    free(n->features.fields);
    free(n->features_key);
    free(n);
}

static void members_clear(struct members *m)
{
    m->n = m->n_repeated = 0;
    if (++m->turn == 0) {
        memset(m->slots, 0, sizeof m->slots);
        m->turn = 1;
    }
}

/* The place of that name, made when it is new. NULL with the reason. */
static struct field *members_put(struct members *m, const char *name, size_t length, uint64_t seed,
                                 struct ndjson_scan *s)
{
    size_t i = hash_fast(name, length, seed) & (SLOTS - 1);
    for (; m->slots[i].turn == m->turn; i = (i + 1) & (SLOTS - 1)) {
        struct field *f = &m->fields[m->slots[i].index];
        if (f->name_length == length && memcmp(f->name, name, length) == 0) {
            if (m->n_repeated++ == 0)
                m->first_repeated = (struct field){.name = name, .name_length = length};
            return f;
        }
    }
    if (m->n >= NDJSON_FIELDS) {
        s->reason = NDJSON_TOO_MANY;
        return NULL;
    }
    if (m->n == m->capacity && VEC_ROOM(m->fields, m->n, m->capacity, 1) < 0) {
        s->no_memory = true;
        return NULL;
    }
    m->slots[i].turn = m->turn;
    m->slots[i].index = (uint32_t)m->n;
    m->fields[m->n] = (struct field){.name = name, .name_length = length};
    return &m->fields[m->n++];
}

/* Only the features object is entered, so this recurses once. */
static bool read_object(struct ndjson *n, struct ndjson_scan *s, struct members *m);

static bool is_features(const struct ndjson *n, const struct members *m, const struct field *f)
{
    return m == &n->top && n->features_key && f->name_length == n->features_key_length &&
           memcmp(f->name, n->features_key, f->name_length) == 0;
}

static bool read_value(struct ndjson *n, struct ndjson_scan *s, struct members *m, struct field *f)
{
    ndjson_blanks(s);
    char c = s->at < s->end ? *s->at : '\0';
    if (c == '"') {
        const char *text;
        size_t length;
        if (!ndjson_string(s, &text, &length))
            return false;
        f->value = value_from_text(text, length);
        return true;
    }
    if (c == '{' && is_features(n, m, f)) {
        f->value = (struct value){.kind = VALUE_MISSING, .text = features_mark};
        members_clear(&n->features);
        return read_object(n, s, &n->features);
    }
    if (c == '{' || c == '[') {
        f->value = (struct value){.kind = VALUE_MISSING, .text = nested_mark};
        return ndjson_nested(s, m == &n->top ? JSON_DEPTH - 1 : JSON_DEPTH - 2);
    }
    return ndjson_scalar(s, &f->value);
}

static bool read_member(struct ndjson *n, struct ndjson_scan *s, struct members *m)
{
    const char *name;
    size_t length;
    ndjson_blanks(s);
    if (s->at == s->end || *s->at != '"' || !ndjson_string(s, &name, &length))
        return false;
    if (memchr(name, '\0', length)) /* base/json has no such keys */
        return false;
    if (!ndjson_take(s, ':'))
        return false;
    struct field *f = members_put(m, name, length, n->seed, s);
    return f && read_value(n, s, m, f);
}

/* From its opening brace to behind the closing one. */
static bool read_object(struct ndjson *n, struct ndjson_scan *s, struct members *m)
{
    s->at++;
    if (ndjson_take(s, '}'))
        return true;
    do {
        if (!read_member(n, s, m))
            return false;
    } while (ndjson_take(s, ','));
    return ndjson_take(s, '}');
}

/* Take out what is no field. */
static void settle(struct members *m, struct ndjson_row *row)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct field *f = &m->fields[i];
        if (f->value.kind == VALUE_MISSING && f->value.text == nested_mark) {
            if (row->n_nested++ == 0)
                row->first_nested = (struct field){.name = f->name, .name_length = f->name_length};
        } else if (f->value.kind == VALUE_MISSING && f->value.text == features_mark) {
            row->has_features = true;
        } else {
            m->fields[n++] = *f;
        }
    }
    m->n = n;
}

/* What the caller sees of the line. */
static void finish(struct ndjson *n, struct ndjson_row *row)
{
    settle(&n->top, row);
    row->fields = n->top.fields;
    row->n_fields = n->top.n;
    row->n_repeated = n->top.n_repeated;
    row->first_repeated = n->top.first_repeated;
    if (row->has_features) {
        settle(&n->features, row);
        row->features = n->features.fields;
        row->n_features = n->features.n;
    } else if (!n->features_key) {
        row->features = row->fields;
        row->n_features = row->n_fields;
    }
}

/* A line that does not begin with a brace. */
static enum ndjson_reason reason_of_other(const char *line, size_t length)
{
    struct ndjson_scan s = {.at = line, .end = line + length};
    struct value value;
    ndjson_blanks(&s);
    if (s.at == s.end)
        return NDJSON_EMPTY;
    if (!ndjson_scalar(&s, &value) && s.reason == NDJSON_NOT_FINITE)
        return NDJSON_NOT_FINITE;
    struct json *json;
    if (json_parse(line, length, &json, NULL) < 0)
        return NDJSON_NOT_JSON;
    json_drop(json);
    return NDJSON_NOT_OBJECT;
}

static int refusal(const struct ndjson_scan *s, const char *line, struct ndjson_row *row,
                   struct err *e)
{
    if (s->no_memory)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    row->reason = s->reason ? s->reason : NDJSON_NOT_JSON;
    bool limit = row->reason == NDJSON_TOO_LONG || row->reason == NDJSON_TOO_MANY;
    return err_set_at(e, limit ? ERR_LIMIT : ERR_DATA, "", 0, (int)(s->at - line) + 1, "%s",
                      ndjson_reason_name(row->reason));
}

int ndjson_parse(struct ndjson *n, const char *line, size_t length, struct ndjson_row *ret,
                 struct err *e)
{
    struct ndjson_scan s = {.at = line, .end = line + length, .kept = &n->kept};
    *ret = (struct ndjson_row){.reason = NDJSON_OK};
    ndjson_forget(&n->kept);
    members_clear(&n->top);
    members_clear(&n->features);
    if (length > NDJSON_LINE_BYTES) {
        s.reason = NDJSON_TOO_LONG;
        return refusal(&s, line, ret, e);
    }
    ndjson_blanks(&s);
    if (s.at == s.end || *s.at != '{') {
        s.reason = reason_of_other(line, length);
        return refusal(&s, line, ret, e);
    }
    bool read = read_object(n, &s, &n->top);
    ndjson_blanks(&s);
    if (!read || s.at != s.end)
        return refusal(&s, line, ret, e);
    finish(n, ret);
    return 0;
}

const char *ndjson_reason_name(enum ndjson_reason reason)
{
    static const char *const names[NDJSON_N_REASONS] = {
        [NDJSON_OK] = "ok",
        [NDJSON_EMPTY] = "empty",
        [NDJSON_TOO_LONG] = "too_long",
        [NDJSON_NOT_JSON] = "not_json",
        [NDJSON_NOT_OBJECT] = "not_object",
        [NDJSON_NOT_FINITE] = "not_finite",
        [NDJSON_TOO_MANY] = "too_many",
    };
    return reason < NDJSON_N_REASONS ? names[reason] : "unknown";
}

const struct field *ndjson_field(const struct field *fields, size_t n, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = n; i > 0; i--)
        if (fields[i - 1].name_length == length && memcmp(fields[i - 1].name, name, length) == 0)
            return &fields[i - 1];
    return NULL;
}
