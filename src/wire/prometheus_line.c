/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One sample line. A quoted value may hold anything, so nothing here searches for '}' or '#': it is
 * read from left to right.
 */
#include <math.h>

#include "number_private.h"
#include "prometheus_private.h"

static bool fail(struct line *l, const char *fault)
{
    l->fault = fault;
    return false;
}

void line_blanks(struct line *l)
{
    while (l->at < l->end && (*l->at == ' ' || *l->at == '\t'))
        l->at++;
}

/* From an opening quote to behind the closing one; *ret lies between, escapes still in it. */
static bool quoted(struct line *l, struct span *ret, bool *ret_escaped)
{
    const char *first = ++l->at;
    *ret_escaped = false;
    for (; l->at < l->end && *l->at != '"'; l->at++) {
        if (*l->at == '\\') {
            *ret_escaped = true;
            l->at++;
        }
    }
    if (l->at >= l->end)
        return fail(l, "a quote is not closed");
    *ret = (struct span){first, (size_t)(l->at - first)};
    l->at++;
    return true;
}

static bool name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == ':';
}

bool line_name(struct line *l, struct span *ret)
{
    bool escaped;
    if (l->at < l->end && *l->at == '"') {
        if (!quoted(l, ret, &escaped))
            return false;
    } else {
        const char *first = l->at;
        if (l->at < l->end && *l->at >= '0' && *l->at <= '9')
            return fail(l, "a name begins with a digit");
        while (l->at < l->end && name_byte(*l->at))
            l->at++;
        *ret = (struct span){first, (size_t)(l->at - first)};
    }
    if (ret->length == 0)
        return fail(l, "a name is missing");
    return ret->length <= PROMETHEUS_NAME_BYTES || fail(l, "a name is too long");
}

/* \\, \" and \n; any other pair stays as it is. */
static struct span unescape(struct span raw, char *scratch)
{
    size_t n = 0;
    for (size_t i = 0; i < raw.length; i++) {
        char c = raw.data[i];
        char next = c == '\\' && i + 1 < raw.length ? raw.data[i + 1] : '\0';
        if (next == 'n')
            c = '\n';
        else if (next == '\\' || next == '"')
            c = next;
        i += next == 'n' || next == '\\' || next == '"';
        scratch[n++] = c;
    }
    return (struct span){scratch, n};
}

/* Name '=' quoted value. */
static bool label(struct line *l, char **scratch, struct prometheus_label *ret)
{
    bool escaped;
    line_blanks(l);
    if (l->at >= l->end || *l->at != '=')
        return fail(l, "a label has no '='");
    l->at++;
    line_blanks(l);
    if (l->at >= l->end || *l->at != '"')
        return fail(l, "a label's value has no quote");
    if (!quoted(l, &ret->value, &escaped))
        return false;
    if (escaped) {
        ret->value = unescape(ret->value, *scratch);
        *scratch += ret->value.length;
    }
    return true;
}

/* Behind an element: a comma, or the brace that ends the list. */
static bool separator(struct line *l, bool *ret_end)
{
    line_blanks(l);
    if (l->at < l->end && *l->at == ',') {
        l->at++;
        line_blanks(l);
    } else if (l->at >= l->end || *l->at != '}') {
        return fail(l, "labels are not closed");
    }
    *ret_end = l->at < l->end && *l->at == '}';
    l->at += *ret_end;
    return true;
}

bool line_labels(struct line *l, char *scratch, struct prometheus_label *labels, size_t *ret_n,
                 struct span *ret_name)
{
    size_t n = 0;
    line_blanks(l);
    bool end = l->at < l->end && *l->at == '}';
    l->at += end;
    for (bool first = true; !end; first = false) {
        struct span name;
        bool in_quotes = l->at < l->end && *l->at == '"';
        if (!line_name(l, &name))
            return false;
        if (first && in_quotes && l->at < l->end && (*l->at == ',' || *l->at == '}')) {
            *ret_name = name;
        } else {
            if (n == PROMETHEUS_LABELS)
                return fail(l, "too many labels");
            labels[n].name = name;
            if (!label(l, &scratch, &labels[n++]))
                return false;
        }
        if (!separator(l, &end))
            return false;
    }
    *ret_n = n;
    return true;
}

static struct span token(struct line *l)
{
    line_blanks(l);
    const char *first = l->at;
    while (l->at < l->end && *l->at != ' ' && *l->at != '\t')
        l->at++;
    return (struct span){first, (size_t)(l->at - first)};
}

/* Milliseconds in the text format, seconds with a fraction in OpenMetrics. */
static bool timestamp(struct span text, enum prometheus_format format, int64_t *ret_ms)
{
    if (format == PROMETHEUS_TEXT)
        return number_int(text.data, text.length, ret_ms);
    double s;
    if (!number_decimal(text.data, text.length, &s) || !(fabs(s) < 9e15))
        return false;
    *ret_ms = (int64_t)llround(s * 1000.0);
    return true;
}

bool line_value(struct line *l, enum prometheus_format format, struct prometheus_sample *s)
{
    struct span text = token(l);
    if (text.length == 0)
        return fail(l, "the value is missing");
    if (!number_any(text.data, text.length, &s->value))
        return fail(l, "the value is no number");
    line_blanks(l);
    s->has_timestamp = l->at < l->end && *l->at != '#';
    if (s->has_timestamp && !timestamp(token(l), format, &s->timestamp_ms))
        return fail(l, "the timestamp is no number");
    line_blanks(l);
    /* An exemplar: driftop has no use for it, so only its beginning is looked at. */
    bool exemplar = l->end - l->at > 2 && memcmp(l->at, "# {", 3) == 0;
    return l->at == l->end || exemplar || fail(l, "something stands behind the value");
}
