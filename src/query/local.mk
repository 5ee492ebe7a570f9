# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/query/act_list.c src/query/alert_list.c src/query/source_list.c \
	include/driftop/query/lists.h \
	src/query/deployment.c include/driftop/query/deployment.h \
	src/query/drift.c src/query/drift_json.c src/query/drift_words.c \
	include/driftop/query/drift.h \
	src/query/feature.c src/query/feature_explain.c src/query/feature_private.h \
	src/query/feature_compare.c src/query/feature_findings.c \
	src/query/feature_json.c include/driftop/query/feature.h \
	src/query/evidence.c src/query/changes.c src/query/surface.c src/query/evidence_private.h \
	src/query/fleet.c include/driftop/query/fleet.h \
	src/query/fleet_line.c src/query/fleet_private.h \
	src/query/member.c src/query/member_private.h \
	src/query/near.c src/query/near_private.h \
	src/query/preview.c src/query/preview_rollback.c src/query/preview_private.h \
	src/query/query.c include/driftop/query/query.h \
	src/query/snapshot.c src/query/snapshot_private.h \
	src/query/summaries.c src/query/drift_private.h \
	src/query/triage.c src/query/triage_json.c include/driftop/query/triage.h

unit_tests += tests/unit/query-fleet
tests_unit_query_fleet_SOURCES = tests/unit/query/fleet.c tests/unit/query/world.h
tests_unit_query_fleet_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/query-triage
tests_unit_query_triage_SOURCES = tests/unit/query/triage.c tests/unit/query/world.h
tests_unit_query_triage_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/query-drift
tests_unit_query_drift_SOURCES = tests/unit/query/drift.c tests/unit/query/world.h
tests_unit_query_drift_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/query-lists
tests_unit_query_lists_SOURCES = tests/unit/query/lists.c tests/unit/query/world.h
tests_unit_query_lists_LDADD = $(TEST_LDADD)

# Not run by check: it measures.
EXTRA_PROGRAMS += tests/unit/query-bench
tests_unit_query_bench_SOURCES = tests/unit/query/bench.c tests/unit/query/world.h
tests_unit_query_bench_LDADD = $(TEST_LDADD)
