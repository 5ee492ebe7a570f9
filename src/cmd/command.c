/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/cmd/command.h"

#include <string.h>

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

const char *command_option(const struct command *cmd, const struct command_context *c,
                           const char *name)
{
    for (size_t i = 0; i < cmd->n_options; i++)
        if (strcmp(cmd->options[i].name, name) == 0)
            return c->options[i];
    return NULL;
}

int command_fail(struct command_context *c, const struct err *e)
{
    char text[sizeof(struct err)];
    fprintf(c->err, "driftop: %s\n", err_format(e, text, sizeof text));
    return err_exit_status(e->code);
}
