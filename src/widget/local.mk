# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/widget/bar.h \
	include/driftop/widget/format.h \
	include/driftop/widget/heat.h \
	include/driftop/widget/histogram.h \
	include/driftop/widget/line.h \
	include/driftop/widget/menu.h \
	include/driftop/widget/panel.h \
	include/driftop/widget/prompt.h \
	include/driftop/widget/sparkline.h \
	include/driftop/widget/table.h \
	include/driftop/widget/text.h
