/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the table and the page have in common: the order of the features, and words for numbers.
 */
#ifndef DRIFTOP_COMPARE_WORDS_PRIVATE_H
#define DRIFTOP_COMPARE_WORDS_PRIVATE_H

#include <stddef.h>

#include "driftop/compare/compare.h"

/* The features of a group, worst first: n_features pointers, for the caller to free. NULL when out
 * of memory. */
const struct compare_feature **words_order(const struct compare_report *r,
                                           const struct compare_group *g);

/* The statistic that stands for a feature in one line. */
struct headline {
    const char *name; /* "ks", "psi"; NULL when there is none */
    double value, floor, excess;
};
struct headline words_headline(const struct compare_feature *f);

/* "shift by 0.64", "-999 stands for missing", ...; "" without a shape. Returns buf. */
char *words_shape(const struct shape *shape, char *buf, size_t size);
/* The worst features of a group: "age, income and 3 more"; "" when all are ok. Returns buf. */
char *words_worst(const struct compare_report *r, const struct compare_group *g, char *buf,
                  size_t size);
/* The name of a group: its value, "(missing)", or when its period starts. Returns buf. */
char *words_group(const struct compare_group *g, char *buf, size_t size);
/* When a feature's drift began, by the periods; "" when that is not known. Returns buf. */
char *words_onset(const struct compare_report *r, const struct compare_feature *f, char *buf,
                  size_t size);

#endif
