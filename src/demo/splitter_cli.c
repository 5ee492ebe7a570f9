/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors end with an empty line, but for those whose text in HAProxy lacks its line feed: there the
 * first of the two is all there is.
 */
#include "driftop/demo/splitter_cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/demo/splitter.h"
#include "driftop/demo/splitter_show.h"

#define WORDS      64
#define TEXT_BYTES 4096

enum severity_number { SEVERITY_ERROR = 3, SEVERITY_INFO = 6 };

struct command_line {
    struct splitter *splitter;
    struct cli_session *session;
    char text[TEXT_BYTES];
    const char *words[WORDS]; /* "" behind the last */
    struct str *ret;
};

typedef void cli_fn(struct command_line *c);

static void say(struct command_line *c, enum severity_number severity, const char *text)
{
    if (c->session->severity == CLI_SEVERITY_NUMBER)
        str_addf(c->ret, "[%d]: ", (int)severity);
    else if (c->session->severity == CLI_SEVERITY_STRING)
        str_addf(c->ret, "[%s]: ", severity == SEVERITY_ERROR ? "err" : "info");
    str_addf(c->ret, "%s\n", text);
}

static void refuse(struct command_line *c, const char *text)
{
    char line[256];

    str_copy(line, sizeof line - 1, text);
    line[strlen(line) + 1] = '\0';
    line[strlen(line)] = '\n';
    say(c, SEVERITY_ERROR, line);
}

static struct splitter_server *find_server(struct command_line *c, const char *name)
{
    char backend[SPLITTER_NAME_SIZE];
    const char *slash = strchr(name, '/');
    struct splitter_backend *b;
    struct splitter_server *server = NULL;

    if (!slash || slash[1] == '\0') {
        refuse(c, "Require 'backend/server'.");
        return NULL;
    }
    if ((size_t)(slash - name) >= sizeof backend) {
        refuse(c, "No such backend.");
        return NULL;
    }
    memcpy(backend, name, (size_t)(slash - name));
    backend[slash - name] = '\0';
    b = splitter_backend(c->splitter, backend);
    if (b)
        server = splitter_server(b, slash + 1);
    if (!server)
        refuse(c, b ? "No such server." : "No such backend.");
    return server;
}

/* "25", "+25" or "50%" of the initial weight, which never takes it above the greatest one. */
static void set_weight(struct command_line *c, struct splitter_server *server, const char *text)
{
    char *end;
    long number;

    if (text[0] == '\0') {
        refuse(c, "Require <weight> or <weight%>.");
        return;
    }
    errno = 0;
    number = strtol(text, &end, 10);
    if (end == text) {
        say(c, SEVERITY_ERROR, "Empty weight string empty or preceded by garbage");
        return;
    }
    if (end[0] == '%' && end[1] == '\0') {
        if (number < 0 || errno) {
            refuse(c, "Relative weight must be positive.");
            return;
        }
        number = number > 100 * SPLITTER_WEIGHT_MAX ? 100 * SPLITTER_WEIGHT_MAX : number;
        number = server->initial * number / 100;
        number = number > SPLITTER_WEIGHT_MAX ? SPLITTER_WEIGHT_MAX : number;
    } else if (end[0] != '\0') {
        say(c, SEVERITY_ERROR, "Trailing garbage in weight string");
        return;
    } else if (number < 0 || number > SPLITTER_WEIGHT_MAX) {
        refuse(c, "Absolute weight can only be between 0 and 256 inclusive.");
        return;
    }
    server->weight = (int)number;
    str_add_char(c->ret, '\n');
}

static void run_get_weight(struct command_line *c)
{
    struct splitter_server *server = find_server(c, c->words[2]);

    if (server)
        str_addf(c->ret, "%d (initial %d)\n\n", server->weight, server->initial);
}

static void run_set_weight(struct command_line *c)
{
    struct splitter_server *server = find_server(c, c->words[2]);

    if (server)
        set_weight(c, server, c->words[3]);
}

static void run_set_server(struct command_line *c)
{
    static const char *const states[] = {"ready", "drain", "maint"};
    struct splitter_server *server = find_server(c, c->words[2]);

    if (!server)
        return;
    if (strcmp(c->words[3], "weight") == 0) {
        set_weight(c, server, c->words[4]);
        return;
    }
    if (strcmp(c->words[3], "state") != 0) {
        refuse(c, "usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | "
                  "agent-send | check-addr | check-port | fqdn | health | ssl | state | weight");
        return;
    }
    for (int i = SPLITTER_READY; i <= SPLITTER_MAINT; i++)
        if (strcmp(c->words[4], states[i]) == 0) {
            splitter_set_admin(c->splitter, server, (enum splitter_admin)i);
            str_add_char(c->ret, '\n');
            return;
        }
    refuse(c, "'set server <srv> state' expects 'ready', 'drain' and 'maint'.");
}

static void run_set_severity(struct command_line *c)
{
    static const char *const words[] = {"none", "number", "string"};

    for (int i = CLI_SEVERITY_NONE; i <= CLI_SEVERITY_STRING; i++)
        if (strcmp(c->words[2], words[i]) == 0) {
            c->session->severity = (enum cli_severity)i;
            str_add_char(c->ret, '\n');
            return;
        }
    refuse(c, "one of 'none', 'number', 'string' is a required argument");
}

/* Without all three of its arguments HAProxy takes none of them. */
static void run_show_stat(struct command_line *c)
{
    bool filtered = c->words[2][0] && c->words[3][0] && c->words[4][0];
    const char *backend = filtered && strcmp(c->words[2], "-1") != 0 ? c->words[2] : NULL;
    int rows = filtered ? (int)strtol(c->words[3], NULL, 10) : -1;

    splitter_show_stat(c->splitter, backend, rows,
                       filtered ? (int)strtol(c->words[4], NULL, 10) : -1, c->ret);
}

static void run_show_servers(struct command_line *c)
{
    const char *backend = c->words[3][0] ? c->words[3] : NULL;

    if (backend && !splitter_backend(c->splitter, backend))
        refuse(c, "Can't find backend.");
    else
        splitter_show_servers(c->splitter, backend, c->ret);
}

static void run_show_info(struct command_line *c)
{
    splitter_show_info(c->splitter, c->ret);
}

static void run_show_backend(struct command_line *c)
{
    splitter_show_backends(c->splitter, c->ret);
}

static void run_show_level(struct command_line *c)
{
    str_add(c->ret, "admin\n\n");
}

static void run_prompt(struct command_line *c)
{
    c->session->prompt = !c->session->prompt;
    str_add_char(c->ret, '\n');
}

static void run_quit(struct command_line *c)
{
    c->session->quit = true;
}

static cli_fn run_help;

static const struct cli_command {
    const char *words[3];
    cli_fn *run;
    const char *help;
} commands[] = {
    {{"get", "weight"}, run_get_weight, "get weight <bk>/<srv>"},
    {{"set", "server"}, run_set_server, "set server <bk>/<srv> [opts]"},
    {{"set", "severity-output"}, run_set_severity, "set severity-output [none|number|string]"},
    {{"set", "weight"}, run_set_weight, "set weight <bk>/<srv>  (DEPRECATED)"},
    {{"show", "backend"}, run_show_backend, "show backend"},
    {{"show", "cli", "level"}, run_show_level, "show cli level"},
    {{"show", "info"}, run_show_info, "show info"},
    {{"show", "servers", "state"}, run_show_servers, "show servers state [<backend>]"},
    {{"show", "stat"}, run_show_stat, "show stat"},
    {{"help"}, run_help, "help [<command>]"},
    {{"prompt"}, run_prompt, "prompt"},
    {{"quit"}, run_quit, "quit"},
};
#define N_COMMANDS (sizeof commands / sizeof *commands)

static void list_commands(struct command_line *c, const char *title)
{
    struct str text;

    str_init(&text, 0);
    str_addf(&text, "%s\n", title);
    for (size_t i = 0; i < N_COMMANDS; i++)
        str_addf(&text, "  %s\n", commands[i].help);
    say(c, SEVERITY_INFO, text.data);
    str_done(&text);
}

static void run_help(struct command_line *c)
{
    list_commands(c, "The following commands are valid at this level:");
}

static bool matches(const struct cli_command *command, const char *const *words)
{
    for (size_t i = 0; i < 3 && command->words[i]; i++)
        if (strcmp(command->words[i], words[i]) != 0)
            return false;
    return true;
}

static void run_command(struct command_line *c)
{
    c->splitter->n_commands++;
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (matches(&commands[i], c->words)) {
            commands[i].run(c);
            return;
        }
    list_commands(c, c->words[0][0] ? "Unknown command, but maybe one of the following ones is a "
                                      "better match:"
                                    : "Unknown command. Please enter one of the following commands "
                                      "only:");
}

/* Up to an unescaped semicolon: words at blanks, a backslash takes the next character as it is.
 * Returns what was used, the semicolon included. */
static size_t split(struct command_line *c, const char *line, size_t length)
{
    size_t i = 0, out = 0, n = 0;
    bool inside = false;

    for (; i < length && line[i] != ';' && out + 2 < sizeof c->text && n < WORDS - 1; i++) {
        if (line[i] == ' ' || line[i] == '\t') {
            if (inside)
                c->text[out++] = '\0';
            inside = false;
            continue;
        }
        if (line[i] == '\\' && i + 1 < length)
            i++;
        if (!inside)
            c->words[n++] = c->text + out;
        inside = true;
        c->text[out++] = line[i];
    }
    c->text[out] = '\0';
    for (; n < WORDS; n++)
        c->words[n] = "";
    return i < length ? i + 1 : i;
}

void splitter_execute(struct splitter *s, struct cli_session *session, const char *line,
                      size_t length, struct str *ret)
{
    struct command_line c = {.splitter = s, .session = session, .ret = ret};
    bool more = true;

    while (more && !session->quit) {
        size_t used = split(&c, line, length);
        more = used > 0 && line[used - 1] == ';' && !(used > 1 && line[used - 2] == '\\');
        line += used;
        length -= used;
        run_command(&c);
        if (session->prompt && !session->quit)
            str_add(ret, "> ");
    }
}
