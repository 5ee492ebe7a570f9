/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Numbers as every screen shows them. Each function writes at most its FORMAT_..._COLUMNS columns,
 * so that a column of them lines up when it is right-aligned, and "-" for what is absent (NaN; for
 * counts and ages a negative number). Infinity is "inf". All return buf. Ratios are 0 to 1 and
 * become percent here and nowhere else; nothing that is not zero is ever shown as "0", and nothing
 * that is not all as "100%".
 */
#ifndef DRIFTOP_WIDGET_FORMAT_H
#define DRIFTOP_WIDGET_FORMAT_H

#include <stdint.h>

#define FORMAT_SIZE 32

#define FORMAT_SHARE_COLUMNS    5
#define FORMAT_PERCENT_COLUMNS  6
#define FORMAT_POINTS_COLUMNS   5
#define FORMAT_RATE_COLUMNS     4
#define FORMAT_LATENCY_COLUMNS  6
#define FORMAT_COUNT_COLUMNS    4
#define FORMAT_DISTANCE_COLUMNS 5
#define FORMAT_NUMBER_COLUMNS   8
#define FORMAT_AGE_COLUMNS      4
#define FORMAT_BYTES_COLUMNS    6

/* A share of traffic: "75%" "24.8%" "100%" "0%" "<0.1%" ">99%". */
char *format_share(double ratio, char buf[FORMAT_SIZE]);
/* An error ratio, three digits that count: "0.12%" "4.10%" "12.3%" "100%" "<0.01%". */
char *format_percent(double ratio, char buf[FORMAT_SIZE]);
/* The change of a share in points with its sign: "+89" "-4.2" "0". */
char *format_points(double ratio, char buf[FORMAT_SIZE]);
/* Per second: "412" "2.1k" "12k" "1.2M" "0.4" "<.1". */
char *format_rate(double per_s, char buf[FORMAT_SIZE]);
/* Of seconds: "85 us" "390 ms" "1.2 s" "12 s" "3 min" "2 h". */
char *format_latency(double seconds, char buf[FORMAT_SIZE]);
/* "412" "8.9k" "8.9M" "12G". */
char *format_count(int64_t count, char buf[FORMAT_SIZE]);
/* "8,912,004", as wide as it is. */
char *format_count_long(int64_t count, char buf[FORMAT_SIZE]);
/* A drift statistic: ".41" "6.38" "99.2" "1.2k" ".004"; 0 is "0". */
char *format_distance(double value, char buf[FORMAT_SIZE]);
/* A feature's value: "53" "5,258" "0.0312" "-1.2e+09". */
char *format_number(double value, char buf[FORMAT_SIZE]);
/* "0s" "59s" "12m" "3h" "14d" "3y"; "-" for unknown (negative). */
char *format_age(int64_t age_ms, char buf[FORMAT_SIZE]);
/* "412 B" "5.3 kB" "1.2 MB" of 1000. */
char *format_bytes(int64_t bytes, char buf[FORMAT_SIZE]);

#endif
