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

unit_tests += tests/unit/widget-bounds
tests_unit_widget_bounds_SOURCES = tests/unit/widget/bounds.c
tests_unit_widget_bounds_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/widget-format
tests_unit_widget_format_SOURCES = tests/unit/widget/format.c
tests_unit_widget_format_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/widget-table
tests_unit_widget_table_SOURCES = tests/unit/widget/table.c
tests_unit_widget_table_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/widget-plots
tests_unit_widget_plots_SOURCES = tests/unit/widget/plots.c
tests_unit_widget_plots_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/widget-lines
tests_unit_widget_lines_SOURCES = tests/unit/widget/lines.c
tests_unit_widget_lines_LDADD = $(TEST_LDADD)
