# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/act/access.c include/driftop/act/access.h \
	src/act/act.c src/act/act_audit.c src/act/act_send.c src/act/act_watch.c \
	src/act/act_private.h include/driftop/act/act.h \
	src/act/phase.c include/driftop/act/phase.h \
	src/act/plan.c src/act/plan_text.c include/driftop/act/plan.h \
	src/act/shares.c include/driftop/act/shares.h \
	src/act/verify.c include/driftop/act/verify.h \
	src/act/world.c src/act/world_read.c include/driftop/act/world.h

unit_tests += tests/unit/act-act
tests_unit_act_act_SOURCES = tests/unit/act/act.c tests/unit/act/attempt.h tests/unit/act/fleet.h
tests_unit_act_act_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/act-plan
tests_unit_act_plan_SOURCES = tests/unit/act/plan.c tests/unit/act/fleet.h
tests_unit_act_plan_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/act-undo
tests_unit_act_undo_SOURCES = tests/unit/act/undo.c tests/unit/act/attempt.h tests/unit/act/fleet.h
tests_unit_act_undo_LDADD = $(TEST_LDADD)
