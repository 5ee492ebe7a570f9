/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys: bytes from a terminal become events, events have names, names stand in the key table and in
 * the configuration. A name is a character ("R", "/", "é"), or "Enter" "Esc" "Tab" "Backspace"
 * "Delete" "Insert" "Up" "Down" "Left" "Right" "PgUp" "PgDn" "Home" "End" "Space" "F1" to "F12",
 * with "C-" (control), "M-" (alt), "S-" (shift, not on characters) in front: "C-l", "S-Tab".
 *
 * What a terminal pastes between its paste marks arrives as one KEY_PASTE, never as keys.
 * Never read a name off ncurses' KEY_* macros: these codes are driftop's own, and curses.h and this
 * header do not meet in one file.
 */
#ifndef DRIFTOP_TERM_KEY_H
#define DRIFTOP_TERM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_NAME_SIZE  24
#define KEY_ESC_MS     25        /* a lone ESC byte is Esc after this time */
#define KEY_PASTE_SIZE (1 << 16) /* longer pastes are cut */

enum key_code {
    KEY_NONE,
    KEY_CHAR, /* `character` says which; with KEY_CTRL it is a lower-case letter or a sign */
    KEY_ENTER,
    KEY_ESC,
    KEY_TAB,
    KEY_BACKSPACE,
    KEY_DELETE,
    KEY_INSERT,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_HOME,
    KEY_END,
    KEY_F1, /* KEY_F1 + 11 is F12 */
    KEY_F12 = KEY_F1 + 11,
    KEY_PASTE /* `paste` holds the text */
};

enum key_modifier { KEY_CTRL = 1, KEY_ALT = 2, KEY_SHIFT = 4 };

struct key {
    enum key_code code;
    unsigned modifiers;
    uint32_t character; /* of KEY_CHAR */
    const char *paste;  /* of KEY_PASTE: borrowed until the decoder is used again */
    size_t paste_length;
};

/* An event of a plain character, as tests and tables write it. */
#define KEY_OF(c) ((struct key){.code = KEY_CHAR, .character = (c)})
/* True for this very character without control or alt. */
bool key_is(const struct key *k, uint32_t character);
/* Same code, modifiers and character; never for pastes. */
bool key_same(const struct key *a, const struct key *b);
/* ERR_INVALID for what is no name. */
int key_parse(const char *name, struct key *ret);
/* "C-l"; "" for KEY_NONE and "Paste" for a paste. Returns buf. */
char *key_format(const struct key *k, char buf[KEY_NAME_SIZE]);

struct key_decoder;

struct key_decoder *key_decoder_new(void);
void key_decoder_free(struct key_decoder *d);
/* A terminal's own byte sequence for a key, out of terminfo, besides the usual ones. */
void key_decoder_learn(struct key_decoder *d, const char *sequence, const struct key *k);
/* Bytes as they came, at the monotonic time now_ms. When too many lie unread the rest is dropped. */
void key_decoder_feed(struct key_decoder *d, const char *bytes, size_t length, int64_t now_ms);
/* The next event; false when there is none (yet). Unknown sequences are swallowed whole. */
bool key_decoder_next(struct key_decoder *d, int64_t now_ms, struct key *ret);
/* Milliseconds until key_decoder_next() may say more without new bytes (a lone ESC), or -1. */
int key_decoder_wait_ms(const struct key_decoder *d, int64_t now_ms);

#endif
