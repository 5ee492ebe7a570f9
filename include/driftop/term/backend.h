/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A backend puts a canvas where somebody sees it and says which keys were pressed. Two exist:
 * term/backend_ncurses.h for a terminal and term/backend_text.h for files and tests.
 *
 * Nothing here blocks. A terminal that does not keep up makes backend_present() answer ERR_AGAIN:
 * at most the rest of one frame waits, further ones are dropped, not queued. The caller stays dirty
 * and presents again when output_fd is writable (or later): that sends the rest, then what changed.
 */
#ifndef DRIFTOP_TERM_BACKEND_H
#define DRIFTOP_TERM_BACKEND_H

#include <stdbool.h>
#include <stdint.h>

struct backend;
struct canvas;
struct err;
struct glyphs;
struct key;

/* What a backend implements; each concrete struct begins with a struct backend. */
struct backend_functions {
    void (*size)(struct backend *b, int *ret_columns, int *ret_rows);
    int (*present)(struct backend *b, const struct canvas *c, struct err *e);
    int (*read_key)(struct backend *b, int64_t now_ms, struct key *ret, struct err *e);
    int (*key_wait_ms)(struct backend *b, int64_t now_ms);
    int (*suspend)(struct backend *b, bool on);
    void (*redraw)(struct backend *b);
    void (*bell)(struct backend *b);
    bool (*copy)(struct backend *b, const char *text);
    void (*free)(struct backend *b);
};

struct backend {
    const struct backend_functions *functions;
    const struct glyphs *glyphs; /* the set for canvases that are shown here */
    int input_fd;                /* for the loop to watch; -1 when there is none */
    int output_fd;               /* to wait for after ERR_AGAIN; -1 for none */
    int64_t bytes_written;       /* to the terminal since the start */
    int64_t frames_dropped;
};

void backend_free(struct backend *b); /* NULL is fine; a terminal is put back as it was */
/* Asked of the terminal each time, so calling it after SIGWINCH is all a resize takes. At least 1
 * by 1. */
void backend_size(struct backend *b, int *ret_columns, int *ret_rows);
/* Show the canvas, sending the differences only. ERR_AGAIN: not all of it is out, stay dirty. ERR_IO:
 * the terminal is gone. */
int backend_present(struct backend *b, const struct canvas *c, struct err *e);
/* 1 and an event, 0 when there is none now, ERR_IO when the terminal is gone. Call until it is 0. */
int backend_read_key(struct backend *b, int64_t now_ms, struct key *ret, struct err *e);
/* Milliseconds after which backend_read_key() is worth another call without input, or -1. */
int backend_key_wait_ms(struct backend *b, int64_t now_ms);
/* Give the terminal back (Ctrl-Z: then raise SIGSTOP), and take it again. */
int backend_suspend(struct backend *b);
int backend_resume(struct backend *b);
/* The next frame is sent whole (Ctrl-L). */
void backend_redraw(struct backend *b);
void backend_bell(struct backend *b);
/* Into the clipboard of whoever sits there. False: this terminal has none that could be reached. */
bool backend_copy(struct backend *b, const char *text);

#endif
