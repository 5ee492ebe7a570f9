/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scalar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "place.h"
#include "report.h"

#define INTEGER_MAX 9007199254740992.0 /* 2^53: beyond it a double skips integers */

static const struct {
    const char *name;
    double factor;
} size_units[] = {
    {"TiB", 1099511627776.0},
    {"GiB", 1073741824.0},
    {"MiB", 1048576.0},
    {"KiB", 1024.0},
    {"TB", 1e12},
    {"GB", 1e9},
    {"MB", 1e6},
    {"kB", 1e3},
    {"B", 1},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What a reader is given. `type` is the row's own, or that of a list's items. */
struct input {
    const struct option_row *row;
    enum option_type type;
    const char *text;
};

typedef int read_fn(const struct input *in, double *ret, char why[SCALAR_WHY]);

static int wrong(char why[SCALAR_WHY], const char *expected)
{
    snprintf(why, SCALAR_WHY, "is not %s", expected);
    return ERR_DATA;
}

/* A decimal number at the beginning of text; *ret_end is what follows. Neither "inf" nor "0x". */
static int decimal(const char *text, double *ret, const char **ret_end)
{
    size_t length = strspn(text, "+-0123456789.eE");
    char buf[64], *end;
    if (!length || length >= sizeof buf)
        return ERR_DATA;
    memcpy(buf, text, length);
    buf[length] = '\0';
    *ret = strtod(buf, &end);
    *ret_end = text + (end - buf);
    return end == buf || !isfinite(*ret) ? ERR_DATA : 0;
}

static int read_number(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    const char *end;
    bool whole = in->type == OPTION_INT;
    if (decimal(in->text, ret, &end) < 0 || *end)
        return wrong(why, whole ? "a whole number, like 12" : "a number, like 0.25");
    if (whole && (floor(*ret) < *ret || fabs(*ret) > INTEGER_MAX))
        return wrong(why, "a whole number, like 12");
    return 0;
}

static int read_ratio(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    const char *end;
    if (decimal(in->text, ret, &end) < 0 || strcmp(end, *end == '%' ? "%" : ""))
        return wrong(why, "a ratio; write 5% or 0.05");
    if (*end == '%')
        *ret /= 100;
    else if (*ret > 1 && *ret <= 100)
        return wrong(why, "a ratio from 0 to 1; for percent write 5%");
    return 0;
}

static int read_duration(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    int64_t ms;
    if (clock_parse_duration(in->text, &ms) < 0)
        return wrong(why, "a duration; write it with a unit, as 500ms, 5s, 1m30s, 2h or 7d");
    *ret = (double)ms;
    return 0;
}

static int read_size(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    const char *end;
    if (decimal(in->text, ret, &end) == 0 && *ret >= 0) {
        end += strspn(end, " ");
        if (!*end)
            end = "B";
        for (size_t i = 0; i < COUNT(size_units); i++) {
            if (strcmp(end, size_units[i].name))
                continue;
            *ret = floor(*ret * size_units[i].factor);
            return *ret <= INTEGER_MAX ? 0 : wrong(why, "a size that fits any disk");
        }
    }
    return wrong(why, "a size; write a number of bytes or one with a unit, as 64MiB");
}

static int read_time(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    const char *text = in->text;
    int hour = 0, minute = 0;
    if (strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789") == 2 &&
        strspn(text + 3, "0123456789") == 2) {
        hour = (text[0] - '0') * 10 + text[1] - '0';
        minute = (text[3] - '0') * 10 + text[4] - '0';
        *ret = hour * 60 + minute;
        if (hour < 24 && minute < 60)
            return 0;
    }
    return wrong(why, "a time of day in UTC, like \"06:30\"");
}

static int read_bool(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    *ret = strcmp(in->text, "true") == 0;
    if (*ret > 0 || !strcmp(in->text, "false"))
        return 0;
    return wrong(why, "true or false");
}

static int read_choice(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    const char *text = in->text;
    struct names names = {0};
    char advice[SCALAR_WHY - 16];
    names_add_words(&names, in->row->choices ? in->row->choices : "");
    for (size_t i = 0; i < names.n_items; i++)
        if (strlen(text) == names.items[i].length &&
            !memcmp(text, names.items[i].text, names.items[i].length)) {
            *ret = (double)i;
            return 0;
        }
    snprintf(why, SCALAR_WHY, "is not known%s", report_advice(advice, sizeof advice, &names, text));
    return ERR_DATA;
}

static int read_place(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    const char *text = in->text;
    enum option_type type = in->type;
    *ret = 0;
    const char *fault = NULL;
    if (type == OPTION_NAME)
        fault = place_name_fault(text);
    else if (type == OPTION_URL)
        fault = place_url_fault(text);
    else if (type == OPTION_ADDRESS)
        fault = place_address_fault(text);
    else if (!*text)
        fault = "is empty";
    if (!fault)
        return 0;
    str_copy(why, SCALAR_WHY, fault);
    return ERR_DATA;
}

static bool bounded(const struct option_row *row)
{
    return row->min < 0 || row->min > 0 || row->max < 0 || row->max > 0;
}

static int check_range(const struct option_row *row, double number, char why[SCALAR_WHY])
{
    double min = row->min, max = row->max;
    char range[128];
    if (!bounded(row)) {
        if (row->type != OPTION_RATIO)
            return 0;
        max = 1;
    }
    if (number >= min && number <= max)
        return 0;
    snprintf(why, SCALAR_WHY, "is out of range; allowed: %s",
             scalar_range(row, range, sizeof range));
    return ERR_DATA;
}

static int read_nothing(const struct input *in, double *ret, char why[SCALAR_WHY])
{
    *ret = 0;
    return wrong(why, in->type == OPTION_SECRET ? "a secret" : "a single value");
}

int scalar_read(const struct option_row *row, enum option_type type, const char *text,
                double *ret_number, char why[SCALAR_WHY])
{
    static read_fn *const readers[] = {
        [OPTION_TEXT] = read_place,        [OPTION_NAME] = read_place,
        [OPTION_BOOL] = read_bool,         [OPTION_INT] = read_number,
        [OPTION_NUMBER] = read_number,     [OPTION_RATIO] = read_ratio,
        [OPTION_DURATION] = read_duration, [OPTION_SIZE] = read_size,
        [OPTION_CHOICE] = read_choice,     [OPTION_URL] = read_place,
        [OPTION_ADDRESS] = read_place,     [OPTION_PATH] = read_place,
        [OPTION_TIME] = read_time,         [OPTION_SECRET] = read_nothing,
        [OPTION_LIST] = read_nothing,      [OPTION_MAP] = read_nothing,
    };
    struct input in = {row, type, text};
    int r = readers[type](&in, ret_number, why);
    return r < 0 ? r : check_range(row, *ret_number, why);
}
