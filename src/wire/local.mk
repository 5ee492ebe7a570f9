# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/wire/alertmanager.c \
	src/wire/csv.c \
	src/wire/csv_split.c \
	src/wire/haproxy.c \
	src/wire/haproxy_answer.c \
	src/wire/haproxy_command.c \
	src/wire/mlflow.c \
	src/wire/ndjson.c \
	src/wire/ndjson_scan.c \
	src/wire/number.c \
	src/wire/oip.c \
	src/wire/prometheus.c \
	src/wire/prometheus_family.c \
	src/wire/prometheus_histogram.c \
	src/wire/prometheus_line.c \
	src/wire/refusal.c \
	src/wire/csv_private.h \
	src/wire/haproxy_private.h \
	src/wire/ndjson_private.h \
	src/wire/number_private.h \
	src/wire/prometheus_private.h \
	src/wire/refusal_private.h \
	include/driftop/wire/alertmanager.h \
	include/driftop/wire/cloudevents.h \
	include/driftop/wire/csv.h \
	include/driftop/wire/haproxy.h \
	include/driftop/wire/haproxy_answer.h \
	include/driftop/wire/haproxy_command.h \
	include/driftop/wire/mlflow.h \
	include/driftop/wire/ndjson.h \
	include/driftop/wire/oip.h \
	include/driftop/wire/prometheus.h \
	include/driftop/wire/prometheus_histogram.h \
	include/driftop/wire/span.h \
	include/driftop/wire/tensors.h
