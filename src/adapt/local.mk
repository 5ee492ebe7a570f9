# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/adapt/adapter.c include/driftop/adapt/adapter.h src/adapt/reply_private.h \
	src/adapt/controller.c include/driftop/adapt/controller.h \
	src/adapt/lists.c \
	src/adapt/weights.c src/adapt/weights_private.h \
	src/adapt/feature/csv.c include/driftop/adapt/feature.h \
	src/adapt/feature/jsonl.c \
	src/adapt/feature/row.c src/adapt/feature/row_private.h \
	src/adapt/feature/sink_join.c include/driftop/adapt/sink_rows.h \
	src/adapt/feature/sink_rows.c \
	src/adapt/notify/alertmanager.c include/driftop/adapt/notify.h \
	src/adapt/notify/body_private.h \
	src/adapt/notify/command.c \
	src/adapt/registry/mlflow.c \
	src/adapt/server/families.c src/adapt/server/page.h \
	src/adapt/server/open_inference.c \
	src/adapt/server/page.c src/adapt/server/page_private.h \
	src/adapt/server/page_tally.c \
	src/adapt/traffic/haproxy.c src/adapt/traffic/haproxy_private.h \
	src/adapt/traffic/haproxy_check.c \
	src/adapt/traffic/haproxy_control.c

EXTRA_DIST += tests/fixtures/adapt

adapt_folder = tests/unit/adapt/folder.c tests/unit/adapt/folder.h \
	tests/unit/adapt/printing.c tests/unit/adapt/printing.h \
	tests/unit/wire/cases.c tests/unit/wire/cases.h

unit_tests += tests/unit/adapt-adapters
tests_unit_adapt_adapters_SOURCES = tests/unit/adapt/adapters.c $(adapt_folder)
tests_unit_adapt_adapters_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/adapt-features
tests_unit_adapt_features_SOURCES = tests/unit/adapt/features.c $(adapt_folder)
tests_unit_adapt_features_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/adapt-notify
tests_unit_adapt_notify_SOURCES = tests/unit/adapt/notify.c $(adapt_folder)
tests_unit_adapt_notify_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/adapt-weights
tests_unit_adapt_weights_SOURCES = tests/unit/adapt/weights.c
tests_unit_adapt_weights_LDADD = $(TEST_LDADD)

EXTRA_DIST += docs/ADDING-AN-ADAPTER.md
