# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/adapt/adapter.c include/driftop/adapt/adapter.h src/adapt/reply_private.h \
	src/adapt/controller.c include/driftop/adapt/controller.h \
	src/adapt/lists.c \
	src/adapt/weights.c src/adapt/weights_private.h \
	src/adapt/feature/csv.c include/driftop/adapt/feature.h \
	src/adapt/feature/jsonl.c \
	src/adapt/feature/row.c src/adapt/feature/row_private.h \
	src/adapt/feature/sink_join.c include/driftop/adapt/sink_rows.h \
	src/adapt/feature/sink_rows.c \
	src/adapt/notify/alertmanager.c include/driftop/adapt/notify.h \
	src/adapt/notify/body_private.h \
	src/adapt/notify/command.c \
	src/adapt/registry/mlflow.c \
	src/adapt/server/families.c src/adapt/server/page.h \
	src/adapt/server/open_inference.c \
	src/adapt/server/page.c \
	src/adapt/traffic/haproxy.c src/adapt/traffic/haproxy_private.h \
	src/adapt/traffic/haproxy_check.c \
	src/adapt/traffic/haproxy_control.c
