# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/term/backend.c include/driftop/term/backend.h \
	src/term/backend_ncurses.c include/driftop/term/backend_ncurses.h \
	src/term/backend_text.c include/driftop/term/backend_text.h \
	src/term/canvas.c include/driftop/term/canvas.h src/term/canvas_private.h \
	src/term/canvas_draw.c include/driftop/term/canvas_draw.h \
	src/term/canvas_read.c include/driftop/term/canvas_read.h \
	src/term/canvas_text.c \
	src/term/clipboard.c src/term/clipboard_private.h \
	src/term/glyph.c include/driftop/term/glyph.h \
	src/term/key.c include/driftop/term/key.h \
	src/term/key_decode.c src/term/key_sequence.c src/term/key_private.h \
	src/term/rect.c include/driftop/term/rect.h \
	src/term/style.c include/driftop/term/style.h \
	src/term/theme.c include/driftop/term/theme.h \
	src/term/theme_parse.c src/term/theme_private.h \
	src/term/tty.c src/term/tty_private.h

# The shipped themes are compiled in, so that their defaults stand in one place: the files.
nodist_libdriftop_a_SOURCES += src/term/theme_builtin.c
CLEANFILES += src/term/theme_builtin.c

src/term/theme_builtin.c: themes/default.yaml themes/mono.yaml src/term/local.mk
	$(AM_V_GEN)$(MKDIR_P) src/term && { \
	  echo '/* Made from themes/ by make. */'; \
	  for name in default mono; do \
	    echo "extern const char *const theme_text_$$name;"; \
	    echo "const char *const theme_text_$$name ="; \
	    $(SED) -e 's/[\\"]/\\&/g' -e 's/^/    "/' -e 's/$$/\\n"/' $(srcdir)/themes/$$name.yaml; \
	    echo '    "";'; \
	  done; } >$@.tmp && mv $@.tmp $@

unit_tests += tests/unit/term-canvas
tests_unit_term_canvas_SOURCES = tests/unit/term/canvas.c
tests_unit_term_canvas_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/term-clipboard
tests_unit_term_clipboard_SOURCES = tests/unit/term/clipboard.c
tests_unit_term_clipboard_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/term-key
tests_unit_term_key_SOURCES = tests/unit/term/key.c
tests_unit_term_key_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/term-theme
tests_unit_term_theme_SOURCES = tests/unit/term/theme.c
tests_unit_term_theme_LDADD = $(TEST_LDADD)

if HAVE_VTERM
unit_tests += tests/unit/term-ncurses
tests_unit_term_ncurses_SOURCES = tests/unit/term/ncurses.c
tests_unit_term_ncurses_CFLAGS = $(AM_CFLAGS) $(VTERM_CFLAGS)
tests_unit_term_ncurses_LDADD = $(TEST_LDADD) $(VTERM_LIBS) -lutil
endif
