/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/app/screen.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/config/config.h"
#include "driftop/query/deployment.h"
#include "driftop/query/feature.h"
#include "driftop/store/db.h"
#include "driftop/term/backend_text.h"
#include "driftop/term/canvas.h"
#include "driftop/term/glyph.h"
#include "driftop/term/theme.h"
#include "driftop/view/stack.h"

#define COLUMNS_DEFAULT 80
#define ROWS_DEFAULT    24

int screen_theme(const struct command_context *c, struct theme *ret, struct err *e)
{
    const char *name = c->theme ? c->theme : c->config->theme;
    return theme_load(name && name[0] ? name : "default", ret, e);
}

void screen_prepare_frame(const struct command_context *c, struct view_frame *frame)
{
    const struct config *config = c->config;

    if (config->poll_interval_ms > 0)
        frame->stale_ms = 3 * config->poll_interval_ms + config->timeout_ms;
    frame->read_only = c->read_only || config->read_only;
    str_copy(frame->status.environment, sizeof frame->status.environment, config->environment);
}

/* What is on the screen was recorded for something else than what R would act on. */
static void compare(const struct config *config, struct view_frame *frame)
{
    const struct status *s = &frame->status;
    size_t length = strlen(s->config_hash);

    frame->mismatch[0] = '\0';
    if (s->environment[0] && strcmp(s->environment, config->environment) != 0)
        snprintf(frame->mismatch, sizeof frame->mismatch,
                 "this store is of %.60s, this configuration of %.60s", s->environment,
                 config->environment);
    else if (s->recording && length > 0 && strncmp(s->config_hash, config->hash, length) != 0)
        snprintf(frame->mismatch, sizeof frame->mismatch,
                 "the recorder runs configuration %s, this is %.12s: SIGHUP makes it read again",
                 s->config_hash, config->hash);
}

int screen_load_status(const struct config *config, struct store *store, struct view_frame *frame,
                       struct err *e)
{
    struct status status = {0};
    int code = status_load(store, frame->now_ms, &status, e);

    if (code < 0)
        return code;
    frame->status = status;
    frame->has_status = true;
    compare(config, frame);
    /* The name of the configuration in use, never one that an old store remembers. */
    str_copy(frame->status.environment, sizeof frame->status.environment, config->environment);
    return 0;
}

static int parse_size(const char *text, int *ret_columns, int *ret_rows, struct err *e)
{
    char *end = NULL;
    long columns = COLUMNS_DEFAULT, rows = ROWS_DEFAULT;

    if (text) {
        columns = strtol(text, &end, 10);
        if (*end != 'x')
            return err_set(e, ERR_USAGE, "--size is COLUMNSxROWS, like 80x24, not %s", text);
        rows = strtol(end + 1, &end, 10);
        if (*end || columns < 1 || rows < 1 || columns > CANVAS_MAX || rows > CANVAS_MAX)
            return err_set(e, ERR_USAGE, "--size lies between 1x1 and %dx%d, not %s", CANVAS_MAX,
                           CANVAS_MAX, text);
    }
    *ret_columns = (int)columns;
    *ret_rows = (int)rows;
    return 0;
}

static const struct glyphs *choose_glyphs(const struct command_context *c)
{
    const char *name = c->glyphs ? c->glyphs : c->config->glyphs;
    const struct glyphs *glyphs = name ? glyphs_find(name) : NULL;
    return glyphs ? glyphs : glyphs_choose(nl_langinfo(CODESET), NULL, false);
}

static int open_stack(const struct command_context *c, const char *view, struct view_stack **ret,
                      struct err *e)
{
    const struct view *found = view_find(view);
    const char *deployment = c->options[1], *feature = c->options[2], *version = c->options[3];
    struct view_target target = {0};

    if (!found || !found->digit)
        return err_set(e, ERR_ABSENT,
                       "no view is called %s: triage, fleet, model, drift, feature, "
                       "alerts, audit",
                       view);
    if (c->options[4] && strcmp(c->options[4], "now") != 0)
        return err_set(e, ERR_USAGE, "--at takes `now` only in this version");
    str_copy(target.deployment, sizeof target.deployment, deployment ? deployment : "");
    str_copy(target.feature, sizeof target.feature, feature ? feature : "");
    str_copy(target.version, sizeof target.version, version ? version : "");
    target.narrow = deployment != NULL;
    *ret = view_stack_new(view, &target);
    return *ret ? 0 : err_set(e, ERR_NOMEM, "no memory for a view");
}

/* A picture of nothing looks like one of a fleet that is well: names must be of something. */
static int check_names(const struct command_context *c, int64_t now_ms, struct err *e)
{
    const char *deployment = c->options[1], *feature = c->options[2], *version = c->options[3];
    struct deployment_view d;
    struct feature_view f;

    if (!deployment)
        return 0;
    int code = deployment_view_load(c->store, deployment, now_ms, &d, e);
    deployment_view_done(&d);
    if (code < 0 || !feature)
        return code;
    code = feature_view_load(c->store, deployment, feature, version, DRIFT_ANY_SPAN, now_ms, &f, e);
    feature_view_done(&f);
    return code;
}

static int print(const struct command_context *c, struct view_stack *stack, int columns, int rows,
                 struct err *e)
{
    struct theme theme;
    struct str text;
    struct canvas *canvas = canvas_new(columns, rows, choose_glyphs(c));
    bool ansi = c->options[5] != NULL;
    int code = ansi || c->theme ? screen_theme(c, &theme, e) : 0;

    str_init(&text, 0);
    if (code == 0 && !canvas)
        code = err_set(e, ERR_NOMEM, "no memory for a screen");
    if (code == 0 && c->linear) {
        view_stack_say_all(stack, &text);
    } else if (code == 0) {
        view_stack_draw(stack, canvas);
        code = canvas_print(canvas, ansi ? &theme : NULL, &text);
    }
    if (code == 0)
        fputs(text.data, c->out);
    str_done(&text);
    canvas_free(canvas);
    return code;
}

int screen_run(struct command_context *c)
{
    struct view_stack *stack = NULL;
    struct err e = {0};
    int columns = 0, rows = 0;

    int code = parse_size(c->options[0], &columns, &rows, &e);
    if (code == 0)
        code = open_stack(c, c->arguments[0], &stack, &e);
    if (code == 0) {
        struct view_frame *frame = view_stack_frame(stack);
        frame->now_ms = clock_wall(c->clock);
        screen_prepare_frame(c, frame);
        code = check_names(c, frame->now_ms, &e);
        if (code == 0)
            code = screen_load_status(c->config, c->store, frame, &e);
        if (code == 0)
            code = view_stack_load(stack, c->store, (struct rect){0, 0, columns, rows}, true, &e);
        if (code == 0)
            code = print(c, stack, columns, rows, &e);
    }
    view_stack_free(stack);
    return code < 0 ? command_fail(c, &e) : 0;
}

int screen_linear(struct command_context *c)
{
    const char *none[] = {NULL, NULL, NULL, NULL, NULL, NULL}, *view[] = {"triage"};
    struct err e = {0};

    c->options = none;
    c->arguments = view;
    if (store_open(c->config->store_path, STORE_READ, &c->store, &e) < 0)
        return command_fail(c, &e);
    return screen_run(c);
}
