/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "loader.h"
#include "report.h"

#define VALUE_MAX 4096
#define VARIABLE  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"

/* p stands on "${". Appends the variable's value; returns what follows the "}", or NULL after a
 * mistake. */
static const char *variable(struct loader *l, const struct yaml_node *node, const char *name,
                            const char *p, struct str *s)
{
    size_t length = strspn(p + 2, VARIABLE);
    char key[128];
    if (!length || length >= sizeof key || p[2 + length] != '}') {
        loader_mistake(l, node,
                       "%s: '${' without a variable's name and '}'; write ${NAME}, or $${ "
                       "for a plain ${",
                       name);
        return NULL;
    }
    memcpy(key, p + 2, length);
    key[length] = '\0';
    const char *value = getenv(key);
    if (!value) {
        loader_mistake(l, node, "%s: the environment variable %s is not set", name, key);
        return NULL;
    }
    str_add(s, value);
    return p + length + 3;
}

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return true;
    return false;
}

const char *loader_expand(struct loader *l, const struct yaml_node *node, const char *name)
{
    struct str s;
    const char *p = node->text, *result = NULL;
    str_init(&s, VALUE_MAX + 1);
    while (p && *p) {
        size_t plain = strcspn(p, "$");
        str_add_bytes(&s, p, plain);
        p += plain;
        if (!strncmp(p, "$${", 3)) {
            str_add(&s, "${");
            p += 3;
        } else if (!strncmp(p, "${", 2)) {
            p = variable(l, node, name, p, &s);
        } else if (*p) {
            str_add_char(&s, *p++);
        }
    }
    if (!p)
        goto out;
    if (s.failed || s.length > VALUE_MAX)
        loader_mistake(l, node, "%s: longer than %d bytes", name, VALUE_MAX);
    else if (has_control(s.data))
        loader_mistake(l, node, "%s: holds a control character, such as a line break", name);
    else
        result = loader_text(l, s.data);
out:
    str_done(&s);
    return result;
}
