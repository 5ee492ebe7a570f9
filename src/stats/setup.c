/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/stats/setup.h"

#include <gsl/gsl_errno.h>

void stats_setup(void)
{
    gsl_set_error_handler_off();
}
