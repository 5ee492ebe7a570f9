/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_COMPARE_HTML_PRIVATE_H
#define DRIFTOP_COMPARE_HTML_PRIVATE_H

#include "driftop/compare/compare.h"

struct str;

/* Text between tags or in an attribute; control characters do not get through. */
void html_escaped(struct str *out, const char *text);

/* Both sides' bars beside each other, with what each of them is as a tip. */
void html_histogram(struct str *out, const struct compare_feature *f);

/* Behind a fold: quantiles, every statistic and rate, the cells. */
void html_numbers(struct str *out, const struct compare_feature *f);

#endif
