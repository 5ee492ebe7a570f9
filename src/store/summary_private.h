/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the fields of a struct drift_summary stand in a summary's blob: small numbers first, then the
 * floats of SUMMARY_FLOATS in this order. Later fields are appended and change SUMMARY_SIZE together
 * with a step of migrate.c.
 */
#ifndef DRIFTOP_STORE_SUMMARY_PRIVATE_H
#define DRIFTOP_STORE_SUMMARY_PRIVATE_H

/* The four floats of a struct design; what ends a name in layout.names. */
#define DESIGN_SIZE     16
#define LAYOUT_NAME_END '\x1f'

#define SUMMARY_FLOATS(X)                                                                          \
    X(n_eff)                                                                                       \
    X(ks_low)                                                                                      \
    X(ks_high)                                                                                     \
    X(ks_floor)                                                                                    \
    X(psi)                                                                                         \
    X(psi_floor)                                                                                   \
    X(psi_excess)                                                                                  \
    X(js)                                                                                          \
    X(js_floor)                                                                                    \
    X(js_excess)                                                                                   \
    X(rate_gap)                                                                                    \
    X(canary_psi)                                                                                  \
    X(canary_value)

enum {
    SUMMARY_FEATURE = 0,
    SUMMARY_SPAN = 4,
    SUMMARY_VERDICT = 5,
    SUMMARY_REASON = 6,
    SUMMARY_ROWS = 8,
    SUMMARY_CANARY = 12,
    SUMMARY_CANARY_REASON = 14,
    SUMMARY_FLOATS_AT = 16,
#define X(name) +4
    SUMMARY_SIZE = SUMMARY_FLOATS_AT SUMMARY_FLOATS(X),
#undef X
    SUMMARY_MAX = 1000000,
    SUMMARY_SPAN_BITS = 2, /* of a summary's id */
};

#endif
