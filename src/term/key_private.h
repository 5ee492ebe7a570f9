/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands at the front of a terminal's bytes. Pure.
 */
#ifndef DRIFTOP_TERM_KEY_PRIVATE_H
#define DRIFTOP_TERM_KEY_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/term/key.h"

/* The first `length` bytes are `key`, or nothing that concerns us (KEY_NONE); 0 bytes mean that
 * more have to come before one can tell. */
struct key_taken {
    size_t length;
    struct key key;
    bool starts_paste;
};

/* length > 0 for all three. Bytes that begin with ESC, and such that do not. */
struct key_taken key_take_escape(const char *bytes, size_t length);
struct key_taken key_take_plain(const char *bytes, size_t length);
/* Nothing more came: what is incomplete is taken for what it is. */
struct key_taken key_take_late(const char *bytes, size_t length);

#endif
