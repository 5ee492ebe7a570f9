# SPDX-License-Identifier: GPL-3.0-or-later
# Whole programs against real files, sockets and processes. Each test makes a folder of its own.
e2e_tests = \
	tests/e2e/kill9.py \
	tests/e2e/skeleton.py \
	tests/e2e/notify.py \
	tests/e2e/reload.py \
	tests/e2e/badserver.py \
	tests/e2e/badrows.py \
	tests/e2e/sink.py \
	tests/e2e/store.py \
	tests/e2e/commands.py \
	tests/e2e/act.py \
	tests/e2e/act_lost.py \
	tests/e2e/act_refused.py \
	tests/e2e/terminal.py \
	tests/e2e/readonly_keys.py \
	tests/e2e/demo_journey.py \
	tests/e2e/compare.py \
	tests/e2e/by_hand.py
script_tests += $(e2e_tests)
EXTRA_DIST += tests/e2e/harness.py tests/e2e/world.py tests/e2e/splitter.py \
	tests/e2e/terminal_world.py tests/e2e/demo_processes.py $(e2e_tests)
