# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/view/dialog.h include/driftop/view/keys.h \
	include/driftop/view/stack.h include/driftop/view/view.h \
	src/view/alerts.c \
	src/view/audit.c \
	src/view/drift.c \
	src/view/drift_map.c src/view/drift_map_private.h \
	src/view/feature.c src/view/feature_private.h \
	src/view/feature_words.c \
	src/view/fleet.c \
	src/view/frame.c \
	src/view/help.c src/view/help_private.h \
	src/view/keys.c \
	src/view/layout.c src/view/layout_private.h \
	src/view/list.c src/view/list_private.h \
	src/view/model.c \
	src/view/plan_panel.c \
	src/view/prompts.c \
	src/view/scroll.c src/view/scroll_private.h \
	src/view/stack.c src/view/stack_private.h \
	src/view/stack_key.c \
	src/view/text.c \
	src/view/text_panel.c \
	src/view/triage.c \
	src/view/versions.c src/view/versions_private.h \
	src/view/view_private.h \
	src/view/views.c
