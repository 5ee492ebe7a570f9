/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A growing byte string with a ceiling. Every buffer is born with the size at which it refuses to
 * grow, so that nothing filled from outside can take the machine with it. It is always terminated
 * by a NUL that is not counted. After a failure the content is unchanged and `failed` stays set,
 * so a writer may append many pieces and look once at the end.
 */
#ifndef DRIFTOP_BASE_STR_H
#define DRIFTOP_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define STR_LIMIT_DEFAULT ((size_t)64 << 20)

struct str {
    char *data; /* never NULL after str_init(); "" when empty */
    size_t length;
    size_t capacity;
    size_t limit;
    bool failed;
};

/* limit 0 stands for STR_LIMIT_DEFAULT. Does not allocate. */
void str_init(struct str *s, size_t limit);
void str_done(struct str *s);
/* Empty it, keep the memory, forget a failure. */
void str_clear(struct str *s);
/* ERR_LIMIT or ERR_NOMEM. */
int str_add(struct str *s, const char *text);
int str_add_bytes(struct str *s, const void *bytes, size_t length);
int str_add_char(struct str *s, char c);
int str_addf(struct str *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
int str_addv(struct str *s, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
/* Drop the first n bytes. */
void str_consume(struct str *s, size_t n);
/* The caller frees the result; s is empty afterwards. NULL when out of memory. */
char *str_take(struct str *s);

/* Copy at most size - 1 bytes, always terminated, never half a UTF-8 character. Returns buf. */
char *str_copy(char *buf, size_t size, const char *text);

#endif
