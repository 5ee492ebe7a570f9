/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clipboard_private.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"

/* Those that take OSC 52 or swallow it. Others, the Linux console and real terminals among them,
 * would print it. */
static const char *const families[] = {"xterm", "tmux", "screen",  "rxvt",    "alacritty", "foot",
                                       "kitty", "st",   "wezterm", "konsole", "mintty",    "iterm"};

bool clipboard_speaks(const char *term)
{
    for (size_t i = 0; term && i < sizeof families / sizeof *families; i++) {
        size_t length = strlen(families[i]);
        if (strncmp(term, families[i], length) == 0 &&
            (term[length] == '\0' || strchr("-.+2", term[length])))
            return true;
    }
    return false;
}

static void add_base64(struct str *ret, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned long group = (unsigned long)bytes[i] << 16;
        group |= left > 1 ? (unsigned long)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? bytes[i + 2] : 0;
        str_add_char(ret, digits[group >> 18]);
        str_add_char(ret, digits[group >> 12 & 63]);
        str_add_char(ret, left > 1 ? digits[group >> 6 & 63] : '=');
        str_add_char(ret, left > 2 ? digits[group & 63] : '=');
    }
}

int clipboard_sequence(const char *text, struct str *ret)
{
    char clean[CLIPBOARD_BYTES];

    utf8_clean(clean, sizeof clean, text, strlen(text));
    str_add(ret, "\033]52;c;");
    add_base64(ret, (const unsigned char *)clean, strlen(clean));
    return str_add(ret, "\a");
}
