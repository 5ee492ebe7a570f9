/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HAProxy's runtime API spoken for the demo's splitter: the commands that driftop and an engineer
 * with socat use, with the very bytes of HAProxy 2.6. tests/fixtures/splitter holds dialogues that
 * are run against both. Commands it does not know answer with HAProxy's word for that and the list
 * of those it does.
 */
#ifndef DRIFTOP_DEMO_SPLITTER_CLI_H
#define DRIFTOP_DEMO_SPLITTER_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "driftop/loop/id.h"

struct err;
struct loop;
struct splitter;
struct str;

enum cli_severity { CLI_SEVERITY_NONE, CLI_SEVERITY_NUMBER, CLI_SEVERITY_STRING };

/* What lasts for one connection. Begins as zero. */
struct cli_session {
    bool prompt; /* interactive: stays open, "> " behind each answer */
    bool quit;   /* `quit` was said */
    enum cli_severity severity;
};

/* One line of commands separated by semicolons; appends all answers. */
void splitter_execute(struct splitter *s, struct cli_session *session, const char *line,
                      size_t length, struct str *ret);

struct splitter_socket;

/* Listens on a unix socket (see loop/address.h). The splitter is borrowed. */
int splitter_socket_open(struct loop *loop, const char *address, struct splitter *splitter,
                         struct splitter_socket **ret, struct err *e);
void splitter_socket_close(struct splitter_socket *s);

#endif
