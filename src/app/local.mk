# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/app/args.c include/driftop/app/args.h \
	src/app/document.c src/app/document_private.h src/app/document_pages.c \
	src/app/document_roff.c src/app/document_completion.c \
	src/app/help.c include/driftop/app/help.h \
	src/app/demo.c include/driftop/app/demo.h \
	src/app/demo_folder.c include/driftop/app/demo_folder.h \
	src/app/hooks.c

bin_PROGRAMS += driftop
driftop_SOURCES = src/app/main.c
