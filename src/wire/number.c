/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "number_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "driftop/base/value.h"

#define HEX_BYTES 64

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *read_sign(const char *p, const char *end, bool *ret_negative)
{
    *ret_negative = p < end && *p == '-';
    return p < end && (*p == '-' || *p == '+') ? p + 1 : p;
}

bool number_decimal(const char *text, size_t length, double *ret)
{
    struct value value = value_from_text(text, length);
    if (value.kind != VALUE_NUMBER)
        return false;
    *ret = value.number;
    /* "inf" is a feature value, but no decimal; "1e999" is one. */
    return length > 0 && (is_digit(text[length - 1]) || text[length - 1] == '.');
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

/* strtod() on a terminated copy. Go wants the binary exponent that strtod() does not. */
static bool hexadecimal(const char *text, size_t length, double *ret)
{
    char copy[HEX_BYTES + 1];
    if (length > HEX_BYTES || (!memchr(text, 'p', length) && !memchr(text, 'P', length)))
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *end;
    *ret = strtod(copy, &end);
    return end == copy + length;
}

bool number_any(const char *text, size_t length, double *ret)
{
    if (number_decimal(text, length, ret))
        return true;
    bool negative;
    const char *p = read_sign(text, text + length, &negative);
    size_t rest = length - (size_t)(p - text);
    if (is_word(p, rest, "inf") || is_word(p, rest, "infinity")) {
        *ret = negative ? -INFINITY : INFINITY;
        return true;
    }
    if (is_word(text, length, "nan")) {
        *ret = NAN;
        return true;
    }
    bool hex = rest > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
    return hex && hexadecimal(text, length, ret);
}

bool number_int(const char *text, size_t length, int64_t *ret)
{
    bool negative;
    if (length == 0)
        return false;
    const char *end = text + length;
    const char *p = read_sign(text, end, &negative);
    const char *first = p;
    int64_t value = 0;
    for (; p < end && is_digit(*p); p++) {
        /* Downwards, because the lowest value has no positive twin. */
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, *p - '0', &value))
            return false;
    }
    if (p == first || p != end || (!negative && value == INT64_MIN))
        return false;
    *ret = negative ? value : -value;
    return true;
}
