# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/alert/alert.c include/driftop/alert/alert.h \
	src/alert/engine.c include/driftop/alert/engine.h \
	src/alert/rule.c include/driftop/alert/rule.h
