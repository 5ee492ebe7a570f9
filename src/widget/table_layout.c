/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who stands where in a table. Three steps: which columns stay when others are shifted away, which
 * are shown at this shift, and how wide each becomes. Pure.
 */
#include <string.h>

#include "driftop/widget/table.h"

struct picked {
    bool shown[TABLE_COLUMNS_MAX];
    int hidden_left, hidden_right;
};

struct layouter {
    const struct table_column *columns;
    int n, width;
    bool fixed[TABLE_COLUMNS_MAX]; /* frozen, as far as there is room for that */
};

static int min_width(const struct layouter *l, int i)
{
    int width = l->columns[i].min_width;

    return width < 1 ? 1 : width < l->width ? width : l->width;
}

/* Columns that the marked ones take at least, with the blanks between. */
static int total_width(const struct layouter *l, const bool *marked)
{
    int total = 0, n = 0;

    for (int i = 0; i < l->n; i++) {
        if (marked[i]) {
            total += min_width(l, i);
            n++;
        }
    }
    return n > 0 ? total + n - 1 : 0;
}

/* The marked column of the least weight, the last one among equals; -1 when none is marked. */
static int find_lightest(const struct layouter *l, const bool *marked)
{
    int lightest = -1;

    for (int i = 0; i < l->n; i++)
        if (marked[i] && (lightest < 0 || l->columns[i].weight <= l->columns[lightest].weight))
            lightest = i;
    return lightest;
}

/* A frozen column must leave room for any other one beside it, or that could never be seen. */
static void fix_frozen(struct layouter *l)
{
    for (int i = 0; i < l->n; i++)
        l->fixed[i] = l->columns[i].frozen;
    for (;;) {
        int widest = 0, lightest = find_lightest(l, l->fixed);
        for (int i = 0; i < l->n; i++)
            if (!l->fixed[i] && min_width(l, i) > widest)
                widest = min_width(l, i);
        int fixed = total_width(l, l->fixed);
        if (lightest < 0 || fixed + (widest > 0 ? widest + 1 : 0) <= l->width)
            return;
        l->fixed[lightest] = false;
    }
}

static int count_movable(const struct layouter *l)
{
    int n = 0;

    for (int i = 0; i < l->n; i++)
        n += !l->fixed[i];
    return n;
}

/* Not shifted: the lightest leave. */
static struct picked pick_by_weight(const struct layouter *l)
{
    struct picked p = {0};
    bool movable[TABLE_COLUMNS_MAX] = {false};

    for (int i = 0; i < l->n; i++) {
        p.shown[i] = true;
        movable[i] = !l->fixed[i];
    }
    while (total_width(l, p.shown) > l->width) {
        int lightest = find_lightest(l, movable);
        if (lightest < 0)
            break;
        movable[lightest] = p.shown[lightest] = false;
        p.hidden_right++;
    }
    return p;
}

/* Shifted: the first `shift` of those that can move are away, then as many as fit, in order. */
static struct picked pick_by_place(const struct layouter *l, int shift)
{
    struct picked p = {.hidden_left = shift};
    int place = 0;
    bool full = false;

    memcpy(p.shown, l->fixed, sizeof p.shown);
    for (int i = 0; i < l->n; i++) {
        if (l->fixed[i] || place++ < shift)
            continue;
        p.shown[i] = !full;
        /* The first column of a shift is shown in any case; fix_frozen() has kept room for it. */
        if (!full && place > shift + 1 && total_width(l, p.shown) > l->width)
            full = true;
        if (full) {
            p.shown[i] = false;
            p.hidden_right++;
        }
    }
    return p;
}

static struct picked pick(const struct layouter *l, int shift)
{
    return shift > 0 ? pick_by_place(l, shift) : pick_by_weight(l);
}

/* The smallest shift after which nothing is hidden on the right: one more would show nothing
 * new. */
static int find_max_shift(const struct layouter *l)
{
    int movable = count_movable(l);

    for (int shift = 0; shift < movable; shift++)
        if (pick(l, shift).hidden_right == 0)
            return shift;
    return movable > 0 ? movable - 1 : 0;
}

/* Give what is left to the heaviest first, up to their ideal. Returns what remains. */
static int widen_to_ideal(const struct layouter *l, const bool *shown, int *widths, int spare)
{
    bool waiting[TABLE_COLUMNS_MAX];

    memcpy(waiting, shown, sizeof waiting);
    while (spare > 0) {
        int heaviest = -1;
        for (int i = 0; i < l->n; i++)
            if (waiting[i] && (heaviest < 0 || l->columns[i].weight > l->columns[heaviest].weight))
                heaviest = i;
        if (heaviest < 0)
            break;
        waiting[heaviest] = false;
        int wanted = l->columns[heaviest].ideal_width - widths[heaviest];
        int more = wanted < spare ? wanted : spare;
        if (more > 0) {
            widths[heaviest] += more;
            spare -= more;
        }
    }
    return spare;
}

/* The rest goes to the flexible columns in equal shares, the first ones taking the odd. */
static void widen_flexible(const struct layouter *l, const bool *shown, int *widths, int spare)
{
    int flexible = 0;

    for (int i = 0; i < l->n; i++)
        flexible += shown[i] && l->columns[i].flexible;
    for (int i = 0; i < l->n && flexible > 0; i++) {
        if (!shown[i] || !l->columns[i].flexible)
            continue;
        int share = (spare + flexible - 1) / flexible;
        widths[i] += share;
        spare -= share;
        flexible--;
    }
}

struct table_layout table_layout(const struct table_column *columns, int n_columns, int width,
                                 int shift)
{
    struct layouter l = {.columns = columns, .n = n_columns, .width = width};
    struct table_layout layout = {0};
    int widths[TABLE_COLUMNS_MAX], x = 0;

    if (l.n > TABLE_COLUMNS_MAX)
        l.n = TABLE_COLUMNS_MAX;
    if (l.n <= 0 || width <= 0)
        return layout;
    fix_frozen(&l);
    layout.max_shift = find_max_shift(&l);
    struct picked p = pick(&l, shift < layout.max_shift ? shift : layout.max_shift);
    layout.hidden_left = p.hidden_left;
    layout.hidden_right = p.hidden_right;
    for (int i = 0; i < l.n; i++)
        widths[i] = min_width(&l, i);
    int spare = width - total_width(&l, p.shown);
    spare = widen_to_ideal(&l, p.shown, widths, spare > 0 ? spare : 0);
    widen_flexible(&l, p.shown, widths, spare);
    for (int i = 0; i < l.n; i++) {
        if (!p.shown[i])
            continue;
        layout.visible[layout.n_visible].column = i;
        layout.visible[layout.n_visible].x = x;
        layout.visible[layout.n_visible++].width = widths[i];
        x += widths[i] + 1;
    }
    return layout;
}
