/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A bar on the terminal while the files of `driftop compare` are read, when that takes long.
 */
#include <string.h>

#include "compare_private.h"

#define PATIENCE_MS 1000 /* before the bar comes */
#define REDRAW_MS   100
#define BAR_COLUMNS 30

void compare_progress_draw(void *ctx, const char *path, uint64_t bytes, uint64_t size)
{
    struct compare_request *r = ctx;
    int64_t now_ms = clock_mono(r->context->clock);
    int full = size ? (int)(bytes * BAR_COLUMNS / size) : 0;
    char bar[BAR_COLUMNS + 1];
    if (now_ms - r->started_ms < PATIENCE_MS || now_ms - r->drawn_ms < REDRAW_MS)
        return;
    r->drawn_ms = now_ms;
    r->drawn = true;
    full = full > BAR_COLUMNS ? BAR_COLUMNS : full;
    memset(bar, '.', BAR_COLUMNS);
    memset(bar, '#', (size_t)full);
    bar[BAR_COLUMNS] = '\0';
    /* \033[K: to the end of the line */
    if (size)
        fprintf(r->context->err, "\r[%s] %3d%% %.30s\033[K", bar, (int)(bytes * 100 / size), path);
    else
        fprintf(r->context->err, "\r%llu MiB %.30s\033[K", (unsigned long long)(bytes >> 20), path);
    fflush(r->context->err);
}

void compare_progress_end(struct compare_request *r)
{
    if (r->drawn)
        fputs("\r\033[K", r->context->err);
    r->drawn = false;
}
