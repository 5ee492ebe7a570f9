/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/app/help.h"

#include "config.h"
#include "driftop/adapt/adapter.h"
#include "driftop/adapt/feature.h"
#include "driftop/adapt/notify.h"
#include "driftop/app/args.h"

static void list_adapters(FILE *out, const char *kind, const struct adapter *const *list)
{
    fprintf(out, "  %-10s", kind);
    for (size_t i = 0; list[i]; i++)
        fprintf(out, "%s%s", i ? ", " : " ", list[i]->name);
    fputc('\n', out);
}

static void list_all_adapters(FILE *out)
{
    fputs("\nWhat it speaks (the `type:` in the configuration):\n", out);
    list_adapters(out, "servers", adapt_servers);
    list_adapters(out, "registries", adapt_registries);
    list_adapters(out, "traffic", adapt_traffic);
    fprintf(out, "  %-10s", "features");
    for (size_t i = 0; adapt_features[i]; i++)
        fprintf(out, "%s%s", i ? ", " : " ", adapt_features[i]->name);
    fprintf(out, "\n  %-10s", "notify");
    for (size_t i = 0; adapt_notifiers[i]; i++)
        fprintf(out, "%s%s", i ? ", " : " ", adapt_notifiers[i]->name);
    fputc('\n', out);
}

static void list_option(FILE *out, const char *letter, const char *name, const char *argument,
                        const char *help)
{
    int width = fprintf(out, "  %s%s%s%s%s", letter ? letter : "", letter ? ", " : "", name,
                        argument ? " " : "", argument ? argument : "");
    fprintf(out, "%*s%s\n", width < 22 ? 22 - width : 1, "", help);
}

int help_all(FILE *out)
{
    fputs("driftop: a terminal dashboard for machine-learning models in production\n\n"
          "Usage: driftop [OPTIONS] [@ALERT]\n"
          "       driftop [OPTIONS] COMMAND [ARGUMENTS]\n\n"
          "Without a command the dashboard opens. Commands:\n",
          out);
    for (size_t i = 0; commands[i]; i++)
        if (!(commands[i]->flags & COMMAND_HIDDEN))
            fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->help);
    fputs("\nOptions:\n", out);
    for (const struct args_option *o = args_options; o->name; o++)
        list_option(out, o->letter, o->name, o->argument, o->help);
    list_all_adapters(out);
    fputs("\nSee driftop(1), driftop.yaml(5), driftop-keys(7).\n", out);
    return 0;
}

int help_command(FILE *out, const struct command *command)
{
    fprintf(out, "Usage: driftop %s%s%s\n\n%s\n", command->name, command->arguments[0] ? " " : "",
            command->arguments, command->help);
    if (command->n_options)
        fputs("\nOptions:\n", out);
    for (size_t i = 0; i < command->n_options; i++) {
        const struct command_option *o = &command->options[i];
        list_option(out, NULL, o->name, o->argument, o->help);
    }
    return 0;
}

int help_version(FILE *out)
{
    fprintf(out, "driftop %s\n", PACKAGE_VERSION);
    return 0;
}
