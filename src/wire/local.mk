# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
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
