/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Completion for bash: commands, the options of each, and nothing that would have to ask a store.
 */
#include "document_private.h"
#include "driftop/app/args.h"
#include "driftop/base/str.h"
#include "driftop/cmd/command.h"

static void own_words(struct str *s)
{
    for (const struct args_option *o = args_options; o->name; o++)
        str_addf(s, "%s%s", o == args_options ? "" : " ", o->name);
}

void completion_bash(struct str *s)
{
    str_add(s, "# bash completion for driftop: source <(driftop completion bash)\n"
               "_driftop() {\n"
               "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
               "    local command= words= w\n"
               "    case $before in\n"
               "    -c|--config|--log) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
               "    esac\n"
               "    for w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
               "        case $w in\n        ");
    for (size_t i = 0, n = 0; commands[i]; i++)
        if (!(commands[i]->flags & COMMAND_HIDDEN))
            str_addf(s, "%s%s", n++ ? "|" : "", commands[i]->name);
    str_add(s, ") command=$w; break ;;\n        esac\n    done\n    case $command in\n");
    str_add(s, "    '') words='");
    for (size_t i = 0; commands[i]; i++)
        if (!(commands[i]->flags & COMMAND_HIDDEN))
            str_addf(s, "%s ", commands[i]->name);
    str_add(s, "' ;;\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->n_options || (commands[i]->flags & COMMAND_HIDDEN))
            continue;
        str_addf(s, "    %s) words='", commands[i]->name);
        for (size_t k = 0; k < commands[i]->n_options; k++)
            str_addf(s, "%s ", commands[i]->options[k].name);
        str_add(s, "' ;;\n");
    }
    str_add(s, "    esac\n    words=\"$words ");
    own_words(s);
    str_add(s, "\"\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
               "complete -F _driftop driftop\n");
}
