/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/net/line.h"

#include <string.h>

void line_init(struct line *l, size_t ceiling_bytes)
{
    *l = (struct line){0};
    str_init(&l->pending, ceiling_bytes);
}

void line_done(struct line *l)
{
    str_done(&l->pending);
}

void line_feed(struct line *l, const char *bytes, size_t length)
{
    l->bytes = bytes;
    l->length = length;
}

static void drop_handed_out(struct line *l)
{
    if (l->handed_out)
        str_clear(&l->pending);
    l->handed_out = false;
}

static void hand_out(const char *text, size_t length, const char **ret_text, size_t *ret_length)
{
    if (length > 0 && text[length - 1] == '\r')
        length--;
    *ret_text = text;
    *ret_length = length;
}

/* Keep a piece of a line for later; beyond the ceiling give the line up. */
static void keep(struct line *l, const char *bytes, size_t length)
{
    if (!l->skipping && str_add_bytes(&l->pending, bytes, length) < 0) {
        l->skipping = true;
        str_clear(&l->pending);
    }
}

/* The line feed has come: true when the line is to be handed out. */
static bool complete(struct line *l, const char *bytes, size_t length, const char **ret_text,
                     size_t *ret_length)
{
    l->consumed_bytes += l->partial_bytes + length + 1;
    l->partial_bytes = 0;
    if (!l->skipping && l->pending.length == 0 && length <= l->pending.limit) {
        hand_out(bytes, length, ret_text, ret_length);
        return true;
    }
    keep(l, bytes, length);
    if (l->skipping) {
        l->skipping = false;
        l->n_too_long++;
        return false;
    }
    l->handed_out = true;
    hand_out(l->pending.data, l->pending.length, ret_text, ret_length);
    return true;
}

bool line_next(struct line *l, const char **ret_text, size_t *ret_length)
{
    drop_handed_out(l);
    while (l->length > 0) {
        const char *start = l->bytes;
        const char *end = memchr(start, '\n', l->length);
        size_t length = end != NULL ? (size_t)(end - start) : l->length;
        size_t taken = end != NULL ? length + 1 : length;
        l->bytes += taken;
        l->length -= taken;
        if (end == NULL) {
            keep(l, start, length);
            l->partial_bytes += length;
        } else if (complete(l, start, length, ret_text, ret_length)) {
            return true;
        }
    }
    return false;
}

bool line_rest(struct line *l, const char **ret_text, size_t *ret_length)
{
    drop_handed_out(l);
    if (l->partial_bytes == 0)
        return false;
    l->consumed_bytes += l->partial_bytes;
    l->partial_bytes = 0;
    if (l->skipping) {
        l->skipping = false;
        l->n_too_long++;
        return false;
    }
    l->handed_out = true;
    hand_out(l->pending.data, l->pending.length, ret_text, ret_length);
    return true;
}

void line_reset(struct line *l)
{
    str_clear(&l->pending);
    l->length = 0;
    l->skipping = false;
    l->handed_out = false;
    l->partial_bytes = 0;
}
