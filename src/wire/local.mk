# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/wire/alertmanager.c \
	src/wire/base64.c \
	src/wire/cloudevents.c \
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
	src/wire/tensors.c \
	src/wire/tensors_column.c \
	src/wire/base64_private.h \
	src/wire/csv_private.h \
	src/wire/haproxy_private.h \
	src/wire/ndjson_private.h \
	src/wire/number_private.h \
	src/wire/prometheus_private.h \
	src/wire/refusal_private.h \
	src/wire/tensors_private.h \
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

# A decoder's test runs over the folders of tests/fixtures/wire/DECODER.
wire_cases = tests/unit/wire/cases.c tests/unit/wire/cases.h
EXTRA_DIST += tests/fixtures/wire

unit_tests += tests/unit/wire-alertmanager
tests_unit_wire_alertmanager_SOURCES = tests/unit/wire/alertmanager.c $(wire_cases)
tests_unit_wire_alertmanager_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-cloudevents
tests_unit_wire_cloudevents_SOURCES = tests/unit/wire/cloudevents.c $(wire_cases)
tests_unit_wire_cloudevents_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-csv
tests_unit_wire_csv_SOURCES = tests/unit/wire/csv.c $(wire_cases)
tests_unit_wire_csv_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-haproxy
tests_unit_wire_haproxy_SOURCES = tests/unit/wire/haproxy.c $(wire_cases)
tests_unit_wire_haproxy_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-mlflow
tests_unit_wire_mlflow_SOURCES = tests/unit/wire/mlflow.c $(wire_cases)
tests_unit_wire_mlflow_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-ndjson
tests_unit_wire_ndjson_SOURCES = tests/unit/wire/ndjson.c $(wire_cases)
tests_unit_wire_ndjson_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-oip
tests_unit_wire_oip_SOURCES = tests/unit/wire/oip.c $(wire_cases)
tests_unit_wire_oip_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-prometheus
tests_unit_wire_prometheus_SOURCES = tests/unit/wire/prometheus.c $(wire_cases)
tests_unit_wire_prometheus_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-prometheus-histogram
tests_unit_wire_prometheus_histogram_SOURCES = tests/unit/wire/prometheus_histogram.c $(wire_cases)
tests_unit_wire_prometheus_histogram_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-tensors
tests_unit_wire_tensors_SOURCES = tests/unit/wire/tensors.c $(wire_cases)
tests_unit_wire_tensors_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-haproxy-command
tests_unit_wire_haproxy_command_SOURCES = tests/unit/wire/haproxy_command.c
tests_unit_wire_haproxy_command_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-ndjson-same
tests_unit_wire_ndjson_same_SOURCES = tests/unit/wire/ndjson_same.c
tests_unit_wire_ndjson_same_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/wire-csv-pieces
tests_unit_wire_csv_pieces_SOURCES = tests/unit/wire/csv_pieces.c
tests_unit_wire_csv_pieces_LDADD = $(TEST_LDADD)
