/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each limit below is the last number that its form can say after rounding: 9.95 is the first that
 * "%.1f" would write with four columns.
 */
#include "driftop/widget/format.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/clock.h"

static char *copy(char *buf, const char *text)
{
    snprintf(buf, FORMAT_SIZE, "%s", text);
    return buf;
}

/* True when value is none that digits can say; buf says it then. */
static bool is_special(double value, char *buf)
{
    if (isfinite(value))
        return false;
    copy(buf, isnan(value) ? "-" : value < 0 ? "-inf" : "inf");
    return true;
}

/* At most four columns: "412", "2.1k", "12k", "999T". value >= 0 */
static char *scaled(double value, char *buf)
{
    static const char units[] = "kMGT";
    int unit = -1;

    while (value >= 999.5 && unit < 3) {
        value /= 1000;
        unit++;
    }
    if (value >= 999.5)
        return copy(buf, ">1P");
    if (unit < 0)
        snprintf(buf, FORMAT_SIZE, "%.0f", value);
    else
        snprintf(buf, FORMAT_SIZE, "%.*f%c", value < 9.95 ? 1 : 0, value, units[unit]);
    return buf;
}

/* The first test of each is for what digits cannot say, the next for what rounding would
 * falsify. */
char *format_share(double ratio, char buf[FORMAT_SIZE])
{
    double percent = ratio * 100;

    if (is_special(ratio, buf))
        return buf;
    if (ratio < 0)
        return copy(buf, "-");
    if (percent > 0 && percent < 0.05)
        return copy(buf, "<0.1%");
    if (percent >= 99.95 && ratio < 1)
        return copy(buf, ">99%");
    if (percent > 9999)
        return copy(buf, ">999%");
    bool whole = percent >= 99.95 || fabs(percent - rint(percent)) < 0.05;
    snprintf(buf, FORMAT_SIZE, "%.*f%%", whole ? 0 : 1, percent);
    return buf;
}

char *format_percent(double ratio, char buf[FORMAT_SIZE])
{
    double percent = ratio * 100;

    if (is_special(ratio, buf))
        return buf;
    if (ratio < 0)
        return copy(buf, "-");
    if (ratio <= 0)
        return copy(buf, "0%");
    if (percent < 0.005)
        return copy(buf, "<0.01%");
    if (percent >= 99.95 && ratio < 1)
        return copy(buf, ">99.9%");
    if (percent > 9999)
        return copy(buf, ">9999%");
    snprintf(buf, FORMAT_SIZE, "%.*f%%", percent < 9.995 ? 2 : percent < 99.95 ? 1 : 0, percent);
    return buf;
}

char *format_points(double ratio, char buf[FORMAT_SIZE])
{
    double points = ratio * 100;

    if (is_special(ratio, buf))
        return buf;
    if (!(fabs(points) > 0))
        return copy(buf, "0");
    if (fabs(points) >= 9999)
        return copy(buf, points < 0 ? "<-999" : ">+999");
    snprintf(buf, FORMAT_SIZE, "%+.*f", fabs(points) >= 0.05 && fabs(points) < 9.95 ? 1 : 0,
             points);
    return buf;
}

char *format_rate(double per_s, char buf[FORMAT_SIZE])
{
    if (is_special(per_s, buf))
        return buf;
    if (per_s < 0)
        return copy(buf, "-");
    if (per_s > 0 && per_s < 0.05)
        return copy(buf, "<.1");
    /* A whole number needs no ".0". */
    if (per_s >= 9.95 || fabs(per_s - rint(per_s)) < 0.05)
        return scaled(per_s, buf);
    snprintf(buf, FORMAT_SIZE, "%.1f", per_s);
    return buf;
}

char *format_latency(double seconds, char buf[FORMAT_SIZE])
{
    static const struct {
        double limit_s, unit_s;
        int decimals;
        const char *text;
    } forms[] = {
        {0.9995e-3, 1e-6, 0, "us"},  {9.95e-3, 1e-3, 1, "ms"},
        {0.9995, 1e-3, 0, "ms"},     {9.95, 1, 1, "s"},
        {99.5, 1, 0, "s"},           {99.5 * 60, 60, 0, "min"},
        {99.5 * 3600, 3600, 0, "h"}, {999.5 * 86400, 86400, 0, "d"},
    };

    if (is_special(seconds, buf))
        return buf;
    if (seconds < 0)
        return copy(buf, "-");
    if (seconds <= 0)
        return copy(buf, "0 s");
    if (seconds < 1e-6)
        return copy(buf, "<1 us");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (seconds < forms[i].limit_s) {
            snprintf(buf, FORMAT_SIZE, "%.*f %s", forms[i].decimals, seconds / forms[i].unit_s,
                     forms[i].text);
            return buf;
        }
    }
    return copy(buf, ">999 d");
}

char *format_count(int64_t count, char buf[FORMAT_SIZE])
{
    return count < 0 ? copy(buf, "-") : scaled((double)count, buf);
}

/* A thousand's comma from the right; `digits` is an unsigned number of at most 20 digits. */
static char *add_commas(const char *digits, bool negative, char *buf)
{
    size_t length = strlen(digits), used = 0;

    if (negative)
        buf[used++] = '-';
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            buf[used++] = ',';
        buf[used++] = digits[i];
    }
    buf[used] = '\0';
    return buf;
}

char *format_count_long(int64_t count, char buf[FORMAT_SIZE])
{
    char digits[24];

    if (count < 0)
        return copy(buf, "-");
    snprintf(digits, sizeof digits, "%lld", (long long)count);
    return add_commas(digits, false, buf);
}

char *format_distance(double value, char buf[FORMAT_SIZE])
{
    double size = fabs(value);
    const char *sign = value < 0 ? "-" : "";
    char digits[FORMAT_SIZE];

    if (is_special(value, buf))
        return buf;
    if (!(size > 0))
        return copy(buf, "0");
    if (size < 0.0005)
        return copy(buf, value < 0 ? "-.000" : "<.001");
    if (size < 0.995) {
        snprintf(digits, sizeof digits, "%.*f", size < 0.0995 ? 3 : 2, size);
        snprintf(buf, FORMAT_SIZE, "%s%s", sign, digits + 1); /* without the leading 0 */
    } else if (size < 999.5) {
        snprintf(buf, FORMAT_SIZE, "%s%.*f", sign, size < 9.995 ? 2 : size < 99.95 ? 1 : 0, size);
    } else {
        snprintf(buf, FORMAT_SIZE, "%s%s", sign, scaled(size, digits));
    }
    return buf;
}

char *format_number(double value, char buf[FORMAT_SIZE])
{
    double size = fabs(value);
    char digits[FORMAT_SIZE];

    if (is_special(value, buf))
        return buf;
    if (!(size > 0))
        return copy(buf, "0");
    if (size >= 999999.5 || size < 0.00095) {
        bool long_exponent = size >= 9.5e99 || size < 1e-99;
        snprintf(buf, FORMAT_SIZE, "%.*e", long_exponent ? 0 : 1, value);
        return buf;
    }
    if (size >= 999.95 || !(fabs(size - rint(size)) > 0)) {
        snprintf(digits, sizeof digits, "%.0f", size);
        return add_commas(digits, value < 0, buf);
    }
    snprintf(buf, FORMAT_SIZE, "%.*f",
             size < 0.99995  ? 4
             : size < 9.9995 ? 3
             : size < 99.995 ? 2
                             : 1,
             value);
    return buf;
}

char *format_age(int64_t age_ms, char buf[FORMAT_SIZE])
{
    char text[CLOCK_TEXT_SIZE];

    return copy(buf, clock_format_age(age_ms, text));
}

char *format_bytes(int64_t bytes, char buf[FORMAT_SIZE])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)bytes;
    int unit = 0;

    if (bytes < 0)
        return copy(buf, "-");
    for (; value >= 999.5 && unit < 6; unit++)
        value /= 1000;
    snprintf(buf, FORMAT_SIZE, "%.*f %s", unit > 0 && value < 9.95 ? 1 : 0, value, units[unit]);
    return buf;
}
