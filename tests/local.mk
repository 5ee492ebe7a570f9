# SPDX-License-Identifier: GPL-3.0-or-later
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/e2e/local.mk
include tests/peers/local.mk
include tests/oracle/local.mk
