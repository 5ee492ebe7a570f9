/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The other half of scalar.h: types, ranges and numbers in words.
 */
#include "scalar.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/str.h"

struct unit {
    const char *name;
    double factor;
};

static const struct unit size_units[] = {
    {"TiB", 1099511627776.0}, {"GiB", 1073741824.0}, {"MiB", 1048576.0}, {"KiB", 1024.0}, {"B", 1}};
static const struct unit time_units[] = {
    {"d", 86400e3}, {"h", 3600e3}, {"m", 60e3}, {"s", 1e3}, {"ms", 1}};

/* In the largest unit that leaves a whole number; the last unit otherwise. */
static char *format_units(const struct unit *units, size_t n, double number, char *buf, size_t size)
{
    size_t i = 0;
    while (i + 1 < n && (number < units[i].factor || fmod(number, units[i].factor) > 0))
        i++;
    snprintf(buf, size, "%.15g%s", number / units[i].factor, units[i].name);
    return buf;
}

char *scalar_format(enum option_type type, double number, char buf[SCALAR_TEXT])
{
    if (type == OPTION_DURATION)
        return format_units(time_units, 5, number, buf, SCALAR_TEXT);
    if (type == OPTION_SIZE)
        return format_units(size_units, 5, number, buf, SCALAR_TEXT);
    if (type == OPTION_RATIO)
        snprintf(buf, SCALAR_TEXT, "%.10g%%", number * 100);
    else
        snprintf(buf, SCALAR_TEXT, "%.15g", number);
    return buf;
}

const char *scalar_type_name(const struct option_row *row)
{
    static const char *const names[] = {
        [OPTION_TEXT] = "text",          [OPTION_NAME] = "name",
        [OPTION_BOOL] = "true or false", [OPTION_INT] = "whole number",
        [OPTION_NUMBER] = "number",      [OPTION_RATIO] = "ratio",
        [OPTION_DURATION] = "duration",  [OPTION_SIZE] = "size",
        [OPTION_CHOICE] = "one of",      [OPTION_URL] = "URL",
        [OPTION_ADDRESS] = "address",    [OPTION_PATH] = "path",
        [OPTION_TIME] = "time of day",   [OPTION_SECRET] = "secret",
        [OPTION_MAP] = "map of texts",
    };
    static const char *const lists[OPTION_MAP + 1] = {
        [OPTION_NAME] = "list of names",        [OPTION_URL] = "list of URLs",
        [OPTION_ADDRESS] = "list of addresses", [OPTION_PATH] = "list of paths",
        [OPTION_CHOICE] = "list of words",
    };
    if (row->type == OPTION_MAP && row->item == OPTION_RATIO)
        return "map of ratios";
    if (row->type != OPTION_LIST)
        return names[row->type];
    return lists[row->item] ? lists[row->item] : "list of texts";
}

static char *choices(const char *words, char *buf, size_t size)
{
    size_t used = 0;
    buf[0] = '\0';
    for (const char *p = words; *p && used < size;) {
        size_t length = strcspn(p, " ");
        const char *next = p + length + strspn(p + length, " ");
        const char *glue = p == words ? "" : (*next ? ", " : " or ");
        used += (size_t)snprintf(buf + used, size - used, "%s%.*s", glue, (int)length, p);
        p = next;
    }
    return buf;
}

char *scalar_range(const struct option_row *row, char *buf, size_t size)
{
    char min[SCALAR_TEXT], max[SCALAR_TEXT];
    bool low = row->min < 0 || row->min > 0, high = row->max < 0 || row->max > 0;
    if (row->type == OPTION_CHOICE)
        return choices(row->choices ? row->choices : "", buf, size);
    if (!low && !high)
        return str_copy(buf, size, row->type == OPTION_RATIO ? "0 to 1, or 0% to 100%" : "");
    snprintf(buf, size, "%s to %s", scalar_format(row->type, row->min, min),
             scalar_format(row->type, row->max, max));
    return buf;
}
