/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "types.h"

char *support_source(char *buf, size_t size, const char *name)
{
    const char *srcdir = getenv("srcdir");
    snprintf(buf, size, "%s/%s", srcdir ? srcdir : ".", name);
    return buf;
}

void support_read(const char *path, struct str *ret)
{
    struct err e = {0};
    if (path_read(path, ret, &e) < 0)
        fail_msg("%s: %s", path, e.text);
}

void support_golden(const char *path, const char *text)
{
    struct str expected;
    if (getenv("GENERATE")) {
        support_write(path, text, 0644);
        return;
    }
    str_init(&expected, 0);
    support_read(path, &expected);
    if (strcmp(expected.data, text))
        fail_msg("%s is stale (GENERATE=1 rewrites it); now:\n%s", path, text);
    str_done(&expected);
}

void support_write(const char *path, const char *text, unsigned mode)
{
    assert_int_equal(path_write(path, text, strlen(text), mode, NULL), 0);
}

char *support_home(char *buf, size_t size)
{
    char folder[256];
    snprintf(buf, size, "/tmp/driftop-config-XXXXXX");
    assert_non_null(mkdtemp(buf));
    snprintf(folder, sizeof folder, "%s/driftop", buf);
    assert_int_equal(mkdir(folder, 0700), 0);
    setenv("HOME", buf, 1);
    setenv("XDG_CONFIG_HOME", buf, 1);
    return buf;
}

int support_load(const char *text, struct config **ret, struct config_errors *errors)
{
    return config_load_bytes(text, strlen(text), "input.yaml", &test_types, ret, errors);
}

void support_errors(const struct config_errors *errors, struct str *ret)
{
    char buf[sizeof(struct err) + 32];
    for (size_t i = 0; i < errors->n_errors; i++)
        str_addf(ret, "%s\n", err_format(&errors->errors[i], buf, sizeof buf));
}
