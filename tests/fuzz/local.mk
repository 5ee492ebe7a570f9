# SPDX-License-Identifier: GPL-3.0-or-later
# A fuzz target is three lines here, one NAME.c and one folder corpus/NAME.
if FUZZERS
fuzz_main = tests/fuzz/fuzz.h
else
fuzz_main = tests/fuzz/replay.c tests/fuzz/fuzz.h
endif
fuzz_libs = $(LDADD) $(FUZZ_ENGINE)
fuzz_targets =
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run-all.sh

fuzz_targets += tests/fuzz/alertmanager
tests_fuzz_alertmanager_SOURCES = tests/fuzz/alertmanager.c $(fuzz_main)
tests_fuzz_alertmanager_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/cloudevents
tests_fuzz_cloudevents_SOURCES = tests/fuzz/cloudevents.c $(fuzz_main)
tests_fuzz_cloudevents_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/csv
tests_fuzz_csv_SOURCES = tests/fuzz/csv.c $(fuzz_main)
tests_fuzz_csv_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/haproxy
tests_fuzz_haproxy_SOURCES = tests/fuzz/haproxy.c $(fuzz_main)
tests_fuzz_haproxy_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/mlflow
tests_fuzz_mlflow_SOURCES = tests/fuzz/mlflow.c $(fuzz_main)
tests_fuzz_mlflow_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/ndjson
tests_fuzz_ndjson_SOURCES = tests/fuzz/ndjson.c $(fuzz_main)
tests_fuzz_ndjson_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/oip
tests_fuzz_oip_SOURCES = tests/fuzz/oip.c $(fuzz_main)
tests_fuzz_oip_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/prometheus
tests_fuzz_prometheus_SOURCES = tests/fuzz/prometheus.c $(fuzz_main)
tests_fuzz_prometheus_LDADD = $(fuzz_libs)

fuzz_targets += tests/fuzz/tensors
tests_fuzz_tensors_SOURCES = tests/fuzz/tensors.c $(fuzz_main)
tests_fuzz_tensors_LDADD = $(fuzz_libs)

check_PROGRAMS += $(fuzz_targets)
# A libFuzzer program without arguments never ends, so only the replaying ones are tests.
if !FUZZERS
script_tests += $(fuzz_targets)
endif
