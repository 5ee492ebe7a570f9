/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report.h"

void *loader_get(struct loader *l, size_t n, size_t size)
{
    void *room = arena_get(l->memory, n, size);
    if (!room)
        l->no_memory = true;
    return room;
}

char *loader_text(struct loader *l, const char *text)
{
    char *copy = arena_text(l->memory, text);
    if (!copy)
        l->no_memory = true;
    return copy;
}

void loader_mistake(struct loader *l, const struct yaml_node *at, const char *format, ...)
{
    struct err e;
    va_list ap;
    va_start(ap, format);
    vsnprintf(e.text, sizeof e.text, format, ap);
    va_end(ap);
    report(l->errors, ERR_CONFIG, l->where, at->line, at->column, "%s", e.text);
}

bool loader_is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && !node->quoted &&
           (!*node->text || !strcmp(node->text, "~") || !strcmp(node->text, "null"));
}

bool loader_stop(const struct loader *l)
{
    return l->no_memory || l->errors->n_errors >= REPORT_MAX;
}
