/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/app/help.h"

#include <stddef.h>
#include <string.h>

#include "document_private.h"
#include "driftop/app/dashboard.h"
#include "driftop/app/demo.h"
#include "driftop/app/screen.h"
#include "driftop/term/theme.h"

static int check_theme(const char *name, struct err *e)
{
    struct theme theme;
    return theme_load(name, &theme, e);
}

const struct app_hooks app_hooks = {
    .dashboard = dashboard_run,
    .screen = screen_run,
    .demo = demo_run,
    .document = document_run,
    .check_theme = check_theme,
};

/* "@P1-8841", as a page says it, or "@8841". */
static bool names_alert(const char *word)
{
    size_t length = strlen(word);
    return length > 1 && word[0] == '@' && word[length - 1] >= '0' && word[length - 1] <= '9';
}

static int run_dashboard(struct command_context *c)
{
    struct err e;
    if (c->n_arguments && !names_alert(c->arguments[0])) {
        err_set(&e, ERR_USAGE, "%.60s names no alert; write @ and its number", c->arguments[0]);
        return command_fail(c, &e);
    }
    if (c->hooks->dashboard)
        return c->hooks->dashboard(c);
    err_set(&e, ERR_USAGE, "no screens yet in this build; see driftop --help");
    return command_fail(c, &e);
}

const struct command command_dashboard = {
    .name = "",
    .arguments = "[@ALERT]",
    .max_arguments = 1,
    .flags = COMMAND_CONFIG,
    .help = "Open the dashboard.",
    .run = run_dashboard,
};
