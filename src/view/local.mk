# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/view/dialog.h include/driftop/view/keys.h \
	include/driftop/view/stack.h include/driftop/view/view.h \
	src/view/alerts.c \
	src/view/audit.c \
	src/view/drift.c src/view/drift_list.c src/view/drift_list_private.h \
	src/view/drift_map.c src/view/drift_map_private.h \
	src/view/feature.c src/view/feature_meaning.c src/view/feature_private.h \
	src/view/feature_words.c \
	src/view/fleet.c \
	src/view/frame.c \
	src/view/help.c src/view/help_private.h \
	src/view/keys.c \
	src/view/layout.c src/view/layout_private.h \
	src/view/list.c src/view/list_private.h \
	src/view/model.c \
	src/view/plan_panel.c \
	src/view/prompts.c \
	src/view/scroll.c src/view/scroll_private.h \
	src/view/stack.c src/view/stack_private.h \
	src/view/stack_key.c \
	src/view/text.c \
	src/view/text_panel.c \
	src/view/triage.c \
	src/view/triage_preview.c src/view/triage_preview_private.h \
	src/view/versions.c src/view/versions_private.h \
	src/view/view_private.h \
	src/view/views.c

unit_tests += tests/unit/view-dialog
tests_unit_view_dialog_SOURCES = tests/unit/view/dialog.c
tests_unit_view_dialog_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/view-golden
tests_unit_view_golden_SOURCES = tests/screen/golden.c tests/screen/fixture.c \
	tests/screen/fixture.h tests/unit/query/world.h
tests_unit_view_golden_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/view-keys
tests_unit_view_keys_SOURCES = tests/screen/keys.c tests/screen/fixture.c \
	tests/screen/fixture.h tests/unit/query/world.h
tests_unit_view_keys_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/view-storm
tests_unit_view_storm_SOURCES = tests/screen/storm.c tests/screen/fixture.c \
	tests/screen/fixture.h tests/unit/query/world.h
tests_unit_view_storm_LDADD = $(TEST_LDADD)

EXTRA_DIST += \
	tests/screen/alerts-empty.txt \
	tests/screen/alerts-error.txt \
	tests/screen/alerts-normal.txt \
	tests/screen/alerts-read-only.txt \
	tests/screen/alerts-stale.txt \
	tests/screen/audit-empty.txt \
	tests/screen/audit-error.txt \
	tests/screen/audit-normal.txt \
	tests/screen/audit-read-only.txt \
	tests/screen/audit-stale.txt \
	tests/screen/drift-empty.txt \
	tests/screen/drift-error.txt \
	tests/screen/drift-normal.txt \
	tests/screen/drift-read-only.txt \
	tests/screen/drift-stale.txt \
	tests/screen/feature-empty.txt \
	tests/screen/feature-error.txt \
	tests/screen/feature-normal.txt \
	tests/screen/feature-read-only.txt \
	tests/screen/feature-stale.txt \
	tests/screen/fleet-empty.txt \
	tests/screen/fleet-error.txt \
	tests/screen/fleet-normal.txt \
	tests/screen/fleet-read-only.txt \
	tests/screen/fleet-stale.txt \
	tests/screen/model-empty.txt \
	tests/screen/model-error.txt \
	tests/screen/model-normal.txt \
	tests/screen/model-read-only.txt \
	tests/screen/model-stale.txt \
	tests/screen/triage-empty.txt \
	tests/screen/triage-error.txt \
	tests/screen/triage-normal.txt \
	tests/screen/triage-read-only.txt \
	tests/screen/triage-stale.txt
