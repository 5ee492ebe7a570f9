# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
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
