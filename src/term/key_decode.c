/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes -> key events: what waits, for how long, and what is pasted.
 */
#include "driftop/term/key.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/str.h"
#include "key_private.h"

#define BUFFER_SIZE   4096
#define LEARNED_MAX   48
#define SEQUENCE_MAX  16
#define PASTE_WAIT_MS 5000 /* without a byte in so long, the end mark was lost */
#define PASTE_END     "\033[201~"

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

/* The longest sequence that fits wins, as one may be the begin of another. */
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

/* What terminfo has taught comes before what is usual. */
static struct key_taken take_first(const struct key_decoder *d, bool late)
{
    const struct learned *l = find_learned(d);
    struct key_taken t;

    if (l)
        return (struct key_taken){.length = l->length, .key = l->key};
    t = d->bytes[0] == '\033' ? key_take_escape(d->bytes, d->length)
                              : key_take_plain(d->bytes, d->length);
    if (t.length == 0 && (late || d->length == BUFFER_SIZE))
        t = key_take_late(d->bytes, d->length);
    return t;
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
    /* Beyond the measure a paste is read on and dropped, for its tail must not become keys. */
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
    /* Ends: each turn consumes bytes, hands out an event or returns. */
    while (d->in_paste || d->length > 0) {
        if (d->in_paste) {
            if (!collect_paste(d, now_ms - d->last_ms >= PASTE_WAIT_MS))
                return false;
            d->in_paste = false;
            *ret = (struct key){
                .code = KEY_PASTE, .paste = d->paste.data, .paste_length = d->paste.length};
            return true;
        }
        struct key_taken t = take_first(d, late);
        if (t.length == 0)
            return false;
        consume(d, t.length);
        d->in_paste = t.starts_paste;
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
