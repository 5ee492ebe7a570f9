# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/adapt/adapter.h \
	include/driftop/adapt/controller.h \
	include/driftop/adapt/feature.h \
	include/driftop/adapt/notify.h \
	include/driftop/adapt/sink_rows.h
