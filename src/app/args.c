/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/app/args.h"

#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"
#include "driftop/term/glyph.h"

const struct args_option args_options[] = {
    {"--config", "-c", "FILE", "The configuration (else $XDG_CONFIG_HOME/driftop/driftop.yaml)."},
    {"--theme", NULL, "NAME", "Colours: default, mono, or a file of your own."},
    {"--glyphs", NULL, "SET", "auto, ascii, acs, utf8-block, utf8-braille."},
    {"--read-only", NULL, NULL, "Writes cannot be armed."},
    {"--help", "-h", NULL, "Show this help, or that of a command."},
    {"--version", "-V", NULL, "Show the version."},
    {"--detach", NULL, NULL, "The recorder goes on when the dashboard ends."},
    {"--linear", NULL, NULL, "Plain sentences, for screen readers and pipes."},
    {0},
};

/* In the order of the table. */
static void set_own(struct args *a, size_t which, const char *value)
{
    switch (which) {
    case 0: a->config_path = value; break;
    case 1: a->theme = value; break;
    case 2: a->glyphs = value; break;
    case 3: a->read_only = true; break;
    case 4: a->help = true; break;
    case 5: a->version = true; break;
    case 6: a->detach = true; break;
    case 7: a->linear = true; break;
    default: break;
    }
}

/* "--name" or "--name=value". */
static bool is_option(const char *word, const char *name, const char **ret_value)
{
    size_t length = strlen(name);
    *ret_value = NULL;
    if (strncmp(word, name, length) != 0)
        return false;
    if (word[length] == '=')
        *ret_value = word + length + 1;
    return word[length] == '\0' || word[length] == '=';
}

struct reading {
    int argc, at;
    char **argv;
    struct args *args;
};

static int take_value(struct reading *r, const char *name, const char **value, struct err *e)
{
    if (*value)
        return 0;
    if (r->at + 1 >= r->argc)
        return err_set(e, ERR_USAGE, "%s needs a value", name);
    *value = r->argv[++r->at];
    return 0;
}

/* 1 when the word was an option of the program. */
static int read_own(struct reading *r, const char *word, struct err *e)
{
    for (size_t i = 0; args_options[i].name; i++) {
        const struct args_option *o = &args_options[i];
        const char *value = NULL;
        bool letter = o->letter && strcmp(word, o->letter) == 0;
        if (!letter && !is_option(word, o->name, &value))
            continue;
        if (!o->argument && value)
            return err_set(e, ERR_USAGE, "%s takes no value", o->name);
        if (o->argument && take_value(r, word, &value, e) < 0)
            return ERR_USAGE;
        set_own(r->args, i, value);
        return 1;
    }
    return 0;
}

/* 1 when the word was an option of the command. */
static int read_of_command(struct reading *r, const char *word, struct err *e)
{
    const struct command *c = r->args->command;
    for (size_t i = 0; c && i < c->n_options; i++) {
        const struct command_option *o = &c->options[i];
        const char *value;
        if (!is_option(word, o->name, &value))
            continue;
        if (!o->argument && value)
            return err_set(e, ERR_USAGE, "%s takes no value", o->name);
        if (o->argument && take_value(r, word, &value, e) < 0)
            return ERR_USAGE;
        r->args->options[i] = value ? value : "";
        return 1;
    }
    return 0;
}

static int read_word(struct reading *r, const char *word, struct err *e)
{
    struct args *a = r->args;
    if (!a->command && a->n_arguments == 0 && word[0] != '@') {
        a->command = command_find(word);
        if (!a->command)
            return err_set(e, ERR_USAGE, "no command is called %s; try driftop --help", word);
        return 0;
    }
    if (a->n_arguments >= ARGS_ARGUMENTS_MAX)
        return err_set(e, ERR_USAGE, "too many arguments");
    a->arguments[a->n_arguments++] = word;
    return 0;
}

static int check_count(const struct args *a, struct err *e)
{
    const struct command *c = a->command;
    if (!c || a->help)
        return 0;
    if (a->n_arguments < c->min_arguments || a->n_arguments > c->max_arguments)
        return err_set(e, ERR_USAGE, "usage: driftop %s%s%s", c->name, c->arguments[0] ? " " : "",
                       c->arguments);
    return 0;
}

/* Known before anything is opened; whether there is a theme of that name is not. */
static int check_glyphs(const struct args *a, struct err *e)
{
    struct str names;
    if (!a->glyphs || strcmp(a->glyphs, "auto") == 0 || glyphs_find(a->glyphs))
        return 0;
    str_init(&names, 0);
    for (const char *const *name = glyphs_names(); *name; name++)
        str_addf(&names, ", %s", *name);
    int code = err_set(e, ERR_USAGE, "there are no glyphs '%.40s'; allowed: auto%s", a->glyphs,
                       names.data ? names.data : "");
    str_done(&names);
    return code;
}

int args_parse(int argc, char **argv, struct args *ret, struct err *e)
{
    struct reading r = {.argc = argc, .at = 0, .argv = argv, .args = ret};
    bool only_words = false;

    memset(ret, 0, sizeof *ret);
    while (++r.at < argc) {
        const char *word = argv[r.at];
        int code = 0;
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (!only_words && word[0] == '-' && word[1]) {
            code = read_of_command(&r, word, e);
            if (code == 0)
                code = read_own(&r, word, e);
            if (code == 0)
                code = err_set(e, ERR_USAGE, "unknown option %s; try driftop %s%s--help", word,
                               ret->command ? ret->command->name : "", ret->command ? " " : "");
        } else {
            code = read_word(&r, word, e);
        }
        if (code < 0)
            return code;
    }
    int code = check_count(ret, e);
    return code < 0 ? code : check_glyphs(ret, e);
}
