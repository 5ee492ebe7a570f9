/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/clock.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "driftop/base/err.h"
#include "driftop/base/value.h"

#define SECOND_MS ((int64_t)1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* 0000-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z: what RFC 3339 can write. */
#define FIRST_MS (-62167219200000)
#define LAST_MS  (253402300799999)

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_wall(const struct clock *c)
{
    (void)c;
    return read_clock(CLOCK_REALTIME);
}

static int64_t system_mono(const struct clock *c)
{
    (void)c;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t fake_wall(const struct clock *c)
{
    return c->fake_wall_ms;
}

static int64_t fake_mono(const struct clock *c)
{
    return c->fake_mono_ms;
}

struct clock clock_system(void)
{
    return (struct clock){.wall_ms = system_wall, .mono_ms = system_mono};
}

struct clock clock_fake(int64_t wall_ms, int64_t mono_ms)
{
    return (struct clock){.wall_ms = fake_wall,
                          .mono_ms = fake_mono,
                          .fake_wall_ms = wall_ms,
                          .fake_mono_ms = mono_ms};
}

int64_t clock_wall(const struct clock *c)
{
    return c->wall_ms(c);
}

int64_t clock_mono(const struct clock *c)
{
    return c->mono_ms(c);
}

/* False for a time that has no four-digit year, CLOCK_NEVER among them. */
static bool split(int64_t wall_ms, struct tm *ret, int *ret_ms)
{
    int64_t ms = wall_ms % 1000;
    time_t seconds;

    if (wall_ms < FIRST_MS || wall_ms > LAST_MS)
        return false;
    if (ms < 0)
        ms += 1000;
    seconds = (time_t)((wall_ms - ms) / 1000);
    *ret_ms = (int)ms;
    return gmtime_r(&seconds, ret) != NULL;
}

char *clock_format_ms(int64_t wall_ms, char buf[CLOCK_TEXT_SIZE])
{
    char whole[CLOCK_TEXT_SIZE];
    struct tm tm;
    int ms;

    if (!split(wall_ms, &tm, &ms)) {
        snprintf(buf, CLOCK_TEXT_SIZE, "-");
        return buf;
    }
    clock_format_s(wall_ms, whole);
    snprintf(buf, CLOCK_TEXT_SIZE, "%.19s.%03dZ", whole, ms);
    return buf;
}

char *clock_format_s(int64_t wall_ms, char buf[CLOCK_TEXT_SIZE])
{
    char year[CLOCK_TEXT_SIZE], rest[CLOCK_TEXT_SIZE];
    struct tm tm;
    int ms;

    if (!split(wall_ms, &tm, &ms)) {
        snprintf(buf, CLOCK_TEXT_SIZE, "-");
        return buf;
    }
    snprintf(year, sizeof year, "%04d", tm.tm_year + 1900);
    strftime(rest, sizeof rest, "%m-%dT%H:%M:%S", &tm);
    snprintf(buf, CLOCK_TEXT_SIZE, "%.4s-%.14sZ", year, rest);
    return buf;
}

char *clock_format_hms(int64_t wall_ms, char buf[CLOCK_TEXT_SIZE])
{
    struct tm tm;
    int ms;

    if (!split(wall_ms, &tm, &ms) || strftime(buf, CLOCK_TEXT_SIZE, "%H:%M:%SZ", &tm) == 0)
        snprintf(buf, CLOCK_TEXT_SIZE, "-");
    return buf;
}

/* The parsers below share a cursor over bytes that need not be terminated. */
struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *c, const char *any_of)
{
    if (c->at == c->end || *c->at == '\0' || !strchr(any_of, *c->at))
        return false;
    c->at++;
    return true;
}

/* Exactly n digits, and a value from low to high. */
static bool take_number(struct cursor *c, int n, int low, int high, int *ret)
{
    int number = 0;

    for (int i = 0; i < n; i++) {
        if (c->at == c->end || !isdigit((unsigned char)*c->at))
            return false;
        number = number * 10 + (*c->at++ - '0');
    }
    *ret = number;
    return number >= low && number <= high;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* Digits behind the milliseconds are dropped. */
static bool take_fraction(struct cursor *c, int *ret_ms)
{
    int weight = 100, ms = 0;
    const char *start = c->at;

    for (; c->at < c->end && isdigit((unsigned char)*c->at); c->at++) {
        ms += (*c->at - '0') * weight;
        weight /= 10;
    }
    *ret_ms = ms;
    return c->at > start;
}

/* "Z", "+hh:mm", "+hhmm", "+hh" or nothing. */
static bool take_offset(struct cursor *c, int *ret_minutes)
{
    int sign, hours, minutes = 0;

    *ret_minutes = 0;
    if (c->at == c->end || take(c, "Zz"))
        return true;
    sign = *c->at == '-' ? -1 : 1;
    if (!take(c, "+-") || !take_number(c, 2, 0, 23, &hours))
        return false;
    if (c->at < c->end) {
        take(c, ":");
        if (!take_number(c, 2, 0, 59, &minutes))
            return false;
    }
    *ret_minutes = sign * (hours * 60 + minutes);
    return true;
}

static bool take_date(struct cursor *c, struct tm *ret)
{
    int year, month, day;

    if (!take_number(c, 4, 0, 9999, &year) || !take(c, "-") || !take_number(c, 2, 1, 12, &month) ||
        !take(c, "-") || !take_number(c, 2, 1, days_in_month(year, month), &day))
        return false;
    ret->tm_year = year - 1900;
    ret->tm_mon = month - 1;
    ret->tm_mday = day;
    return true;
}

/* A leap second, :60, reads as the second after. */
static bool take_time(struct cursor *c, struct tm *ret)
{
    return take_number(c, 2, 0, 23, &ret->tm_hour) && take(c, ":") &&
           take_number(c, 2, 0, 59, &ret->tm_min) && take(c, ":") &&
           take_number(c, 2, 0, 60, &ret->tm_sec);
}

int clock_parse(const char *text, size_t length, int64_t *ret_wall_ms)
{
    struct cursor c = {text, text + length};
    struct tm tm = {0};
    int ms = 0, offset_minutes;
    int64_t wall_ms;

    if (!take_date(&c, &tm)) {
        struct value value = value_from_text(text, length);

        return value.kind == VALUE_NUMBER ? clock_from_number(value.number, ret_wall_ms) : ERR_DATA;
    }
    if (!take(&c, "Tt ") || !take_time(&c, &tm) || (take(&c, ".") && !take_fraction(&c, &ms)) ||
        !take_offset(&c, &offset_minutes) || c.at != c.end)
        return ERR_DATA;
    wall_ms = (int64_t)timegm(&tm) * 1000 + ms - offset_minutes * MINUTE_MS;
    if (wall_ms < FIRST_MS || wall_ms > LAST_MS)
        return ERR_DATA;
    *ret_wall_ms = wall_ms;
    return 0;
}

int clock_from_number(double value, int64_t *ret_wall_ms)
{
    double size = fabs(value), ms;

    if (size > 1e17)
        ms = value / 1e6;
    else if (size > 1e14)
        ms = value / 1e3;
    else if (size > 1e11)
        ms = value;
    else
        ms = value * 1e3;
    ms = round(ms);
    if (!(ms >= (double)FIRST_MS && ms <= (double)LAST_MS)) /* so written, NaN is refused too */
        return ERR_DATA;
    *ret_wall_ms = (int64_t)ms;
    return 0;
}

/* One "number unit" part. Each unit must be smaller than the one before: *unit_below. */
static bool take_part(struct cursor *c, int64_t *unit_below, int64_t *total)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", SECOND_MS}, {"m", MINUTE_MS}, {"h", HOUR_MS}, {"d", DAY_MS}};
    const char *start = c->at;
    int64_t number = 0, part;

    for (; c->at < c->end && isdigit((unsigned char)*c->at); c->at++) {
        if (number > INT64_MAX / DAY_MS / 10)
            return false;
        number = number * 10 + (*c->at - '0');
    }
    if (c->at == start)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t length = strlen(units[i].name);

        if ((size_t)(c->end - c->at) < length || memcmp(c->at, units[i].name, length) != 0)
            continue;
        if (units[i].ms >= *unit_below || __builtin_mul_overflow(number, units[i].ms, &part))
            return false;
        c->at += length;
        *unit_below = units[i].ms;
        return !__builtin_add_overflow(*total, part, total);
    }
    return false;
}

int clock_parse_duration(const char *text, int64_t *ret_ms)
{
    struct cursor c = {text, text + strlen(text)};
    int64_t unit_below = INT64_MAX, total = 0;

    do {
        if (!take_part(&c, &unit_below, &total))
            return ERR_DATA;
    } while (c.at < c.end);
    *ret_ms = total;
    return 0;
}

char *clock_format_age(int64_t age_ms, char buf[CLOCK_TEXT_SIZE])
{
    const int64_t years = age_ms / (365 * DAY_MS);

    if (age_ms < 0)
        snprintf(buf, CLOCK_TEXT_SIZE, "-");
    else if (age_ms < MINUTE_MS)
        snprintf(buf, CLOCK_TEXT_SIZE, "%ds", (int)(age_ms / SECOND_MS));
    else if (age_ms < HOUR_MS)
        snprintf(buf, CLOCK_TEXT_SIZE, "%dm", (int)(age_ms / MINUTE_MS));
    else if (age_ms < DAY_MS)
        snprintf(buf, CLOCK_TEXT_SIZE, "%dh", (int)(age_ms / HOUR_MS));
    else if (years < 1)
        snprintf(buf, CLOCK_TEXT_SIZE, "%dd", (int)(age_ms / DAY_MS));
    else
        snprintf(buf, CLOCK_TEXT_SIZE, "%dy", (int)(years < 999 ? years : 999));
    return buf;
}
