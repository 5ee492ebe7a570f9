/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drawing: once a turn, when something has changed. What changed by itself waits until the last frame
 * is DRAW_GAP_MS old; a key is answered in its own turn, and a key held down every KEY_GAP_MS. A
 * terminal that does not keep up loses frames, never time.
 */
#include "dashboard_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/loop/fd.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"
#include "driftop/term/backend.h"
#include "driftop/term/canvas.h"

void dashboard_dirty(struct dashboard *d)
{
    d->dirty = true;
}

void dashboard_resize(struct dashboard *d)
{
    int columns, rows;

    backend_size(d->backend, &columns, &rows);
    canvas_resize(d->canvas, columns, rows);
    d->fresh = true; /* another size may have other companions in sight */
    dashboard_dirty(d);
}

/* The watch for room in the terminal's queue, on while a frame is stuck. */
static void set_stuck(struct dashboard *d, bool stuck)
{
    bool same_fd = d->backend->output_fd == d->backend->input_fd;

    if (stuck == d->stuck)
        return;
    d->stuck = stuck;
    if (same_fd)
        fd_set_events(d->loop, d->input, stuck ? FD_READABLE | FD_WRITABLE : FD_READABLE);
    else
        fd_set_events(d->loop, d->output, stuck ? FD_WRITABLE : 0);
}

void dashboard_writable(struct loop *loop, struct loop_id id, int fd, unsigned events, void *ctx)
{
    struct dashboard *d = ctx;
    (void)loop;
    (void)id;
    (void)fd;

    set_stuck(d, false);
    dashboard_dirty(d);
    if (events & FD_BROKEN)
        dashboard_stop(d, "the terminal is gone");
}

static void draw(struct dashboard *d)
{
    struct view_frame *frame = view_stack_frame(d->stack);
    struct err e = {0};

    frame->now_ms = clock_wall(loop_clock(d->loop));
    frame->armed_until_ms =
        dashboard_armed(d) ? frame->now_ms + d->armed_until_mono - loop_now_ms(d->loop) : 0;
    view_stack_draw(d->stack, d->canvas);
    int code = backend_present(d->backend, d->canvas, &e);
    d->dirty = code == ERR_AGAIN;
    d->urgent = false;
    set_stuck(d, code == ERR_AGAIN);
    if (code < 0 && code != ERR_AGAIN)
        dashboard_stop(d, "the terminal is gone");
}

static void draw_later(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id, (void)ctx; /* it only ends the waiting: the hook draws */
}

static int64_t wait_ms(const struct dashboard *d, int64_t now)
{
    int64_t gap = d->urgent ? KEY_GAP_MS : DRAW_GAP_MS;
    return d->drawn_mono ? gap - (now - d->drawn_mono) : 0;
}

static void draw_when_due(struct dashboard *d)
{
    int64_t now = loop_now_ms(d->loop);

    if (!(d->dirty || d->urgent) || d->stuck)
        return;
    int64_t wait = wait_ms(d, now);
    if (wait > 0) {
        loop_cancel(d->loop, d->draw_timer);
        d->draw_timer = timer_once(d->loop, wait, draw_later, d);
        return;
    }
    d->drawn_mono = now;
    draw(d);
}

/* A key's answer goes before what has changed by itself: a view that was read before is drawn as it
 * was and read again afterwards. */
void dashboard_before_sleep(struct loop *loop, void *ctx)
{
    struct dashboard *d = ctx;
    (void)loop;

    if (d->stopping)
        return;
    bool first = !view_stack_frame(d->stack)->has_status;
    if (view_stack_wants(d->stack) == VIEW_WANTS_NOW)
        dashboard_load(d, first);
    draw_when_due(d);
    if (d->fresh || view_stack_wants(d->stack) == VIEW_WANTS_LATER) {
        dashboard_load(d, d->fresh);
        draw_when_due(d);
    }
}
