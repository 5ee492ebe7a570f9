/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "document_private.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/cmd/types.h"
#include "driftop/config/describe.h"

static void manual_configuration(struct str *ret)
{
    struct types types;

    types_fill(&types);
    config_describe_markdown(&types.types, ret);
}

static const struct page {
    struct manual_head head;
    void (*fill)(struct str *ret); /* NULL: written by hand, in a file */
} pages[] = {
    {{"driftop", "1", "terminal dashboard for machine-learning models in production"},
     manual_program},
    {{"driftop.yaml", "5", "configuration of driftop"}, manual_configuration},
    {{"driftop-keys", "7", "keys of the dashboard"}, manual_keys},
    {{"driftop-json", "7", "what driftop prints with --json"}, NULL},
};

static const struct page *find_page(const char *name)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(pages[i].head.name, name) == 0)
            return &pages[i];
    return NULL;
}

static int fill(const struct page *page, const char *file, struct str *ret, struct err *e)
{
    if (page->fill) {
        page->fill(ret);
        return 0;
    }
    if (!file)
        return err_set(e, ERR_USAGE, "%s is written by hand: name its file", page->head.name);
    return path_read(file, ret, e);
}

static int make(struct command_context *c, struct str *ret, struct err *e)
{
    const char *what = c->arguments[0], *name = c->arguments[1];
    const struct page *page = find_page(name);
    struct str text;

    if (strcmp(what, "completion") == 0 && strcmp(name, "bash") == 0) {
        completion_bash(ret);
        return 0;
    }
    if (strcmp(what, "completion") == 0 || !page)
        return err_set(e, ERR_USAGE, "there is no %s %s", what, name);
    str_init(&text, 0);
    int code = fill(page, c->n_arguments > 2 ? c->arguments[2] : NULL, &text, e);
    if (code == 0 && strcmp(what, "man") == 0)
        manual_roff(&page->head, text.data, ret);
    else if (code == 0)
        str_add(ret, text.data);
    str_done(&text);
    return code;
}

int document_run(struct command_context *c)
{
    struct err e = {0};
    struct str text;

    str_init(&text, 0);
    int code = make(c, &text, &e);
    if (code == 0 && text.failed)
        code = err_set(&e, ERR_NOMEM, "no memory for the page");
    if (code == 0)
        fwrite(text.data, 1, text.length, c->out);
    str_done(&text);
    return code < 0 ? command_fail(c, &e) : 0;
}
