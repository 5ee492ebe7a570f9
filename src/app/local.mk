# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/app/args.c include/driftop/app/args.h \
	src/app/document.c src/app/document_private.h src/app/document_pages.c \
	src/app/document_roff.c src/app/document_completion.c src/app/document_keys.c \
	src/app/dashboard.c include/driftop/app/dashboard.h \
	src/app/dashboard_act.c src/app/dashboard_act_private.h src/app/dashboard_private.h \
	src/app/dashboard_draw.c \
	src/app/dashboard_key.c \
	src/app/dashboard_plan.c \
	src/app/dashboard_store.c \
	src/app/screen.c include/driftop/app/screen.h \
	src/app/help.c include/driftop/app/help.h \
	src/app/demo.c include/driftop/app/demo.h \
	src/app/demo_folder.c include/driftop/app/demo_folder.h \
	src/app/hooks.c

bin_PROGRAMS += driftop
driftop_SOURCES = src/app/main.c
