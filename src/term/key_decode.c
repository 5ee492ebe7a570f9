/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes -> key events. The forms of ECMA-48 are parsed as forms (CSI with parameters, SS3, control
 * strings), so that what a terminal sends unasked is swallowed whole and its tail is never taken
 * for keys that somebody pressed.
 */
#include "driftop/term/key.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"

#define BUFFER_SIZE   4096
#define LEARNED_MAX   48
#define SEQUENCE_MAX  16
#define PASTE_WAIT_MS 5000 /* without a byte in so long, the end mark was lost */
#define PASTE_END     "\033[201~"
#define PARAMETERS    4

struct learned {
    char sequence[SEQUENCE_MAX];
    size_t length;
    struct key key;
};

struct key_decoder {
    char bytes[BUFFER_SIZE];
    size_t length;
    int64_t last_ms; /* when the newest bytes came */
    bool in_paste;
    struct str paste;
    struct learned learned[LEARNED_MAX];
    size_t n_learned;
};

/* What stands at the front of the bytes: `length` of them make up `key` (KEY_NONE: swallow them);
 * 0 means that more are to come. */
struct taken {
    size_t length;
    struct key key;
};

static const struct taken incomplete = {0};

struct key_decoder *key_decoder_new(void)
{
    struct key_decoder *d = calloc(1, sizeof *d);

    if (d)
        str_init(&d->paste, 2 * KEY_PASTE_SIZE);
    return d;
}

void key_decoder_free(struct key_decoder *d)
{
    if (!d)
        return;
    str_done(&d->paste);
    free(d);
}

void key_decoder_learn(struct key_decoder *d, const char *sequence, const struct key *k)
{
    size_t length = strlen(sequence);

    /* A single byte is decoded by its meaning in ASCII, whatever terminfo calls it. */
    if (length < 2 || length > SEQUENCE_MAX || d->n_learned == LEARNED_MAX)
        return;
    struct learned *l = &d->learned[d->n_learned++];
    memcpy(l->sequence, sequence, length);
    l->length = length;
    l->key = *k;
}

void key_decoder_feed(struct key_decoder *d, const char *bytes, size_t length, int64_t now_ms)
{
    size_t room = BUFFER_SIZE - d->length;

    if (length > room)
        length = room;
    memcpy(d->bytes + d->length, bytes, length);
    d->length += length;
    d->last_ms = now_ms;
}

static struct taken take(size_t length, enum key_code code, unsigned modifiers)
{
    return (struct taken){length, {.code = code, .modifiers = modifiers}};
}

static struct taken take_char(size_t length, uint32_t character, unsigned modifiers)
{
    return (struct taken){length,
                          {.code = KEY_CHAR, .modifiers = modifiers, .character = character}};
}

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

/* bytes begin with ESC [ */
static struct taken take_csi(struct key_decoder *d)
{
    const char *bytes = d->bytes;
    size_t i = 2;
    int parameters[PARAMETERS];

    if (d->length > 3 && bytes[2] == '[' && bytes[3] >= 'A' && bytes[3] <= 'E')
        return take(4, (enum key_code)(KEY_F1 + (bytes[3] - 'A')), 0); /* the Linux console */
    if (d->length == 3 && bytes[2] == '[')
        return incomplete;
    while (i < d->length && bytes[i] >= 0x20 && bytes[i] <= 0x3f)
        i++;
    if (i == d->length)
        return incomplete;
    char final = bytes[i];
    size_t length = i + 1;
    if (final < 0x40 || final == 0x7f) /* broken off by a control character, which stays */
        return take(i, KEY_NONE, 0);
    if (final == 'M' && i == 2) /* an old mouse report: three more bytes */
        return d->length < 6 ? incomplete : take(6, KEY_NONE, 0);
    if (final == 'Z')
        return take(length, KEY_TAB, KEY_SHIFT);
    if (bytes[2] >= '<' && bytes[2] <= '?')
        return take(length, KEY_NONE, 0); /* a private report */
    parse_parameters(bytes + 2, bytes + i, parameters);
    if (final == '~' && parameters[0] == 200)
        d->in_paste = true;
    if (final != '~' && parameters[0] > 1)
        return take(length, KEY_NONE, 0); /* the position of the cursor, say */
    return take(length, final == '~' ? number_key(parameters[0]) : letter_key(final),
                modifiers_of(parameters[1]));
}

/* A control string (a terminal's answer) ends with BEL or ESC \. */
static struct taken take_string(const struct key_decoder *d)
{
    for (size_t i = 2; i < d->length; i++) {
        if (d->bytes[i] == '\a')
            return take(i + 1, KEY_NONE, 0);
        if (d->bytes[i] == '\033' && i + 1 < d->length && d->bytes[i + 1] == '\\')
            return take(i + 2, KEY_NONE, 0);
    }
    return incomplete;
}

static struct taken take_control(unsigned char byte)
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

static struct taken take_plain(const char *bytes, size_t length)
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

static const struct learned *find_learned(const struct key_decoder *d)
{
    const struct learned *best = NULL;

    for (size_t i = 0; i < d->n_learned; i++) {
        const struct learned *l = &d->learned[i];
        if (l->length <= d->length && memcmp(l->sequence, d->bytes, l->length) == 0 &&
            (!best || l->length > best->length))
            best = l;
    }
    return best;
}

static struct taken take_escape(struct key_decoder *d)
{
    const struct learned *l = find_learned(d);
    struct taken t;

    if (l)
        return (struct taken){l->length, l->key};
    if (d->length == 1)
        return incomplete;
    switch (d->bytes[1]) {
    case '\033': return take(1, KEY_ESC, 0);
    case '[': return d->length == 2 ? incomplete : take_csi(d);
    case 'O': return d->length == 2 ? incomplete : take(3, letter_key(d->bytes[2]), 0);
    case ']':
    case 'P':
    case '_':
    case '^': return take_string(d);
    default: break;
    }
    t = take_plain(d->bytes + 1, d->length - 1);
    if (t.length > 0) {
        t.length++;
        t.key.modifiers |= KEY_ALT;
    }
    return t;
}

/* Nothing more came: what lies there has to be taken for what it is. */
static struct taken take_late(const struct key_decoder *d)
{
    if (d->bytes[0] != '\033')
        return take(d->length, KEY_NONE, 0);
    if (d->length == 1)
        return take(1, KEY_ESC, 0);
    if (d->length == 2)
        return take_char(2, (unsigned char)d->bytes[1], KEY_ALT);
    return take(d->length, KEY_NONE, 0);
}

static void consume(struct key_decoder *d, size_t length)
{
    d->length -= length;
    memmove(d->bytes, d->bytes + length, d->length);
}

/* True when the paste has ended. Bytes that may be the begin of the end mark stay. */
static bool collect_paste(struct key_decoder *d, bool late)
{
    const size_t mark = sizeof PASTE_END - 1;
    const char *end = memmem(d->bytes, d->length, PASTE_END, mark);
    size_t text = end ? (size_t)(end - d->bytes) : d->length;

    if (!end && !late && text > 0) {
        size_t keep = text < mark ? text : mark - 1;
        while (keep > 0 && memcmp(d->bytes + text - keep, PASTE_END, keep) != 0)
            keep--;
        text -= keep;
    }
    size_t room = KEY_PASTE_SIZE - d->paste.length;
    str_add_bytes(&d->paste, d->bytes, text < room ? text : room);
    consume(d, end ? text + mark : text);
    return end || late;
}

bool key_decoder_next(struct key_decoder *d, int64_t now_ms, struct key *ret)
{
    bool late = now_ms - d->last_ms >= KEY_ESC_MS;

    if (!d->in_paste)
        str_clear(&d->paste); /* the one handed out before */
    while (d->in_paste || d->length > 0) {
        if (d->in_paste) {
            if (!collect_paste(d, now_ms - d->last_ms >= PASTE_WAIT_MS))
                return false;
            d->in_paste = false;
            *ret = (struct key){
                .code = KEY_PASTE, .paste = d->paste.data, .paste_length = d->paste.length};
            return true;
        }
        struct taken t = d->bytes[0] == '\033' ? take_escape(d) : take_plain(d->bytes, d->length);
        if (t.length == 0 && (late || d->length == BUFFER_SIZE))
            t = take_late(d);
        if (t.length == 0)
            return false;
        consume(d, t.length);
        if (t.key.code != KEY_NONE) {
            *ret = t.key;
            return true;
        }
    }
    return false;
}

int key_decoder_wait_ms(const struct key_decoder *d, int64_t now_ms)
{
    int64_t wait = d->in_paste ? PASTE_WAIT_MS : KEY_ESC_MS;

    if (!d->in_paste && d->length == 0)
        return -1;
    wait -= now_ms - d->last_ms;
    return wait > 0 ? (int)wait : 0;
}
