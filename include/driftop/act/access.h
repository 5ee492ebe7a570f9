/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a configured endpoint is reached: time-outs, certificates and credentials out of an adapter's
 * option_set. The recorder uses the `read` options of the adapter itself; acting puts the
 * engineer's own credentials in their place.
 */
#ifndef DRIFTOP_ACT_ACCESS_H
#define DRIFTOP_ACT_ACCESS_H

#include "driftop/config/config.h"
#include "driftop/net/send.h"

struct err;

/* access.auth belongs to it. */
struct access {
    struct net_access net;
};

/* `credentials` NULL: those among the adapter's own options, if any. The option_sets outlive it. */
int access_open(const struct config *c, const struct option_set *options,
                const struct option_set *credentials, struct access *ret, struct err *e);
void access_close(struct access *a);

#endif
