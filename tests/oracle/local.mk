# SPDX-License-Identifier: GPL-3.0-or-later
# A second implementation of the statistics: not in `make check`, as it needs a package index.
EXTRA_DIST += \
	tests/oracle/run \
	tests/oracle/definitions.py \
	tests/oracle/nasty.py \
	tests/oracle/requirements.txt
