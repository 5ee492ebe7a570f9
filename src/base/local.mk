# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/base/clock.c include/driftop/base/clock.h \
	src/base/err.c include/driftop/base/err.h \
	src/base/hash.c include/driftop/base/hash.h \
	src/base/json.c include/driftop/base/json.h include/driftop/base/json_build.h \
	src/base/log.c include/driftop/base/log.h \
	src/base/map.c include/driftop/base/map.h \
	src/base/path.c include/driftop/base/path.h \
	src/base/str.c include/driftop/base/str.h \
	src/base/utf8.c include/driftop/base/utf8.h \
	src/base/vec.c include/driftop/base/vec.h \
	src/base/yaml.c include/driftop/base/yaml.h

# Each line: one cmocka program of a module.
unit_tests += tests/unit/base-err
tests_unit_base_err_SOURCES = tests/unit/base/err.c
tests_unit_base_err_LDADD = $(TEST_LDADD)
libdriftop_a_SOURCES += src/base/value.c include/driftop/base/value.h
