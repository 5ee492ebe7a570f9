/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop config`: is the file right, and where does each value come from?
 */
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/cmd/types.h"
#include "driftop/config/describe.h"
#include "driftop/config/load.h"
#include "driftop/config/origin.h"

static void print_origin(const struct config_origin *o, void *ctx)
{
    FILE *out = ctx;
    if (o->line)
        fprintf(out, "%-48s %-28s %s:%d\n", o->name, o->value, o->file, o->line);
    else
        fprintf(out, "%-48s %-28s %s\n", o->name, o->value, o->file);
}

static int print_document(struct command_context *c, const struct types *types, bool example)
{
    struct str text;
    str_init(&text, 0);
    int code = example ? config_describe_example(&types->types, &text)
                       : config_describe_markdown(&types->types, &text);
    if (code == 0)
        fwrite(text.data, 1, text.length, c->out);
    str_done(&text);
    return code < 0 ? err_exit_status(code) : 0;
}

static int print_errors(struct command_context *c, const struct config_errors *errors)
{
    char text[sizeof(struct err)];
    int status = 78;
    for (size_t i = 0; i < errors->n_errors; i++) {
        fprintf(c->err, "%s\n", err_format(&errors->errors[i], text, sizeof text));
        if (errors->errors[i].code != ERR_ABSENT) /* no file: as for every command, 78 */
            status = err_exit_status(errors->errors[i].code);
    }
    return status;
}

/* The loader knows no themes: where they are looked for is the screen's matter. */
static int check_theme(struct command_context *c, const struct config *config)
{
    const struct option_value *theme = option_get(&config->options, "theme");
    char text[sizeof(struct err)];
    struct err why = {0}, at;

    if (!theme->given || !c->hooks || c->hooks->check_theme(theme->text, &why) == 0)
        return 0;
    int code =
        err_set_at(&at, ERR_CONFIG, theme->file, theme->line, theme->column, "theme: %s", why.text);
    fprintf(c->err, "%s\n", err_format(&at, text, sizeof text));
    return err_exit_status(code);
}

static void print_config(struct command_context *c, const struct config *config)
{
    if (c->options[0])
        config_each_origin(config, print_origin, c->out);
    else
        fprintf(c->out, "%s: fine: %zu deployment%s, environment %s, hash %.12s\n", config->path,
                config->n_deployments, config->n_deployments == 1 ? "" : "s", config->environment,
                config->hash);
}

static int run(struct command_context *c)
{
    const char *word = c->n_arguments ? c->arguments[0] : "check";
    struct config_errors errors = {0};
    struct config *config = NULL;
    struct types types;
    int status = 0;

    types_fill(&types);
    if (strcmp(word, "example") == 0 || strcmp(word, "document") == 0)
        return print_document(c, &types, word[0] == 'e');
    if (strcmp(word, "check") != 0) {
        struct err e;
        err_set(&e, ERR_USAGE, "config %s: one of check, example, document is allowed", word);
        return command_fail(c, &e);
    }
    const char *path = c->n_arguments > 1 ? c->arguments[1] : c->config_path;
    if (config_load(path, &types.types, &config, &errors) < 0)
        status = print_errors(c, &errors);
    else
        status = check_theme(c, config);
    if (status == 0)
        print_config(c, config);
    config_errors_done(&errors);
    config_free(config);
    return status;
}

static const struct command_option options[] = {
    {"--origin", NULL, "Print each value and where it came from."},
};

extern const struct command command_config;
const struct command command_config = {
    .name = "config",
    .arguments = "[check [FILE] | example | document]",
    .max_arguments = 2,
    .help = "Check the configuration, or show where each value comes from.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
