/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time. Wall times are UTC milliseconds since 1970 (`_ms`), intervals are measured on the
 * monotonic clock (`mono_ms`), which no leap, DST or ntp step disturbs. Whoever needs the time is
 * handed a struct clock, so that a test turns it by hand.
 */
#ifndef DRIFTOP_BASE_CLOCK_H
#define DRIFTOP_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define CLOCK_NEVER INT64_MIN

struct clock {
    int64_t (*wall_ms)(const struct clock *);
    int64_t (*mono_ms)(const struct clock *);
    int64_t fake_wall_ms, fake_mono_ms; /* used by clock_fake() only */
};

struct clock clock_system(void);
/* Stands still until its two fields are changed. */
struct clock clock_fake(int64_t wall_ms, int64_t mono_ms);
int64_t clock_wall(const struct clock *c);
int64_t clock_mono(const struct clock *c);

#define CLOCK_TEXT_SIZE 32
/* RFC 3339 in UTC with milliseconds: "2026-11-21T03:07:41.250Z"; "-" for CLOCK_NEVER and what has no
 * year of four digits. Returns buf. */
char *clock_format_ms(int64_t wall_ms, char buf[CLOCK_TEXT_SIZE]);
/* The same without the fraction. */
char *clock_format_s(int64_t wall_ms, char buf[CLOCK_TEXT_SIZE]);
/* "03:07:41Z" */
char *clock_format_hms(int64_t wall_ms, char buf[CLOCK_TEXT_SIZE]);
/* RFC 3339 (any offset, any fraction), or an epoch number in s, ms, us or ns told apart by size.
 * ERR_DATA for anything else; a time without a zone is taken as UTC, digits behind the
 * milliseconds are dropped, :60 is the second after. */
int clock_parse(const char *text, size_t length, int64_t *ret_wall_ms);
/* An epoch number by its magnitude: > 1e11 ms, > 1e14 us, > 1e17 ns, else s; to the nearest
 * millisecond. ERR_DATA outside the years 0 to 9999. */
int clock_from_number(double value, int64_t *ret_wall_ms);

/* "5s", "1m30s", "250ms", "2h", "7d" -> milliseconds, whole numbers, units from large to small;
 * ERR_DATA when it is none of these. */
int clock_parse_duration(const char *text, int64_t *ret_ms);
/* An age in at most 4 columns: "0s" "59s" "12m" "3h" "14d" "3y"; "-" when negative. */
char *clock_format_age(int64_t age_ms, char buf[CLOCK_TEXT_SIZE]);

#endif
