# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/model/drift.h \
	include/driftop/model/fleet.h \
	include/driftop/model/observation.h \
	include/driftop/model/series.h \
	include/driftop/model/state.h
