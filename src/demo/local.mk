# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/demo/catalog.c include/driftop/demo/catalog.h \
	src/demo/delivery.c include/driftop/demo/delivery.h \
	src/demo/fleet.c src/demo/manifest.c src/demo/traffic.c include/driftop/demo/fleet.h \
	src/demo/population.c include/driftop/demo/population.h \
	src/demo/random.c include/driftop/demo/random.h \
	src/demo/registry.c src/demo/registry_http.c src/demo/registry_http.h \
	include/driftop/demo/registry.h \
	src/demo/rows.c include/driftop/demo/rows.h \
	src/demo/script.c include/driftop/demo/script.h \
	src/demo/server.c include/driftop/demo/server.h \
	src/demo/splitter.c include/driftop/demo/splitter.h \
	src/demo/splitter_cli.c src/demo/splitter_socket.c include/driftop/demo/splitter_cli.h \
	src/demo/splitter_show.c include/driftop/demo/splitter_show.h

pkglibexec_PROGRAMS += driftop-fleet
driftop_fleet_SOURCES = src/demo/main.c

unit_tests += tests/unit/demo-splitter
tests_unit_demo_splitter_SOURCES = tests/unit/demo/splitter.c tests/unit/demo/dialogue.c \
	tests/unit/demo/dialogue.h
tests_unit_demo_splitter_LDADD = $(TEST_LDADD)

splitter_cases = tests/fixtures/splitter
EXTRA_DIST += $(splitter_cases)/README.txt $(splitter_cases)/joined.txt \
	$(splitter_cases)/prompt.txt $(splitter_cases)/severity.txt $(splitter_cases)/show.txt \
	$(splitter_cases)/stat.txt $(splitter_cases)/state.txt $(splitter_cases)/unknown.txt \
	$(splitter_cases)/weight.txt $(splitter_cases)/weight-errors.txt \
	$(splitter_cases)/weight-percent.txt

unit_tests += tests/unit/demo-delivery
tests_unit_demo_delivery_SOURCES = tests/unit/demo/delivery.c
tests_unit_demo_delivery_LDADD = $(TEST_LDADD)

unit_tests += tests/unit/demo-population
tests_unit_demo_population_SOURCES = tests/unit/demo/population.c
tests_unit_demo_population_LDADD = $(TEST_LDADD)

fleet_tests = tests/e2e/demo.py tests/e2e/fleet.py
script_tests += $(fleet_tests)
EXTRA_DIST += $(fleet_tests)
