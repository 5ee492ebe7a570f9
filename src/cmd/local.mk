# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/cmd/ack.c \
	src/cmd/acting.c src/cmd/acting.h src/cmd/acting_private.h src/cmd/acting_plan.c \
	src/cmd/alerts.c \
	src/cmd/audit.c \
	src/cmd/command.c include/driftop/cmd/command.h \
	src/cmd/commands.c \
	src/cmd/compare.c src/cmd/compare_private.h \
	src/cmd/compare_progress.c \
	src/cmd/compare_request.c \
	src/cmd/config.c \
	src/cmd/demo.c \
	src/cmd/doctor.c src/cmd/document.c \
	src/cmd/drift.c src/cmd/drift_print.c src/cmd/drift_print_feature.c src/cmd/drift_print.h \
	src/cmd/ls.c \
	src/cmd/record.c \
	src/cmd/rollback.c \
	src/cmd/screen.c \
	src/cmd/sheet.c src/cmd/sheet.h \
	src/cmd/show.c \
	src/cmd/traffic.c \
	src/cmd/triage.c \
	src/cmd/types.c include/driftop/cmd/types.h \
	src/cmd/undo.c

unit_tests += tests/unit/cmd-reading
tests_unit_cmd_reading_SOURCES = tests/unit/cmd/reading.c tests/unit/query/world.h
tests_unit_cmd_reading_LDADD = $(TEST_LDADD)
