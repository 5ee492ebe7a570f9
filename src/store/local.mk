# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/store/audit.c src/store/audit_read.c src/store/audit_private.h include/driftop/store/audit.h \
	src/store/db.c src/store/open.c include/driftop/store/db.h \
	src/store/insert.c \
	src/store/lease.c include/driftop/store/lease.h \
	src/store/metric.c src/store/history_private.h \
	src/store/migrate.c \
	src/store/prune.c \
	src/store/read.c include/driftop/store/read.h \
	src/store/read_drift.c src/store/summary_private.h include/driftop/store/read_drift.h \
	src/store/sql.c src/store/sql_private.h src/store/sql_rows_private.h src/store/store_private.h src/store/blob_private.h \
	src/store/write.c include/driftop/store/write.h \
	src/store/write_counts.c include/driftop/store/write_counts.h

unit_tests += tests/unit/store-db
tests_unit_store_db_SOURCES = tests/unit/store/db.c tests/unit/store/world.h
tests_unit_store_db_LDADD = $(TEST_LDADD)
tests_unit_store_db_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=path_on_network
unit_tests += tests/unit/store-state
tests_unit_store_state_SOURCES = tests/unit/store/state.c tests/unit/store/world.h
tests_unit_store_state_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/store-lease
tests_unit_store_lease_SOURCES = tests/unit/store/lease.c tests/unit/store/world.h
tests_unit_store_lease_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/store-counts
tests_unit_store_counts_SOURCES = tests/unit/store/counts.c tests/unit/store/world.h
tests_unit_store_counts_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/store-audit
tests_unit_store_audit_SOURCES = tests/unit/store/audit.c tests/unit/store/world.h
tests_unit_store_audit_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/store-crash
tests_unit_store_crash_SOURCES = tests/unit/store/crash.c tests/unit/store/world.h
tests_unit_store_crash_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/store-migrate
tests_unit_store_migrate_SOURCES = tests/unit/store/migrate.c tests/unit/store/world.h
tests_unit_store_migrate_LDADD = $(TEST_LDADD)
EXTRA_DIST += tests/unit/store/version-1.sql

# Not run by check: it writes gigabytes.
EXTRA_PROGRAMS += tests/unit/store-bench
tests_unit_store_bench_SOURCES = tests/unit/store/bench.c
