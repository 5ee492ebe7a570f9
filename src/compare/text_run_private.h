/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A run of counted texts in the spool: for each text its count and its length (8 bytes each, of this
 * machine's order: the file does not outlive the process), then its bytes.
 */
#ifndef DRIFTOP_COMPARE_TEXT_RUN_PRIVATE_H
#define DRIFTOP_COMPARE_TEXT_RUN_PRIVATE_H

#include "texts_private.h"

struct str;

#define TEXT_RUN_PIECE ((size_t)64 << 10)

/* By bytes, the shorter of two first. */
int text_order(const struct text_entry *a, const struct text_entry *b);
void texts_sort(struct texts *t);
/* Append one text's encoding. ERR_NOMEM, ERR_LIMIT. */
int text_run_put(struct str *bytes, const struct text_entry *entry);

#endif
