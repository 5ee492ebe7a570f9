/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every sum of a place and a size is made in 64 bits: a caller may hand in any two numbers, as a
 * view does that scrolls something large, and must get an empty rectangle rather than a wrapped
 * one.
 */
#include "driftop/term/rect.h"

#include <stdint.h>

static int clamp(int64_t value, int64_t low, int64_t high)
{
    return (int)(value < low ? low : value > high ? high : value);
}

/* A negative size is an empty rectangle, not an error: layouts subtract without looking. */
static int not_negative(int value)
{
    return value < 0 ? 0 : value;
}

bool rect_empty(struct rect r)
{
    return r.columns <= 0 || r.rows <= 0;
}

bool rect_contains(struct rect r, int x, int y)
{
    return x >= r.x && y >= r.y && (int64_t)x < (int64_t)r.x + r.columns &&
           (int64_t)y < (int64_t)r.y + r.rows;
}

/* One axis of an intersection, in 64 bits because a caller may hand in any two numbers. */
static void intersect_axis(int a, int a_size, int b, int b_size, int *ret, int *ret_size)
{
    int64_t start = a > b ? a : b;
    int64_t a_end = (int64_t)a + not_negative(a_size), b_end = (int64_t)b + not_negative(b_size);
    int64_t end = a_end < b_end ? a_end : b_end;

    *ret = (int)start;
    *ret_size = clamp(end - start, 0, INT32_MAX);
}

struct rect rect_intersect(struct rect a, struct rect b)
{
    struct rect r;

    intersect_axis(a.x, a.columns, b.x, b.columns, &r.x, &r.columns);
    intersect_axis(a.y, a.rows, b.y, b.rows, &r.y, &r.rows);
    return r;
}

struct rect rect_inset(struct rect r, int columns, int rows)
{
    rect_cut_left(&r, columns);
    rect_cut_right(&r, columns);
    rect_cut_top(&r, rows);
    rect_cut_bottom(&r, rows);
    return r;
}

struct rect rect_cut_top(struct rect *rest, int rows)
{
    struct rect strip = *rest;

    strip.rows = clamp(rows, 0, not_negative(rest->rows));
    rest->y += strip.rows;
    rest->rows = not_negative(rest->rows) - strip.rows;
    return strip;
}

struct rect rect_cut_bottom(struct rect *rest, int rows)
{
    struct rect strip = *rest;

    strip.rows = clamp(rows, 0, not_negative(rest->rows));
    rest->rows = not_negative(rest->rows) - strip.rows;
    strip.y = rest->y + rest->rows;
    return strip;
}

struct rect rect_cut_left(struct rect *rest, int columns)
{
    struct rect strip = *rest;

    strip.columns = clamp(columns, 0, not_negative(rest->columns));
    rest->x += strip.columns;
    rest->columns = not_negative(rest->columns) - strip.columns;
    return strip;
}

struct rect rect_cut_right(struct rect *rest, int columns)
{
    struct rect strip = *rest;

    strip.columns = clamp(columns, 0, not_negative(rest->columns));
    rest->columns = not_negative(rest->columns) - strip.columns;
    strip.x = rest->x + rest->columns;
    return strip;
}
