/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A binary heap of our own instead of libuv's timers, because those follow libuv's clock and ours
 * must follow the injected one.
 */
#include "driftop/loop/timer.h"

#include <stdlib.h>

#include "driftop/base/vec.h"
#include "loop_private.h"

struct timer {
    struct loop_object object; /* first */
    int64_t due_ms;
    int64_t every_ms;  /* 0: once */
    uint64_t sequence; /* the order among equal due times */
    size_t place;      /* in the heap */
    timer_fn *fn;
    void *ctx;
};

static bool before(const struct timer *a, const struct timer *b)
{
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->sequence < b->sequence;
}

static void place_at(struct timer_heap *heap, struct timer *timer, size_t place)
{
    heap->items[place] = timer;
    timer->place = place;
}

static void sift_up(struct timer_heap *heap, struct timer *timer)
{
    size_t place = timer->place;
    while (place > 0 && before(timer, heap->items[(place - 1) / 2])) {
        place_at(heap, heap->items[(place - 1) / 2], place);
        place = (place - 1) / 2;
    }
    place_at(heap, timer, place);
}

static void sift_down(struct timer_heap *heap, struct timer *timer)
{
    size_t place = timer->place;
    for (;;) {
        size_t child = 2 * place + 1;
        if (child >= heap->n_items)
            break;
        if (child + 1 < heap->n_items && before(heap->items[child + 1], heap->items[child]))
            child++;
        if (!before(heap->items[child], timer))
            break;
        place_at(heap, heap->items[child], place);
        place = child;
    }
    place_at(heap, timer, place);
}

static void heap_remove(struct timer_heap *heap, struct timer *timer)
{
    struct timer *last = heap->items[--heap->n_items];
    if (last == timer)
        return;
    place_at(heap, last, timer->place);
    sift_up(heap, last);
    sift_down(heap, last);
}

static void timer_release(struct loop_object *object)
{
    free(object);
}

static void timer_cancel(struct loop_object *object)
{
    struct timer *timer = (struct timer *)object;
    heap_remove(&object->loop->timers, timer);
    object_end(object);
}

static struct loop_id timer_add(struct loop *loop, int64_t delay_ms, const struct timer *model)
{
    struct timer_heap *heap = &loop->timers;
    struct timer *timer = calloc(1, sizeof *timer);
    if (timer == NULL)
        return (struct loop_id){0};
    *timer = *model;
    if (VEC_ROOM(heap->items, heap->n_items, heap->items_capacity, 1) < 0 ||
        object_add(&timer->object, loop, timer_cancel, timer_release) < 0) {
        free(timer);
        return (struct loop_id){0};
    }
    int64_t now = loop_now_ms(loop);
    if (delay_ms < 0)
        delay_ms = 0;
    if (__builtin_add_overflow(now, delay_ms, &timer->due_ms))
        timer->due_ms = INT64_MAX;
    timer->sequence = heap->next_sequence++;
    timer->place = heap->n_items++;
    sift_up(heap, timer);
    return timer->object.id;
}

struct loop_id timer_once(struct loop *loop, int64_t delay_ms, timer_fn *fn, void *ctx)
{
    return timer_add(loop, delay_ms, &(struct timer){.fn = fn, .ctx = ctx});
}

struct loop_id timer_repeat(struct loop *loop, int64_t first_ms, int64_t every_ms, timer_fn *fn,
                            void *ctx)
{
    if (every_ms < 1)
        every_ms = 1;
    return timer_add(loop, first_ms, &(struct timer){.every_ms = every_ms, .fn = fn, .ctx = ctx});
}

int64_t timers_wait_ms(const struct loop *loop)
{
    if (loop->timers.n_items == 0)
        return -1;
    int64_t wait = loop->timers.items[0]->due_ms - loop_now_ms(loop);
    return wait > 0 ? wait : 0;
}

/* The next time of a repeating timer: on its own grid, unless that moment is gone too. */
static void timer_again(struct timer_heap *heap, struct timer *timer, int64_t now)
{
    int64_t late = now - timer->due_ms;
    timer->due_ms += (late / timer->every_ms + 1) * timer->every_ms;
    timer->sequence = heap->next_sequence++;
    sift_down(heap, timer);
}

void timers_run_due(struct loop *loop)
{
    struct timer_heap *heap = &loop->timers;
    int64_t now = loop_now_ms(loop);
    /* Timers made by these callbacks wait for the next turn, or two of them could hold the loop. */
    uint64_t end = heap->next_sequence;
    while (heap->n_items > 0) {
        struct timer *timer = heap->items[0];
        if (timer->due_ms > now || timer->sequence >= end)
            break;
        struct loop_id id = timer->object.id;
        timer_fn *fn = timer->fn;
        void *ctx = timer->ctx;
        if (timer->every_ms > 0) {
            timer_again(heap, timer, now);
        } else {
            object_retire(&timer->object);
            timer_cancel(&timer->object);
        }
        fn(loop, id, ctx);
    }
}

void timers_done(struct loop *loop)
{
    free(loop->timers.items);
}

/* One step of splitmix64: any seed will do, also 0. */
static uint64_t mix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

int64_t timer_jitter(int64_t interval_ms, double spread_ratio, uint64_t *state)
{
    double unit = (double)(mix(state) >> 11) * 0x1p-53;
    return interval_ms + (int64_t)((double)interval_ms * spread_ratio * (2 * unit - 1));
}
