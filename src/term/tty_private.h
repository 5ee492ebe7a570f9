/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The terminal device without curses: raw mode, a size, bytes out that never block, keys in.
 */
#ifndef DRIFTOP_TERM_TTY_PRIVATE_H
#define DRIFTOP_TERM_TTY_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>
#include <termios.h>

#include "driftop/base/str.h"

struct err;
struct key;
struct key_decoder;

struct tty {
    int input_fd;
    int output_fd;      /* a description of our own where the system allows */
    bool shares_output; /* it does not: O_NONBLOCK is set on the shell's and put back */
    int saved_flags;
    struct termios saved;
    bool raw;
    struct key_decoder *decoder;
    struct str unsent; /* of the last frame; a new one waits until it is out */
    int64_t bytes_written;
};

/* On standard input and output; ERR_IO when one of them is no terminal. */
int tty_init(struct tty *t, struct err *e);
/* Sends what is left, for 200 ms at most, and puts the terminal back. */
void tty_done(struct tty *t);
/* Raw mode on, or everything back as it was. */
int tty_set_raw(struct tty *t, bool on);
/* False when the terminal does not know. */
bool tty_size(const struct tty *t, int *ret_columns, int *ret_rows);
/* Queue and send as far as it goes: 0 all is out, ERR_AGAIN some is left, ERR_IO gone. */
int tty_write(struct tty *t, const char *bytes, size_t length);
int tty_flush(struct tty *t);
/* Wait up to timeout_ms until everything is out; for leaving only. */
void tty_drain(struct tty *t, int timeout_ms);
/* By key name, so that who reads terminfo needs no key codes. NULL sequences are ignored. */
void tty_learn(struct tty *t, const char *sequence, const char *key_name);
/* As backend_read_key(). */
int tty_read_key(struct tty *t, int64_t now_ms, struct key *ret, struct err *e);
int tty_key_wait_ms(const struct tty *t, int64_t now_ms);

#endif
