/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The states of an act, everywhere the same words (DESIGN 4), and who acted.
 */
#ifndef DRIFTOP_ACT_PHASE_H
#define DRIFTOP_ACT_PHASE_H

#include <stdbool.h>
#include <stddef.h>

/* phase, word, final, exit status of a command that ends in it */
#define ACT_PHASES(X)                                                                              \
    X(ACT_PLANNED, "planned", false, 0)                                                            \
    X(ACT_REFUSED, "refused", true, 4)                                                             \
    X(ACT_SENT, "sent", false, 9)                                                                  \
    X(ACT_ACCEPTED, "accepted", false, 5)                                                          \
    X(ACT_PARTIAL, "partial", true, 11)                                                            \
    X(ACT_REJECTED, "rejected", true, 10)                                                          \
    X(ACT_CONFLICT, "conflict", true, 6)                                                           \
    X(ACT_UNKNOWN, "unknown", true, 9)                                                             \
    X(ACT_VERIFIED, "verified", true, 0)                                                           \
    X(ACT_DIVERGED, "diverged", true, 5)                                                           \
    X(ACT_STALLED, "stalled", true, 7)                                                             \
    X(ACT_FAILED, "failed", true, 74)                                                              \
    X(ACT_UNDONE, "undone", true, 0)

enum act_phase {
#define X(id, word, final, status) id,
    ACT_PHASES(X)
#undef X
};

const char *act_phase_name(enum act_phase phase);
bool act_phase_from_name(const char *name, enum act_phase *ret);
bool act_phase_final(enum act_phase phase);
int act_exit_status(enum act_phase phase);

/* "ann (claimed; sudo root; ssh 10.0.0.7)": the login name with SUDO_USER and SSH_CONNECTION, which
 * anybody can set. Returns buf. */
char *act_by(char *buf, size_t size);
/* A new act's id: short, rising with time, unlike any other. Returns buf. */
char *act_new_id(long long now_ms, char *buf, size_t size);

#endif
