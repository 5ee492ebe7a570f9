/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/path.h"

static void path_of(const struct folder_case *c, const char *file, struct str *ret)
{
    const char *srcdir = getenv("srcdir");

    str_init(ret, 0);
    str_addf(ret, "%s/tests/fixtures/adapt/%s", srcdir ? srcdir : ".", c->adapter);
    if (c->name)
        str_addf(ret, "/%s", c->name);
    if (file)
        str_addf(ret, "/%s", file);
}

bool folder_read(const struct folder_case *c, const char *file, struct str *ret)
{
    struct str path;
    bool found;

    str_init(ret, 0);
    path_of(c, file, &path);
    found = access(path.data, R_OK) == 0 && path_read(path.data, ret, NULL) == 0;
    str_done(&path);
    return found;
}

struct json *folder_json(const struct folder_case *c, const char *file)
{
    struct json *json = NULL;
    struct str text;
    struct err e;

    if (folder_read(c, file, &text) && json_parse(text.data, text.length, &json, &e) < 0)
        fail_msg("%s/%s/%s: %s", c->adapter, c->name, file, e.text);
    str_done(&text);
    return json;
}

static bool run_case(const struct folder_case *c, folder_print *print)
{
    struct str expected, said, path;
    struct json *json = print(c);
    bool same;

    str_init(&said, 0);
    assert_int_equal(json_write(json, 2, &said), 0);
    str_add_char(&said, '\n');
    json_drop(json);
    path_of(c, "expected.json", &path);
    if (getenv("GENERATE"))
        assert_int_equal(path_write(path.data, said.data, said.length, 0644, NULL), 0);
    folder_read(c, "expected.json", &expected);
    same = strcmp(said.data, expected.data) == 0;
    if (!same)
        print_error("%s/%s says\n%s\ninstead of\n%s\n", c->adapter, c->name, said.data,
                    expected.data);
    str_done(&expected);
    str_done(&said);
    str_done(&path);
    return same;
}

int folder_run(const char *adapter, folder_print *print)
{
    struct folder_case c = {adapter, NULL};
    int n = 0, wrong = 0;
    struct str path;
    DIR *folder;

    path_of(&c, NULL, &path);
    folder = opendir(path.data);
    if (!folder)
        fail_msg("no cases in %s", path.data);
    for (struct dirent *d; (d = readdir(folder));) {
        if (d->d_name[0] == '.')
            continue;
        c.name = d->d_name;
        n++;
        wrong += !run_case(&c, print);
    }
    closedir(folder);
    str_done(&path);
    assert_true(n > 0);
    return wrong;
}
