# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/widget/bar.c include/driftop/widget/bar.h \
	src/widget/format.c include/driftop/widget/format.h \
	src/widget/heat.c include/driftop/widget/heat.h \
	src/widget/histogram.c include/driftop/widget/histogram.h \
	src/widget/line.c include/driftop/widget/line.h \
	src/widget/menu.c include/driftop/widget/menu.h \
	src/widget/panel.c include/driftop/widget/panel.h \
	src/widget/prompt.c include/driftop/widget/prompt.h \
	src/widget/sparkline.c include/driftop/widget/sparkline.h \
	src/widget/table.c include/driftop/widget/table.h \
	src/widget/table_layout.c \
	src/widget/text.c include/driftop/widget/text.h
