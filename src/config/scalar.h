/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One scalar of each option type: text to number, with what is wrong and what is allowed said in
 * the type's own words; and back, for messages and documents.
 */
#ifndef DRIFTOP_SRC_CONFIG_SCALAR_H
#define DRIFTOP_SRC_CONFIG_SCALAR_H

#include <stddef.h>

#include "driftop/config/option.h"

#define SCALAR_WHY  288
#define SCALAR_TEXT 48

/* Checks text as a value of `type` (for an OPTION_LIST an item's, else the row's own) and fills
 * *ret_number for the types that have one. ERR_DATA, and why says what is wrong and allowed,
 * in words that follow the text
 * ("is not a duration; ..."). The text itself is not repeated: it may hold what ${ENV} brought. */
int scalar_read(const struct option_row *row, enum option_type type, const char *text,
                double *ret_number, char why[SCALAR_WHY]);
/* A number of that type as one would write it: 5000 as "5s". Returns buf. */
char *scalar_format(enum option_type type, double number, char buf[SCALAR_TEXT]);
/* "duration", "list of URLs", ... */
const char *scalar_type_name(const struct option_row *row);
/* "1s to 1h", "at least 1", "a, b or c"; "" when everything is allowed. Returns buf. */
char *scalar_range(const struct option_row *row, char *buf, size_t size);

#endif
