#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A month or less of false pages, simulated: see tests/bench/false-alarms.c.
exec "$builddir/tests/bench/false-alarms" --quick
