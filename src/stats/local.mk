# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/stats/association.c include/driftop/stats/association.h \
	src/stats/budget.c include/driftop/stats/budget.h \
	src/stats/codebook.c include/driftop/stats/codebook.h src/stats/codebook_private.h \
	src/stats/codebook_code.c \
	src/stats/codebook_label.c \
	src/stats/codebook_number.c \
	src/stats/codebook_text.c \
	src/stats/column.c src/stats/column_private.h \
	src/stats/design.c include/driftop/stats/design.h \
	src/stats/divergence.c include/driftop/stats/divergence.h \
	src/stats/exact.c include/driftop/stats/exact.h src/stats/search_private.h \
	src/stats/feature.c include/driftop/stats/feature.h src/stats/feature_private.h \
	src/stats/feature_columns.c \
	src/stats/feature_json.c include/driftop/stats/feature_json.h \
	src/stats/ks.c include/driftop/stats/ks.h src/stats/ks_counts.c src/stats/ks_private.h \
	src/stats/ks_law.c include/driftop/stats/ks_law.h src/stats/ks_law_private.h \
	src/stats/ks_one_sample.c \
	src/stats/onset.c include/driftop/stats/onset.h \
	src/stats/quantile.c include/driftop/stats/quantile.h \
	src/stats/rank.c include/driftop/stats/rank.h \
	src/stats/rate.c include/driftop/stats/rate.h \
	src/stats/sentence.c include/driftop/stats/sentence.h \
	src/stats/settle.c \
	src/stats/setup.c include/driftop/stats/setup.h \
	src/stats/sides.c include/driftop/stats/sides.h \
	src/stats/shape.c src/stats/shape_counts.c src/stats/shape_private.h \
	include/driftop/stats/shape.h \
	src/stats/verdict.c include/driftop/stats/verdict.h src/stats/verdict_private.h \
	src/stats/window.c include/driftop/stats/window.h src/stats/window_private.h \
	src/stats/window_buckets.c include/driftop/stats/window_buckets.h \
	src/stats/window_pack.c include/driftop/stats/window_pack.h

unit_tests += tests/unit/stats-rank
tests_unit_stats_rank_SOURCES = tests/unit/stats/rank.c \
	tests/unit/stats/columns.c tests/unit/stats/columns.h
tests_unit_stats_rank_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/stats-verdict
tests_unit_stats_verdict_SOURCES = tests/unit/stats/verdict.c
tests_unit_stats_verdict_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/stats-association
tests_unit_stats_association_SOURCES = tests/unit/stats/association.c \
	tests/unit/stats/columns.c tests/unit/stats/columns.h
tests_unit_stats_association_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/stats-vectors
tests_unit_stats_vectors_SOURCES = tests/unit/stats/vectors.c \
	tests/unit/stats/columns.c tests/unit/stats/columns.h
tests_unit_stats_vectors_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/stats-california tests/unit/stats-codebook tests/unit/stats-exact \
	tests/unit/stats-feature tests/unit/stats-ks tests/unit/stats-shape tests/unit/stats-window
tests_unit_stats_california_SOURCES = tests/unit/stats/california.c tests/unit/stats/columns.c
tests_unit_stats_california_LDADD = $(TEST_LDADD)
tests_unit_stats_codebook_SOURCES = tests/unit/stats/codebook.c tests/unit/stats/columns.c
tests_unit_stats_codebook_LDADD = $(TEST_LDADD)
tests_unit_stats_exact_SOURCES = tests/unit/stats/exact.c tests/unit/stats/columns.c
tests_unit_stats_exact_LDADD = $(TEST_LDADD)
tests_unit_stats_feature_SOURCES = tests/unit/stats/feature.c tests/unit/stats/columns.c
tests_unit_stats_feature_LDADD = $(TEST_LDADD)
tests_unit_stats_ks_SOURCES = tests/unit/stats/ks.c \
	tests/unit/stats/columns.c tests/unit/stats/columns.h
tests_unit_stats_ks_LDADD = $(TEST_LDADD)
tests_unit_stats_shape_SOURCES = tests/unit/stats/shape.c tests/unit/stats/columns.c
tests_unit_stats_shape_LDADD = $(TEST_LDADD)
tests_unit_stats_window_SOURCES = tests/unit/stats/window.c tests/unit/stats/columns.c
tests_unit_stats_window_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/stats-plain
tests_unit_stats_plain_SOURCES = tests/unit/stats/plain.c tests/unit/stats/columns.c
tests_unit_stats_plain_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/stats-sides
tests_unit_stats_sides_SOURCES = tests/unit/stats/sides.c tests/unit/stats/columns.c
tests_unit_stats_sides_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/stats-budget
tests_unit_stats_budget_SOURCES = tests/unit/stats/budget.c tests/unit/stats/columns.c
tests_unit_stats_budget_LDADD = $(TEST_LDADD)

EXTRA_DIST += $(stats_vectors)
stats_vectors = tests/data/vectors/README.md \
	tests/data/vectors/pair-1/reference.csv \
	tests/data/vectors/pair-1/current.csv \
	tests/data/vectors/pair-1/expected.json \
	tests/data/vectors/pair-2/reference.csv \
	tests/data/vectors/pair-2/current.csv \
	tests/data/vectors/pair-2/expected.json \
	tests/data/vectors/pair-3/reference.csv \
	tests/data/vectors/pair-3/current.csv \
	tests/data/vectors/pair-3/expected.json \
	tests/data/vectors/pair-4/reference.csv \
	tests/data/vectors/pair-4/current.csv \
	tests/data/vectors/pair-4/expected.json
