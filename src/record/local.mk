# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/record/courier.c src/record/courier_send.c src/record/courier_private.h \
	include/driftop/record/courier.h \
	src/record/flush.c src/record/look.c src/record/setup.c src/record/recorder_private.h \
	src/record/drift_watch.c include/driftop/record/drift_watch.h \
	src/record/follow.c src/record/follow_scan.c src/record/follow_private.h \
	include/driftop/record/follow.h \
	src/record/flow.c src/record/flow.h \
	src/record/ingest.c include/driftop/record/ingest.h \
	src/record/judge.c src/record/judge_note.c src/record/judge_private.h include/driftop/record/judge.h \
	src/record/poll.c include/driftop/record/poll.h \
	src/record/recorder.c include/driftop/record/recorder.h \
	src/record/reference.c include/driftop/record/reference.h \
	src/record/rules.c include/driftop/record/rules.h \
	src/record/sink.c src/record/pairs.c src/record/pairs.h \
	src/record/spool.c src/record/spool.h include/driftop/record/sink.h \
	src/record/trace.c include/driftop/record/trace.h \
	src/record/watch.c src/record/watch.h

unit_tests += tests/unit/record-judge
tests_unit_record_judge_SOURCES = tests/unit/record/judge.c
tests_unit_record_judge_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-flow
tests_unit_record_flow_SOURCES = tests/unit/record/flow.c
tests_unit_record_flow_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-pairs
tests_unit_record_pairs_SOURCES = tests/unit/record/pairs.c
tests_unit_record_pairs_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-poll
tests_unit_record_poll_SOURCES = tests/unit/record/poll.c tests/unit/net/raw_server.c \
	tests/unit/net/raw_server.h
tests_unit_record_poll_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-spool
tests_unit_record_spool_SOURCES = tests/unit/record/spool.c
tests_unit_record_spool_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-recorder
tests_unit_record_recorder_SOURCES = tests/unit/record/recorder.c tests/unit/act/fleet.h
tests_unit_record_recorder_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-courier
tests_unit_record_courier_SOURCES = tests/unit/record/courier.c
tests_unit_record_courier_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-reference
tests_unit_record_reference_SOURCES = tests/unit/record/reference.c
tests_unit_record_reference_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-judge-anew
tests_unit_record_judge_anew_SOURCES = tests/unit/record/judge_anew.c
tests_unit_record_judge_anew_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/record-follow
tests_unit_record_follow_SOURCES = tests/unit/record/follow.c
tests_unit_record_follow_LDADD = $(TEST_LDADD)
