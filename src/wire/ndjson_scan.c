/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/vec.h"
#include "ndjson_private.h"

void ndjson_blanks(struct ndjson_scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'))
        s->at++;
}

bool ndjson_take(struct ndjson_scan *s, char c)
{
    ndjson_blanks(s);
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

void ndjson_forget(struct ndjson_kept *k)
{
    for (size_t i = 0; i < k->n; i++)
        json_drop(k->values[i]);
    k->n = 0;
}

static bool refuse(struct ndjson_scan *s, enum ndjson_reason reason)
{
    s->reason = reason;
    return false;
}

/* base/json's opinion of one token; NULL when it refuses. */
static struct json *ask(struct ndjson_scan *s, const char *token, size_t length)
{
    struct json *value = NULL;
    int result = json_parse(token, length, &value, NULL);
    if (result == ERR_NOMEM)
        s->no_memory = true;
    return result < 0 ? NULL : value;
}

/* A string with an escape or a byte outside ASCII. */
static bool decoded_string(struct ndjson_scan *s, const char *open, const char **ret,
                           size_t *ret_length)
{
    while (s->at < s->end && *s->at != '"')
        s->at += *s->at == '\\' && s->end - s->at > 1 ? 2 : 1;
    if (s->at == s->end)
        return refuse(s, NDJSON_NOT_JSON);
    s->at++;
    struct json *value = ask(s, open, (size_t)(s->at - open));
    *ret = json_text(value, ret_length);
    struct ndjson_kept *k = s->kept;
    if (*ret && VEC_ROOM(k->values, k->n, k->capacity, 1) == 0) {
        k->values[k->n++] = value;
        return true;
    }
    s->no_memory |= *ret != NULL;
    json_drop(value);
    return refuse(s, NDJSON_NOT_JSON);
}

bool ndjson_string(struct ndjson_scan *s, const char **ret, size_t *ret_length)
{
    const char *open = s->at++;
    /* Nothing to decode: the value is the line's own bytes. */
    for (; s->at < s->end && *s->at != '"'; s->at++) {
        unsigned char c = (unsigned char)*s->at;
        if (c == '\\' || c < 0x20 || c >= 0x80)
            return decoded_string(s, open, ret, ret_length);
    }
    if (s->at == s->end)
        return refuse(s, NDJSON_NOT_JSON);
    *ret = open + 1;
    *ret_length = (size_t)(s->at - open - 1);
    s->at++;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *digits(const char *p, const char *end)
{
    while (p < end && is_digit(*p))
        p++;
    return p;
}

/* Where a number by JSON's grammar ends, which is narrower than value_from_text()'s; NULL when
 * there is none. */
static const char *number_end(const char *p, const char *end)
{
    p += p < end && *p == '-';
    const char *first = p;
    p = digits(p, end);
    if (p == first || (*first == '0' && p - first > 1))
        return NULL;
    if (p < end && *p == '.') {
        first = p + 1;
        p = digits(first, end);
        if (p == first)
            return NULL;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < end && (*p == '+' || *p == '-');
        first = p;
        p = digits(p, end);
        if (p == first)
            return NULL;
    }
    return p;
}

static bool number(struct ndjson_scan *s, struct value *ret)
{
    const char *end = number_end(s->at, s->end);
    if (!end)
        return refuse(s, NDJSON_NOT_JSON);
    *ret = value_from_text(s->at, (size_t)(end - s->at));
    if (!isfinite(ret->number)) /* 1e999: no double, no JSON for base/json */
        return refuse(s, NDJSON_NOT_JSON);
    s->at = end;
    return true;
}

static bool word(struct ndjson_scan *s, const char *text)
{
    size_t length = strlen(text);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, text, length) != 0)
        return false;
    s->at += length;
    return true;
}

bool ndjson_scalar(struct ndjson_scan *s, struct value *ret)
{
    const char *first = s->at;
    char c = s->at < s->end ? *s->at : '\0';
    if (word(s, "NaN") || word(s, "Infinity") || word(s, "-Infinity"))
        return refuse(s, NDJSON_NOT_FINITE);
    if (c == '-' || is_digit(c))
        return number(s, ret);
    if (word(s, "null")) {
        *ret = (struct value){.kind = VALUE_MISSING};
        return true;
    }
    if (!word(s, "true") && !word(s, "false"))
        return refuse(s, NDJSON_NOT_JSON);
    *ret = (struct value){.kind = VALUE_TEXT, .text = first, .length = (size_t)(s->at - first)};
    return true;
}

/* Behind the bracket that closes the one at `p`; NULL when it is not there, or deeper than `depth`.
 * Whether the brackets match is base/json's to say. *ret_odd: an N or an I stands outside strings. */
static const char *nested_end(const char *p, const char *end, int depth, bool *ret_odd)
{
    int level = 0;
    bool in_string = false;
    for (; p < end && level <= depth; p++) {
        char c = *p;
        if (c == '"') {
            in_string = !in_string;
        } else if (in_string) {
            p += c == '\\' && end - p > 1;
        } else if (c == '[' || c == '{') {
            level++;
        } else if (c == ']' || c == '}') {
            if (--level == 0)
                return p + 1;
        } else {
            *ret_odd |= c == 'N' || c == 'I';
        }
    }
    return NULL;
}

bool ndjson_nested(struct ndjson_scan *s, int depth)
{
    bool odd = false;
    const char *behind = nested_end(s->at, s->end, depth, &odd);
    if (!behind)
        return refuse(s, NDJSON_NOT_JSON);
    struct json *value = ask(s, s->at, (size_t)(behind - s->at));
    if (!value) /* of such a text Python's NaN is the likely cause */
        return refuse(s, odd ? NDJSON_NOT_FINITE : NDJSON_NOT_JSON);
    json_drop(value);
    s->at = behind;
    return true;
}
