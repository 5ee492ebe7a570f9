/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * driftop(1): commands, options and exit statuses, each from its table.
 */
#include "document_private.h"
#include "driftop/act/phase.h"
#include "driftop/app/args.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/query/query.h"

static void options_table(struct str *s, const struct command *command)
{
    if (!command->n_options)
        return;
    str_add(s, "\n| option | meaning |\n|---|---|\n");
    for (size_t i = 0; i < command->n_options; i++) {
        const struct command_option *o = &command->options[i];
        str_addf(s, "| `%s`%s%s | %s |\n", o->name, o->argument ? " " : "",
                 o->argument ? o->argument : "", o->help);
    }
}

static void all_commands(struct str *s)
{
    str_add(s,
            "\n## Commands\n\n"
            "Without a command the dashboard opens. Commands print what its screens show. Without\n"
            "`--yes` or `--apply` none of them changes anything outside the store.\n");
    for (size_t i = 0; commands[i]; i++) {
        if (commands[i]->flags & COMMAND_HIDDEN)
            continue;
        str_addf(s, "\n### %s%s%s\n\n%s\n", commands[i]->name, commands[i]->arguments[0] ? " " : "",
                 commands[i]->arguments, commands[i]->help);
        options_table(s, commands[i]);
    }
}

static void program_options(struct str *s)
{
    str_add(s, "\n## Options\n\nThey may stand before or behind the command.\n\n"
               "| option | meaning |\n|---|---|\n");
    for (const struct args_option *o = args_options; o->name; o++)
        str_addf(s, "| %s%s%s`%s`%s%s | %s |\n", o->letter ? "`" : "", o->letter ? o->letter : "",
                 o->letter ? "`, " : "", o->name, o->argument ? " " : "",
                 o->argument ? o->argument : "", o->help);
}

/* ---- exit statuses ---- */

/* Words of one kind in a row: "after an act: verified, undone"; kinds are parted by semicolons. */
static void add_word(struct str *line, const char *lead, const char *word, size_t *n)
{
    if ((*n)++)
        str_addf(line, ", %s", word);
    else
        str_addf(line, "%s%s%s", line->length ? "; " : "", lead, word);
}

static void readings_with(int status, struct str *line)
{
    static const enum severity all[] = {SEVERITY_OK, SEVERITY_TICKET, SEVERITY_PAGE,
                                        SEVERITY_UNKNOWN, SEVERITY_STALE};
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (severity_exit(all[i]) == status)
            add_word(line, "after a reading: ", severity_word(all[i]), &n);
}

static void errors_with(int status, struct str *line)
{
    static const int codes[] = {
#define X(code, number, name, message, retry, status) code,
        ERR_LIST(X)
#undef X
    };
    size_t n = 0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (err_exit_status(codes[i]) == status)
            add_word(line, "", err_message(codes[i]), &n);
}

static void acts_with(int status, struct str *line)
{
    size_t n = 0;
    for (int phase = ACT_PLANNED; phase <= ACT_UNDONE; phase++)
        if (act_exit_status((enum act_phase)phase) == status)
            add_word(line, "after an act: ", act_phase_name((enum act_phase)phase), &n);
}

static void exit_statuses(struct str *s)
{
    struct str line;

    str_init(&line, 0);
    str_add(s, "\n## Exit status\n\n| status | meaning |\n|---|---|\n");
    for (int status = 0; status < 256; status++) {
        str_clear(&line);
        readings_with(status, &line);
        errors_with(status, &line);
        acts_with(status, &line);
        if (line.length)
            str_addf(s, "| `%d` | %s |\n", status, line.data);
    }
    str_done(&line);
}

void manual_program(struct str *s)
{
    str_add(s,
            "## Synopsis\n\n"
            "`driftop` [OPTIONS] [@ALERT]\n\n"
            "`driftop` [OPTIONS] COMMAND [ARGUMENTS]\n\n"
            "## Description\n\n"
            "driftop watches machine-learning models in production: it polls model servers,\n"
            "registries and traffic controllers, compares the rows they answer with a reference,\n"
            "raises alerts, and lets an engineer shift traffic or roll back, see it verified, and\n"
            "undo it.\n\n"
            "A recorder writes one file, the store; the dashboard and the commands only read it.\n"
            "When nobody records, the dashboard starts a recorder that ends a minute after the\n"
            "last dashboard; `driftop record` is a recorder as a service.\n");
    all_commands(s);
    program_options(s);
    exit_statuses(s);
    str_add(s, "\n## Environment\n\n"
               "| variable | meaning |\n|---|---|\n"
               "| `XDG_CONFIG_HOME` | Where driftop/driftop.yaml and driftop/credentials.yaml are; "
               "else ~/.config. |\n"
               "| `XDG_STATE_HOME` | Where driftop/ENVIRONMENT.db is; else ~/.local/state. |\n"
               "| `NO_COLOR` | When set, the mono theme. |\n"
               "| `LC_ALL`, `LANG`, `TERM` | Which characters and colours the terminal has. |\n"
               "\n## Files\n\n"
               "| file | meaning |\n|---|---|\n"
               "| `driftop.yaml` | The configuration: driftop.yaml(5). |\n"
               "| `credentials.yaml` | What acts are sent with; mode 0600, never read by the "
               "recorder. |\n"
               "| `ENVIRONMENT.db` | The store. |\n"
               "| `ENVIRONMENT.db-audit.jsonl` | The audit log; `driftop audit verify` checks its "
               "chain. |\n"
               "\n## See also\n\ndriftop.yaml(5), driftop-keys(7), driftop-json(7)\n");
}
