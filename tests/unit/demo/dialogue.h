/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The dialogues of tests/fixtures/splitter (README.txt there says how they are written), held with
 * whoever listens on a socket.
 */
#ifndef DRIFTOP_TESTS_DEMO_DIALOGUE_H
#define DRIFTOP_TESTS_DEMO_DIALOGUE_H

#include <stddef.h>

struct loop;

/* Sends text on a connection of its own; the caller frees the answer. */
char *dialogue_ask(struct loop *loop, const char *socket, const char *text, int half_close);
/* Every case, each after the commands that put both peers where a case begins. Fails the test with
 * all that differs. Returns how many cases there were. */
size_t dialogue_run_all(struct loop *loop, const char *socket, const char *peer);

#endif
