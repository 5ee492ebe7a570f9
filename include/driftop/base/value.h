/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One value of a feature as it came in: a number, a text, or missing. The rule that tells them
 * apart is the same for CSV, JSON lines, the sink and `compare`: decimal syntax and inf, +inf, -inf
 * (any case) are numbers; empty, nan, null (any case) and NA are missing; hexadecimal, underscores and blanks
 * inside make a text.
 */
#ifndef DRIFTOP_BASE_VALUE_H
#define DRIFTOP_BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>

enum value_kind { VALUE_MISSING, VALUE_NUMBER, VALUE_TEXT };

/* `text` is borrowed, not terminated; in a VALUE_NUMBER that came as text it still holds the bytes
 * as written (a categorical feature compares them), otherwise it is NULL. */
struct value {
    enum value_kind kind;
    double number;
    const char *text;
    size_t length;
};

/* By the rule above; never fails. */
struct value value_from_text(const char *text, size_t length);
/* NaN gives missing. */
struct value value_from_number(double number);

/* One field of a row. Name and value are borrowed from the decoder's buffer. */
struct field {
    const char *name;
    size_t name_length;
    struct value value;
};

#endif
