# SPDX-License-Identifier: GPL-3.0-or-later
# `make bench`, or ./bootstrap bench. Nothing here is timed by `make check`; one quick run there sees that
# the program still does its work.
check_PROGRAMS += driftop-bench
driftop_bench_SOURCES = tests/bench/bench.c tests/bench/bench.h tests/bench/column.c tests/bench/columns.c \
	tests/bench/main.c \
	tests/bench/memory.c tests/bench/poll.c tests/bench/rows.c tests/bench/serve.c \
	tests/bench/screen.c tests/bench/screen_world.c tests/bench/screen_world.h tests/bench/window.c
driftop_bench_CPPFLAGS = $(AM_CPPFLAGS) -DBENCH_SOURCES='"$(abs_top_srcdir)/tests/bench"'

bench: driftop-bench$(EXEEXT) driftop$(EXEEXT)
	./driftop-bench --json
.PHONY: bench

script_tests += tests/bench/quick.py
EXTRA_DIST += tests/bench/quick.py tests/bench/scipy_column.py tests/bench/requirements-scipy.txt

# False pages and delays, simulated; a shorter run is a test.
check_PROGRAMS += tests/bench/false-alarms
tests_bench_false_alarms_SOURCES = tests/bench/false-alarms.c
script_tests += tests/bench/false-alarms.sh
EXTRA_DIST += tests/bench/false-alarms.sh
