/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"

char *columns_read_at(const char *full_path, size_t *ret_length)
{
    FILE *f = fopen(full_path, "rb");
    char *text = NULL;
    size_t length = 0, got;
    if (!f)
        return NULL;
    do {
        text = realloc(text, length + 65537);
        assert_non_null(text);
        got = fread(text + length, 1, 65536, f);
        length += got;
    } while (got > 0);
    text[length] = '\0';
    fclose(f);
    *ret_length = length;
    return text;
}

char *columns_read(const char *path, size_t *ret_length)
{
    const char *root = getenv("srcdir");
    char full[1024];
    snprintf(full, sizeof full, "%s/tests/data/%s", root ? root : ".", path);
    char *text = columns_read_at(full, ret_length);
    if (!text)
        fail_msg("cannot read %s", full);
    return text;
}

static size_t count_char(const char *text, const char *end, char c)
{
    size_t n = 0;
    for (; text < end; text++)
        n += *text == c;
    return n;
}

static const char *field_end(const char *at)
{
    return at + strcspn(at, ",\r\n");
}

void columns_split(struct columns *c, char *text, size_t length)
{
    *c = (struct columns){.text = text};
    char *line = c->text + strcspn(c->text, "\n");
    c->n_columns = count_char(c->text, line, ',') + 1;
    c->n_rows = count_char(c->text, c->text + length, '\n') - 1;
    c->names = calloc(c->n_columns, sizeof *c->names);
    c->values = calloc(c->n_columns * c->n_rows, sizeof *c->values);
    assert_non_null(c->names);
    assert_non_null(c->values);
    const char *at = line + 1;
    for (size_t row = 0; row < c->n_rows; row++) {
        for (size_t i = 0; i < c->n_columns; i++) {
            const char *end = field_end(at);
            c->values[i * c->n_rows + row] = value_from_text(at, (size_t)(end - at));
            at = *end == ',' ? end + 1 : end + strcspn(end, "\n") + 1;
        }
    }
    char *name = c->text;
    for (size_t i = 0; i < c->n_columns; i++) {
        c->names[i] = name;
        name += strcspn(name, ",\r\n");
        *name++ = '\0';
    }
}

void columns_load(struct columns *c, const char *path)
{
    size_t length;
    char *text = columns_read(path, &length);
    columns_split(c, text, length);
}

void columns_done(struct columns *c)
{
    free(c->text);
    free(c->names);
    free(c->values);
}

const struct value *columns_at(const struct columns *c, size_t column)
{
    return c->values + column * c->n_rows;
}

const struct value *columns_named(const struct columns *c, const char *name)
{
    for (size_t i = 0; i < c->n_columns; i++) {
        if (strcmp(c->names[i], name) == 0)
            return columns_at(c, i);
    }
    fail_msg("no column %s", name);
    return NULL;
}

uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double random_unit(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}
