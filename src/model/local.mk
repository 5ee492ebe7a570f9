# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/model/counters.c src/model/counters_private.h \
	src/model/drift.c include/driftop/model/drift.h \
	src/model/fleet.c include/driftop/model/fleet.h src/model/fleet_private.h \
	src/model/fleet_observe.c \
	src/model/fleet_refresh.c \
	src/model/fleet_shares.c \
	src/model/ground.c include/driftop/model/ground.h \
	src/model/latency.c src/model/latency_private.h \
	src/model/observation.c include/driftop/model/observation.h \
	src/model/series.c include/driftop/model/series.h \
	src/model/state.c include/driftop/model/state.h

unit_tests += tests/unit/model-fleet
tests_unit_model_fleet_SOURCES = tests/unit/model/fleet.c
tests_unit_model_fleet_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/model-series
tests_unit_model_series_SOURCES = tests/unit/model/series.c
tests_unit_model_series_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/model-drift
tests_unit_model_drift_SOURCES = tests/unit/model/drift.c
tests_unit_model_drift_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/model-state
tests_unit_model_state_SOURCES = tests/unit/model/state.c
tests_unit_model_state_LDADD = $(TEST_LDADD)
