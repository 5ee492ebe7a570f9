# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/alert/alert.c include/driftop/alert/alert.h \
	src/alert/engine.c include/driftop/alert/engine.h \
	src/alert/rule.c include/driftop/alert/rule.h

unit_tests += tests/unit/alert-engine
tests_unit_alert_engine_SOURCES = tests/unit/alert/engine.c
tests_unit_alert_engine_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/alert-rule
tests_unit_alert_rule_SOURCES = tests/unit/alert/rule.c
tests_unit_alert_rule_LDADD = $(TEST_LDADD)
