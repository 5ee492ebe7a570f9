/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the fields of a struct drift_summary stand in a summary's blob. Later fields are appended and
 * change SUMMARY_SIZE together with a step of migrate.c.
 */
#ifndef DRIFTOP_STORE_SUMMARY_PRIVATE_H
#define DRIFTOP_STORE_SUMMARY_PRIVATE_H

enum {
    SUMMARY_FEATURE = 0,
    SUMMARY_SPAN = 4,
    SUMMARY_VERDICT = 5,
    SUMMARY_REASON = 6,
    SUMMARY_ROWS = 8,
    SUMMARY_KS_LOW = 12,
    SUMMARY_KS_HIGH = 16,
    SUMMARY_PSI = 20,
    SUMMARY_JS = 24,
    SUMMARY_RATE = 28,
    SUMMARY_SIZE = 32,
    SUMMARY_MAX = 1000000,
};

#endif
