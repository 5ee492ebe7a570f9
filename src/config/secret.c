/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets, looked up when they are needed and kept no longer than that. No error text holds any
 * part of one.
 */
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/config/option.h"
#include "helper.h"

#define SECRET_MAX ((size_t)64 << 10)
#define COMMAND_MS 10000

void option_wipe(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

static int from_variable(const char *name, struct str *s, struct err *e)
{
    const char *value = getenv(name);
    if (!value)
        return err_set(e, ERR_AUTH, "the environment variable %s is not set", name);
    return str_add(s, value);
}

static int from_file(const char *path, struct str *s, struct err *e)
{
    int r = path_check_owner(path, true, e);
    return r < 0 ? r : path_read(path, s, e);
}

/* Files and commands end with a newline, which is not part of the secret; anything else below a
 * blank could smuggle a second header into a request. */
static int clean(struct str *s, const char *name, struct err *e)
{
    size_t length = s->length;
    if (length && s->data[length - 1] == '\n')
        length--;
    if (length && s->data[length - 1] == '\r')
        length--;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)s->data[i] < ' ' || s->data[i] == 0x7f)
            return err_set(e, ERR_AUTH, "%s: holds a control character in byte %zu", name, i + 1);
    if (!length)
        return err_set(e, ERR_AUTH, "%s: is empty", name);
    s->data[length] = '\0';
    return 0;
}

int option_secret(const struct option_set *set, const char *name, char **ret, struct err *e)
{
    const struct option_value *value = option_get(set, name);
    struct str s;
    int r = 0;
    *ret = NULL;
    if (!value->present)
        return err_set(e, ERR_ABSENT, "%s is not set", name);
    str_init(&s, SECRET_MAX);
    switch (value->source) {
    case OPTION_ENV: r = from_variable(value->text, &s, e); break;
    case OPTION_FILE: r = from_file(value->text, &s, e); break;
    case OPTION_COMMAND: r = helper_run(value->items, COMMAND_MS, &s, e); break;
    case OPTION_PLAIN: r = err_set(e, ERR_INVALID, "%s is not a secret", name); break;
    }
    if (r == 0 && s.failed)
        r = err_set(e, ERR_LIMIT, "%s: longer than 64 KiB", name);
    if (r == 0)
        r = clean(&s, name, e);
    if (r == 0 && !(*ret = strdup(s.data)))
        r = err_set(e, ERR_NOMEM, "out of memory");
    if (s.length)
        explicit_bzero(s.data, s.length);
    str_done(&s);
    return r;
}
