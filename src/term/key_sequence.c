/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The forms of ECMA-48 are parsed as forms (CSI with parameters, SS3, control strings), so that
 * what a terminal sends unasked is swallowed whole and its tail is never taken for keys that
 * somebody pressed.
 */
#include <string.h>

#include "driftop/base/utf8.h"
#include "key_private.h"

#define PARAMETERS 4

static const struct key_taken incomplete = {0};

static struct key_taken take(size_t length, enum key_code code, unsigned modifiers)
{
    return (struct key_taken){.length = length, .key = {.code = code, .modifiers = modifiers}};
}

static struct key_taken take_char(size_t length, uint32_t character, unsigned modifiers)
{
    struct key_taken t = take(length, KEY_CHAR, modifiers);

    t.key.character = character;
    return t;
}

/* CSI and SS3 share their letters; xterm's F1 to F4 are among them. */
static enum key_code letter_key(char final)
{
    switch (final) {
    case 'A': return KEY_UP;
    case 'B': return KEY_DOWN;
    case 'C': return KEY_RIGHT;
    case 'D': return KEY_LEFT;
    case 'H': return KEY_HOME;
    case 'F': return KEY_END;
    case 'M': return KEY_ENTER; /* of the keypad */
    case 'P':
    case 'Q':
    case 'R':
    case 'S': return (enum key_code)(KEY_F1 + (final - 'P'));
    default: return KEY_NONE;
    }
}

/* The numbers of the VT220, with the gaps it left between the groups of its function keys. */
static enum key_code number_key(int number)
{
    static const enum key_code low[] = {KEY_NONE,    KEY_HOME,      KEY_INSERT, KEY_DELETE, KEY_END,
                                        KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME,   KEY_END};

    if (number < 9)
        return low[number];
    if (number >= 11 && number <= 15)
        return (enum key_code)(KEY_F1 + number - 11);
    if (number >= 17 && number <= 21)
        return (enum key_code)(KEY_F1 + number - 12);
    if (number == 23 || number == 24)
        return (enum key_code)(KEY_F1 + number - 13);
    return KEY_NONE;
}

/* xterm's parameter: one more than the sum of 1 shift, 2 alt, 4 control, 8 meta. */
static unsigned modifiers_of(int parameter)
{
    int bits = parameter > 1 && parameter <= 16 ? parameter - 1 : 0;

    return (bits & 1 ? KEY_SHIFT : 0u) | (bits & 2 ? KEY_ALT : 0u) | (bits & 4 ? KEY_CTRL : 0u);
}

/* "ESC [ 1 ; 5 A": numbers between `from` and `to`; what is missing is 0. */
static void parse_parameters(const char *from, const char *to, int ret[PARAMETERS])
{
    int n = 0;

    memset(ret, 0, PARAMETERS * sizeof *ret);
    for (; from < to && n < PARAMETERS; from++) {
        if (*from >= '0' && *from <= '9' && ret[n] < 10000)
            ret[n] = ret[n] * 10 + (*from - '0');
        else if (*from == ';')
            n++;
    }
}

static bool is_between(char c, char low, char high)
{
    return c >= low && c <= high;
}

/* A complete CSI of `length` bytes, whose last one says what it is. */
static struct key_taken decode_csi(const char *bytes, size_t length)
{
    char final = bytes[length - 1];
    int parameters[PARAMETERS];
    struct key_taken t = take(length, KEY_NONE, 0);

    if (is_between(bytes[2], '<', '?')) /* a private report */
        return t;
    parse_parameters(bytes + 2, bytes + length - 1, parameters);
    if (final == 'Z')
        return take(length, KEY_TAB, KEY_SHIFT);
    if (final == '~') {
        t.key.code = number_key(parameters[0]);
        t.starts_paste = parameters[0] == 200;
    } else if (parameters[0] <= 1) { /* else it is the position of the cursor, say */
        t.key.code = letter_key(final);
    }
    t.key.modifiers = modifiers_of(parameters[1]);
    return t;
}

/* bytes begin with ESC [ */
static struct key_taken take_csi(const char *bytes, size_t length)
{
    size_t i = 2;

    if (length == 2 || (length == 3 && bytes[2] == '['))
        return incomplete;
    if (bytes[2] == '[' && is_between(bytes[3], 'A', 'E')) /* the Linux console */
        return take(4, (enum key_code)(KEY_F1 + (bytes[3] - 'A')), 0);
    if (bytes[2] == 'M') /* an old mouse report: three more bytes */
        return length < 6 ? incomplete : take(6, KEY_NONE, 0);
    while (i < length && is_between(bytes[i], 0x20, 0x3f))
        i++;
    if (i == length)
        return incomplete;
    if (!is_between(bytes[i], 0x40, 0x7e)) /* broken off by a control character, which stays */
        return take(i, KEY_NONE, 0);
    return decode_csi(bytes, i + 1);
}

/* A control string (a terminal's answer) ends with BEL or ESC \. */
static struct key_taken take_string(const char *bytes, size_t length)
{
    for (size_t i = 2; i < length; i++) {
        if (bytes[i] == '\a')
            return take(i + 1, KEY_NONE, 0);
        if (bytes[i] == '\033' && i + 1 < length && bytes[i + 1] == '\\')
            return take(i + 2, KEY_NONE, 0);
    }
    return incomplete;
}

static struct key_taken take_control(unsigned char byte)
{
    switch (byte) {
    case '\r':
    case '\n': return take(1, KEY_ENTER, 0);
    case '\t': return take(1, KEY_TAB, 0);
    case '\b':
    case 0x7f: return take(1, KEY_BACKSPACE, 0);
    case 0: return take_char(1, ' ', KEY_CTRL);
    default: return take_char(1, byte < 27 ? byte + 0x60u : byte + 0x40u, KEY_CTRL);
    }
}

struct key_taken key_take_plain(const char *bytes, size_t length)
{
    unsigned char first = (unsigned char)bytes[0];
    size_t expected = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
    uint32_t character;

    if (first < 0x20 || first == 0x7f)
        return take_control(first);
    size_t used = utf8_decode(bytes, length, &character);
    if (character == UTF8_REPLACEMENT && used == 1)
        return length < expected && first < 0xf5 ? incomplete : take(1, KEY_NONE, 0);
    /* C1 controls and marks without a base are no keys. */
    if (character < 0xa0 && character > 0x7f)
        return take(used, KEY_NONE, 0);
    return take_char(used, character, 0);
}

struct key_taken key_take_escape(const char *bytes, size_t length)
{
    if (length == 1)
        return incomplete;
    switch (bytes[1]) {
    case '\033': return take(1, KEY_ESC, 0);
    case '[': return take_csi(bytes, length);
    case 'O': return length == 2 ? incomplete : take(3, letter_key(bytes[2]), 0);
    case ']':
    case 'P':
    case '_':
    case '^': return take_string(bytes, length);
    default: break;
    }
    struct key_taken t = key_take_plain(bytes + 1, length - 1);
    if (t.length > 0) {
        t.length++;
        t.key.modifiers |= KEY_ALT;
    }
    return t;
}

struct key_taken key_take_late(const char *bytes, size_t length)
{
    if (bytes[0] == '\033' && length == 1)
        return take(1, KEY_ESC, 0);
    if (bytes[0] == '\033' && length == 2)
        return take_char(2, (unsigned char)bytes[1], KEY_ALT);
    return take(length, KEY_NONE, 0);
}
