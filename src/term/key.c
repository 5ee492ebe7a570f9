/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names. The table of names is the only list of special keys; characters name themselves.
 */
#include "driftop/term/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"

static const struct {
    const char *name;
    enum key_code code;
} names[] = {
    {"Enter", KEY_ENTER},   {"Esc", KEY_ESC},
    {"Tab", KEY_TAB},       {"Backspace", KEY_BACKSPACE},
    {"Delete", KEY_DELETE}, {"Insert", KEY_INSERT},
    {"Up", KEY_UP},         {"Down", KEY_DOWN},
    {"Left", KEY_LEFT},     {"Right", KEY_RIGHT},
    {"PgUp", KEY_PAGE_UP},  {"PgDn", KEY_PAGE_DOWN},
    {"Home", KEY_HOME},     {"End", KEY_END},
};

bool key_is(const struct key *k, uint32_t character)
{
    return k->code == KEY_CHAR && k->character == character &&
           !(k->modifiers & (KEY_CTRL | KEY_ALT));
}

bool key_same(const struct key *a, const struct key *b)
{
    if (a->code != b->code || a->modifiers != b->modifiers || a->code == KEY_PASTE)
        return false;
    return a->code != KEY_CHAR || a->character == b->character;
}

/* Takes the modifiers off the front; "-" and "C--" end in a character of their own. */
static unsigned parse_modifiers(const char **name)
{
    unsigned modifiers = 0;

    for (; (*name)[0] && (*name)[1] == '-' && (*name)[2]; *name += 2) {
        switch ((*name)[0]) {
        case 'C': modifiers |= KEY_CTRL; break;
        case 'M': modifiers |= KEY_ALT; break;
        case 'S': modifiers |= KEY_SHIFT; break;
        default: return modifiers;
        }
    }
    return modifiers;
}

static bool parse_code(const char *name, enum key_code *ret)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i].name) == 0) {
            *ret = names[i].code;
            return true;
        }
    }
    if (name[0] != 'F' || name[1] < '1' || name[1] > '9')
        return false;
    char *end;
    long number = strtol(name + 1, &end, 10);
    if (*end || number > 12)
        return false;
    *ret = (enum key_code)(KEY_F1 + number - 1);
    return true;
}

int key_parse(const char *name, struct key *ret)
{
    struct key k = {.code = KEY_CHAR, .modifiers = parse_modifiers(&name)};

    if (parse_code(name, &k.code)) {
        *ret = k;
        return 0;
    }
    size_t length = strlen(name);
    if (strcmp(name, "Space") == 0)
        k.character = ' ';
    else if (length == 0 || utf8_decode(name, length, &k.character) != length)
        return ERR_INVALID;
    /* What no terminal can send as a key must not be bindable. */
    if (k.character < ' ' || k.character == 0x7f || k.character == UTF8_REPLACEMENT)
        return ERR_INVALID;
    if (k.modifiers & KEY_SHIFT)
        return ERR_INVALID; /* a shifted character is another character */
    /* Terminals send the same byte for both cases. */
    if ((k.modifiers & KEY_CTRL) && k.character >= 'A' && k.character <= 'Z')
        k.character += 'a' - 'A';
    *ret = k;
    return 0;
}

char *key_format(const struct key *k, char buf[KEY_NAME_SIZE])
{
    char character[5] = "";
    const char *name = character;

    if (k->code == KEY_NONE || k->code == KEY_PASTE)
        return str_copy(buf, KEY_NAME_SIZE, k->code == KEY_PASTE ? "Paste" : "");
    if (k->code >= KEY_F1 && k->code <= KEY_F12)
        snprintf(character, sizeof character, "F%d", (int)(k->code - KEY_F1) + 1);
    else if (k->code == KEY_CHAR && k->character == ' ')
        name = "Space";
    else if (k->code == KEY_CHAR)
        character[utf8_encode(k->character, character)] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (k->code == names[i].code)
            name = names[i].name;
    snprintf(buf, KEY_NAME_SIZE, "%s%s%s%s", k->modifiers & KEY_CTRL ? "C-" : "",
             k->modifiers & KEY_ALT ? "M-" : "", k->modifiers & KEY_SHIFT ? "S-" : "", name);
    return buf;
}
