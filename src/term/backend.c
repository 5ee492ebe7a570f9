/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The calls through the table. The size is bounded here, once, so that no backend can hand a view a
 * screen without a cell.
 */
#include "driftop/term/backend.h"

#include <stddef.h>

#include "driftop/term/canvas.h"

void backend_free(struct backend *b)
{
    if (b)
        b->functions->free(b);
}

void backend_size(struct backend *b, int *ret_columns, int *ret_rows)
{
    int columns = 0, rows = 0;

    b->functions->size(b, &columns, &rows);
    *ret_columns = columns < 1 ? 1 : columns > CANVAS_MAX ? CANVAS_MAX : columns;
    *ret_rows = rows < 1 ? 1 : rows > CANVAS_MAX ? CANVAS_MAX : rows;
}

int backend_present(struct backend *b, const struct canvas *c, struct err *e)
{
    return b->functions->present(b, c, e);
}

int backend_read_key(struct backend *b, int64_t now_ms, struct key *ret, struct err *e)
{
    return b->functions->read_key(b, now_ms, ret, e);
}

int backend_key_wait_ms(struct backend *b, int64_t now_ms)
{
    return b->functions->key_wait_ms(b, now_ms);
}

int backend_suspend(struct backend *b)
{
    return b->functions->suspend(b, true);
}

int backend_resume(struct backend *b)
{
    return b->functions->suspend(b, false);
}

void backend_redraw(struct backend *b)
{
    b->functions->redraw(b);
}

bool backend_copy(struct backend *b, const char *text)
{
    return b->functions->copy(b, text);
}

void backend_bell(struct backend *b)
{
    b->functions->bell(b);
}
