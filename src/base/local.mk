# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/base/arena.c include/driftop/base/arena.h \
	src/base/clock.c include/driftop/base/clock.h \
	src/base/err.c include/driftop/base/err.h \
	src/base/hash.c include/driftop/base/hash.h \
	src/base/jansson_private.h \
	src/base/json.c include/driftop/base/json.h \
	src/base/json_build.c include/driftop/base/json_build.h \
	src/base/log.c include/driftop/base/log.h \
	src/base/map.c include/driftop/base/map.h \
	src/base/path.c src/base/path_trust.c include/driftop/base/path.h \
	src/base/siphash.c src/base/siphash_private.h \
	src/base/str.c include/driftop/base/str.h \
	src/base/utf8.c src/base/utf8_width.c src/base/utf8_private.h include/driftop/base/utf8.h \
	src/base/value.c include/driftop/base/value.h \
	src/base/vec.c include/driftop/base/vec.h \
	src/base/yaml.c include/driftop/base/yaml.h

# Each line: one cmocka program of a module.
unit_tests += tests/unit/base-clock
tests_unit_base_clock_SOURCES = tests/unit/base/clock.c
tests_unit_base_clock_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-err
tests_unit_base_err_SOURCES = tests/unit/base/err.c
tests_unit_base_err_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-hash
tests_unit_base_hash_SOURCES = tests/unit/base/hash.c
tests_unit_base_hash_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-json
tests_unit_base_json_SOURCES = tests/unit/base/json.c
tests_unit_base_json_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-json-build
tests_unit_base_json_build_SOURCES = tests/unit/base/json_build.c
tests_unit_base_json_build_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-log
tests_unit_base_log_SOURCES = tests/unit/base/log.c
tests_unit_base_log_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-map
tests_unit_base_map_SOURCES = tests/unit/base/map.c
tests_unit_base_map_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-path
tests_unit_base_path_SOURCES = tests/unit/base/path.c
tests_unit_base_path_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-str
tests_unit_base_str_SOURCES = tests/unit/base/str.c
tests_unit_base_str_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-utf8
tests_unit_base_utf8_SOURCES = tests/unit/base/utf8.c
tests_unit_base_utf8_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-value
tests_unit_base_value_SOURCES = tests/unit/base/value.c
tests_unit_base_value_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-vec
tests_unit_base_vec_SOURCES = tests/unit/base/vec.c
tests_unit_base_vec_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/base-yaml
tests_unit_base_yaml_SOURCES = tests/unit/base/yaml.c
tests_unit_base_yaml_LDADD = $(TEST_LDADD)
