/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decimal text to the nearest double, for more than a million values a second. A number is
 * digits * 10^exponent. Up to 19 digits with a small exponent are done exactly in integers and
 * rounded once; the rest goes to strtod(), rewritten without a decimal point, so that no locale
 * changes its meaning.
 */
#include "driftop/base/value.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* 767 digits tell any double from the halfway point beside it; one more stands for all the rest. */
#define DIGITS_KEPT  800
#define EXPONENT_MAX 1000000

/* A number as scanned: `digits` lie in [first, end) with at most one point among them. */
struct decimal {
    const char *first, *end;
    uint64_t digits;  /* the first 19 significant ones */
    int n_digits;     /* significant ones, capped above 19 */
    int64_t exponent; /* of the last digit */
    bool negative;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits with one point somewhere; returns where they end, NULL when there is no digit. */
static const char *scan_digits(const char *p, const char *end, struct decimal *d)
{
    bool point = false, any = false;

    d->first = p;
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*p))
            break;
        any = true;
        d->exponent -= point;
        if (d->n_digits == 0 && *p == '0')
            continue;
        if (d->n_digits < 19)
            d->digits = d->digits * 10 + (uint64_t)(*p - '0');
        if (d->n_digits < 20)
            d->n_digits++;
    }
    d->end = p;
    return any ? p : NULL;
}

static const char *scan_exponent(const char *p, const char *end, struct decimal *d)
{
    bool negative = false;
    int64_t exponent = 0;

    if (p == end || (*p != 'e' && *p != 'E'))
        return p;
    p++;
    if (p < end && (*p == '+' || *p == '-'))
        negative = *p++ == '-';
    if (p == end || !is_digit(*p))
        return NULL;
    for (; p < end && is_digit(*p); p++) {
        if (exponent < INT64_MAX / 100)
            exponent = exponent * 10 + (*p - '0');
    }
    d->exponent += negative ? -exponent : exponent;
    return p;
}

static bool scan(const char *text, size_t length, struct decimal *d)
{
    const char *end = text + length, *p = text;

    if (*p == '+' || *p == '-')
        d->negative = *p++ == '-';
    p = scan_digits(p, end, d);
    if (p)
        p = scan_exponent(p, end, d);
    return p == end;
}

static const uint64_t powers[] = {
    1,
    10,
    100,
    1000,
    10000,
    100000,
    1000000,
    10000000,
    100000000,
    1000000000,
    10000000000,
    100000000000,
    1000000000000,
    10000000000000,
    100000000000000,
    1000000000000000,
    10000000000000000,
    100000000000000000,
    1000000000000000000,
    10000000000000000000u,
};

#define MOST_POWER ((int64_t)(sizeof powers / sizeof powers[0]) - 1)

/* Both operands are exact doubles: one operation rounds once. (2^53 and 10^22 are the bounds; the
 * table ends at 10^19.) */
static bool by_double(const struct decimal *d, double *ret)
{
    if (d->digits > (uint64_t)1 << 53)
        return false;
    *ret = d->exponent < 0 ? (double)d->digits / (double)powers[-d->exponent]
                           : (double)d->digits * (double)powers[d->exponent];
    return true;
}

#ifdef __SIZEOF_INT128__
/* The quotient or product in 128 bits. A quotient keeps at least 62 bits, and its lowest one is set
 * when there was a remainder, so the conversion to double rounds as the true value would. */
static bool by_integer(const struct decimal *d, double *ret)
{
    unsigned __int128 wide = d->digits;
    int shift = 0;

    if (d->exponent >= 0) {
        *ret = (double)(wide * powers[d->exponent]);
        return true;
    }
    shift = 63 + __builtin_clzll(d->digits);
    wide <<= shift;
    uint64_t divisor = powers[-d->exponent];
    unsigned __int128 quotient = wide / divisor;

    quotient |= quotient * divisor != wide;
    *ret = ldexp((double)quotient, -shift);
    return true;
}
#else
static bool by_integer(const struct decimal *d, double *ret)
{
    (void)d;
    (void)ret;
    return false;
}
#endif

/* "DIGITSeEXPONENT" for strtod(), at most DIGITS_KEPT digits: a lost one that is not zero leaves a 1
 * behind, which rounds the same way. */
static double by_library(const struct decimal *d)
{
    char text[DIGITS_KEPT + 32];
    size_t n = 0;
    bool lost = false;
    int64_t exponent = d->exponent;

    for (const char *p = d->first; p < d->end; p++) {
        if (!is_digit(*p) || (n == 0 && *p == '0'))
            continue;
        if (n < DIGITS_KEPT) {
            text[n++] = *p;
            continue;
        }
        lost |= *p != '0';
        exponent++;
    }
    if (lost) {
        text[n++] = '1';
        exponent--;
    }
    if (exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX)
        exponent = exponent < 0 ? -EXPONENT_MAX : EXPONENT_MAX;
    snprintf(text + n, sizeof text - n, "e%d", (int)exponent);
    return strtod(text, NULL);
}

static double to_double(const struct decimal *d)
{
    double number = 0;
    bool small = d->n_digits <= 19 && d->exponent >= -MOST_POWER && d->exponent <= MOST_POWER;

    if (d->n_digits > 0 && !(small && (by_double(d, &number) || by_integer(d, &number))))
        number = by_library(d);
    return d->negative ? -number : number;
}

static bool is_missing(const char *text, size_t length)
{
    return length == 0 || (length == 3 && strncasecmp(text, "nan", 3) == 0) ||
           (length == 4 && strncasecmp(text, "null", 4) == 0) ||
           (length == 2 && memcmp(text, "NA", 2) == 0);
}

/* Only called for a text that begins like a number. */
static bool is_infinite(const char *text, size_t length, double *ret)
{
    size_t sign = length > 0 && (*text == '+' || *text == '-');

    if (length - sign != 3 || strncasecmp(text + sign, "inf", 3) != 0)
        return false;
    *ret = *text == '-' ? -INFINITY : INFINITY;
    return true;
}

struct value value_from_text(const char *text, size_t length)
{
    struct value value = {.kind = VALUE_TEXT, .text = text, .length = length};
    struct decimal d = {0};

    if (length == 0)
        return (struct value){.kind = VALUE_MISSING};
    if (scan(text, length, &d)) {
        value.kind = VALUE_NUMBER;
        value.number = to_double(&d);
    } else if (is_infinite(text, length, &value.number)) {
        value.kind = VALUE_NUMBER;
    } else if (is_missing(text, length)) {
        value = (struct value){.kind = VALUE_MISSING};
    }
    return value;
}

struct value value_from_number(double number)
{
    if (isnan(number))
        return (struct value){.kind = VALUE_MISSING};
    return (struct value){.kind = VALUE_NUMBER, .number = number};
}
