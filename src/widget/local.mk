# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/widget/bar.c include/driftop/widget/bar.h \
	src/widget/format.c include/driftop/widget/format.h \
	include/driftop/widget/heat.h \
	include/driftop/widget/histogram.h \
	src/widget/line.c include/driftop/widget/line.h \
	include/driftop/widget/menu.h \
	src/widget/panel.c include/driftop/widget/panel.h \
	include/driftop/widget/prompt.h \
	include/driftop/widget/sparkline.h \
	include/driftop/widget/table.h \
	src/widget/text.c include/driftop/widget/text.h
