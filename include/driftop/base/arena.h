/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory that is freed as a whole: many small texts that live equally long, as those of a
 * configuration or of the lines of a screen.
 * Refuses to grow beyond ARENA_LIMIT, because its size follows what comes from outside.
 */
#ifndef DRIFTOP_BASE_ARENA_H
#define DRIFTOP_BASE_ARENA_H

#include <stddef.h>

#define ARENA_LIMIT ((size_t)256 << 20)

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
/* Cleared room for n things (n may be 0). NULL when out of memory or beyond the limit. */
void *arena_get(struct arena *a, size_t n, size_t size);
/* Copies. NULL when out of memory. */
char *arena_text(struct arena *a, const char *text);
char *arena_text_bytes(struct arena *a, const char *bytes, size_t length);
char *arena_textf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
