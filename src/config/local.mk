# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/config/adapter.c \
	src/config/check.c \
	src/config/credentials.c \
	src/config/deployment.c \
	src/config/describe.c include/driftop/config/describe.h \
	src/config/example.c \
	src/config/expand.c \
	src/config/helper.c src/config/helper.h \
	src/config/load.c include/driftop/config/config.h include/driftop/config/load.h \
	src/config/loader.c src/config/loader.h \
	src/config/lookup.c \
	src/config/option.c include/driftop/config/option.h \
	src/config/origin.c include/driftop/config/origin.h \
	src/config/parts.h \
	src/config/place.c src/config/place.h \
	src/config/report.c src/config/report.h \
	src/config/scalar.c src/config/scalar.h src/config/scalar_text.c \
	src/config/scope.c \
	src/config/secret.c \
	src/config/table.c src/config/table.h \
	src/config/value.c

# Each line: one cmocka program of a module.
config_support = tests/unit/config/support.c tests/unit/config/support.h \
	tests/unit/config/types.c tests/unit/config/types.h
unit_tests += tests/unit/config-cases
tests_unit_config_cases_SOURCES = tests/unit/config/cases.c $(config_support)
tests_unit_config_cases_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/config-describe
tests_unit_config_describe_SOURCES = tests/unit/config/describe.c $(config_support)
tests_unit_config_describe_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/config-hostile
tests_unit_config_hostile_SOURCES = tests/unit/config/hostile.c $(config_support)
tests_unit_config_hostile_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/config-load
tests_unit_config_load_SOURCES = tests/unit/config/load.c $(config_support)
tests_unit_config_load_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/config-lookup
tests_unit_config_lookup_SOURCES = tests/unit/config/lookup.c $(config_support)
tests_unit_config_lookup_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/config-option
tests_unit_config_option_SOURCES = tests/unit/config/option.c $(config_support)
tests_unit_config_option_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/config-document
tests_unit_config_document_SOURCES = tests/unit/config/document.c $(config_support)
tests_unit_config_document_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/config-corpus
tests_unit_config_corpus_SOURCES = tests/unit/config/corpus.c tests/fuzz/config.c $(config_support)
tests_unit_config_corpus_LDADD = $(TEST_LDADD)

# Its seeds: tests/fixtures/config/*/*/input.yaml.
if FUZZERS
check_PROGRAMS += tests/fuzz/config
tests_fuzz_config_SOURCES = tests/fuzz/config.c tests/unit/config/types.c tests/unit/config/types.h
tests_fuzz_config_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
endif

EXTRA_DIST += docs/CONFIGURATION.md conf/driftop.yaml.example tests/fixtures/config
