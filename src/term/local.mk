# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/term/backend.h \
	include/driftop/term/backend_ncurses.h \
	include/driftop/term/backend_text.h \
	include/driftop/term/canvas.h \
	include/driftop/term/canvas_draw.h \
	include/driftop/term/canvas_read.h \
	include/driftop/term/glyph.h \
	include/driftop/term/key.h \
	include/driftop/term/rect.h \
	include/driftop/term/style.h \
	include/driftop/term/theme.h
