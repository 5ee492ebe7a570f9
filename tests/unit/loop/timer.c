/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/loop/loop.h"
#include "driftop/loop/timer.h"

struct world {
    struct clock clock;
    struct loop *loop;
    char trace[64]; /* one letter for each call */
    struct loop_id victim;
};

static int set_up(void **state)
{
    static struct world world;
    world = (struct world){.clock = clock_fake(0, 1000)};
    world.loop = loop_new(&world.clock);
    *state = &world;
    return world.loop == NULL;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    loop_free(w->loop);
    return 0;
}

static void note(struct world *w, char letter)
{
    size_t n = strlen(w->trace);
    assert_true(n + 1 < sizeof w->trace);
    w->trace[n] = letter;
    w->trace[n + 1] = '\0';
}

static struct world *of(void *ctx)
{
    return ctx;
}

static void on_a(struct loop *loop, struct loop_id id, void *ctx)
{
    assert_false(loop_has(loop, id)); /* a timer that fires once is gone by then */
    note(of(ctx), 'a');
}

static void on_b(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)loop, (void)id;
    note(of(ctx), 'b');
}

static void on_self_cancel(struct loop *loop, struct loop_id id, void *ctx)
{
    note(of(ctx), 's');
    loop_cancel(loop, id);
}

static void on_cancel_victim(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)id;
    note(of(ctx), 'c');
    loop_cancel(loop, of(ctx)->victim);
}

static void on_again(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)id;
    note(of(ctx), 'x');
    timer_once(loop, 0, on_again, ctx);
}

static void advance(struct world *w, int64_t ms)
{
    w->clock.fake_mono_ms += ms;
    loop_turn(w->loop, 0);
}

static void test_once_at_its_time(void **state)
{
    struct world *w = *state;
    timer_once(w->loop, 100, on_a, w);
    advance(w, 99);
    assert_string_equal(w->trace, "");
    advance(w, 1);
    assert_string_equal(w->trace, "a");
    advance(w, 1000);
    assert_string_equal(w->trace, "a");
}

static void test_order(void **state)
{
    struct world *w = *state;
    timer_once(w->loop, 20, on_a, w);
    timer_once(w->loop, 10, on_b, w);
    timer_once(w->loop, 20, on_b, w); /* as late as the first: after it */
    timer_once(w->loop, -5, on_a, w);
    advance(w, 50);
    assert_string_equal(w->trace, "abab");
}

static void test_many_in_order(void **state)
{
    struct world *w = *state;
    uint64_t seed = 7;
    struct loop_id ids[200];
    for (size_t i = 0; i < 200; i++)
        ids[i] = timer_once(w->loop, timer_jitter(1000, 1.0, &seed), on_a, w);
    for (size_t i = 0; i < 200; i++)
        if (i % 8 != 0)
            loop_cancel(w->loop, ids[i]);
    advance(w, 2000);
    assert_int_equal(strlen(w->trace), 25);
}

static void test_repeat_keeps_its_grid(void **state)
{
    struct world *w = *state;
    struct loop_id id = timer_repeat(w->loop, 10, 100, on_b, w);
    advance(w, 15); /* 5 late */
    advance(w, 94); /* 1109: not yet */
    assert_string_equal(w->trace, "b");
    advance(w, 1); /* 1110: on the grid */
    assert_string_equal(w->trace, "bb");
    advance(w, 1050); /* ten periods missed: one call */
    assert_string_equal(w->trace, "bbb");
    advance(w, 49);
    assert_string_equal(w->trace, "bbb");
    advance(w, 1);
    assert_string_equal(w->trace, "bbbb");
    loop_cancel(w->loop, id);
    assert_false(loop_turn(w->loop, 0)); /* nothing is left */
}

static void test_cancel_inside_a_callback(void **state)
{
    struct world *w = *state;
    timer_repeat(w->loop, 10, 10, on_self_cancel, w);
    timer_once(w->loop, 20, on_cancel_victim, w);
    w->victim = timer_once(w->loop, 20, on_a, w);
    advance(w, 10);
    advance(w, 10);
    advance(w, 10);
    assert_string_equal(w->trace, "sc");
}

static void test_stale_id_hits_nobody(void **state)
{
    struct world *w = *state;
    struct loop_id old = timer_once(w->loop, 10, on_a, w);
    advance(w, 10);
    struct loop_id new = timer_once(w->loop, 10, on_b, w); /* takes the same place */
    assert_int_equal(new.index, old.index);
    loop_cancel(w->loop, old);
    loop_cancel(w->loop, (struct loop_id){0});
    advance(w, 10);
    assert_string_equal(w->trace, "ab");
}

static void test_a_timer_that_renews_itself_does_not_hold_the_loop(void **state)
{
    struct world *w = *state;
    timer_once(w->loop, 0, on_again, w);
    loop_turn(w->loop, 0);
    assert_string_equal(w->trace, "x");
    loop_turn(w->loop, 0);
    assert_string_equal(w->trace, "xx");
}

static void on_sleep(struct loop *loop, void *ctx)
{
    (void)loop;
    note(of(ctx), '.');
}

static void test_hook_once_a_turn(void **state)
{
    struct world *w = *state;
    loop_before_sleep(w->loop, on_sleep, w);
    timer_once(w->loop, 0, on_a, w);
    loop_turn(w->loop, 0);
    loop_turn(w->loop, 0);
    assert_string_equal(w->trace, ".a.");
}

static void on_stop(struct loop *loop, struct loop_id id, void *ctx)
{
    (void)id;
    note(of(ctx), 'e');
    loop_stop(loop);
}

static void test_run_on_the_real_clock(void **state)
{
    struct world *w = *state;
    struct clock real = clock_system();
    struct loop *loop = loop_new(&real);
    int64_t start = clock_mono(&real);
    timer_once(loop, 10, on_a, w);
    loop_run(loop); /* ends by itself: nothing is left */
    assert_true(clock_mono(&real) - start >= 10);
    timer_repeat(loop, 1, 1, on_stop, w);
    loop_run(loop);
    assert_string_equal(w->trace, "ae");
    loop_free(loop);
}

static void test_jitter_stays_in_its_bounds(void **state)
{
    (void)state;
    uint64_t seed = 1;
    int64_t low = INT64_MAX, high = 0;
    for (int i = 0; i < 10000; i++) {
        int64_t ms = timer_jitter(5000, 0.1, &seed);
        low = ms < low ? ms : low;
        high = ms > high ? ms : high;
    }
    assert_in_range(low, 4500, 4510);
    assert_in_range(high, 5490, 5500);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_once_at_its_time),
        TEST(test_order),
        TEST(test_many_in_order),
        TEST(test_repeat_keeps_its_grid),
        TEST(test_cancel_inside_a_callback),
        TEST(test_stale_id_hits_nobody),
        TEST(test_a_timer_that_renews_itself_does_not_hold_the_loop),
        TEST(test_hook_once_a_turn),
        TEST(test_run_on_the_real_clock),
        TEST(test_jitter_stays_in_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
