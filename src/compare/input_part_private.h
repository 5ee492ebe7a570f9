/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files of struct input.
 */
#ifndef DRIFTOP_COMPARE_INPUT_PART_PRIVATE_H
#define DRIFTOP_COMPARE_INPUT_PART_PRIVATE_H

#include "input_private.h"

/* The next block into in->block; 0 bytes at the end. */
int input_read(struct input *in, size_t *ret, struct err *e);
/* One more column; its index or an error. */
int input_column(struct input *in, const char *name, size_t length, struct err *e);
/* Names the file in an error that came from a decoder. Returns code. */
int input_fail(const struct input *in, int code, struct err *e);

int input_csv_open(struct input *in, struct err *e);
int input_csv_next(struct input *in, struct err *e);
int input_json_next(struct input *in, struct err *e);

#endif
