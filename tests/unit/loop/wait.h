/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests that wait for something to happen on a loop: turn it until a condition holds, and fail
 * when that takes longer than any slow machine would need.
 */
#ifndef DRIFTOP_TESTS_LOOP_WAIT_H
#define DRIFTOP_TESTS_LOOP_WAIT_H

#include "driftop/base/clock.h"
#include "driftop/loop/loop.h"

#define WAIT_LIMIT_MS 10000

#define WAIT_FOR(loop, condition)                                                                  \
    do {                                                                                           \
        struct clock wait_clock = clock_system();                                                  \
        int64_t wait_end = clock_mono(&wait_clock) + WAIT_LIMIT_MS;                                \
        while (!(condition)) {                                                                     \
            if (clock_mono(&wait_clock) > wait_end)                                                \
                fail_msg("waited in vain for: %s", #condition);                                    \
            loop_turn(loop, 20);                                                                   \
        }                                                                                          \
    } while (0)

#endif
