# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/loop/address.c include/driftop/loop/address.h \
	src/loop/child.c include/driftop/loop/child.h src/loop/child_private.h \
	src/loop/child_detach.c \
	src/loop/fd.c include/driftop/loop/fd.h \
	src/loop/file.c include/driftop/loop/file.h \
	src/loop/id.c include/driftop/loop/id.h \
	src/loop/loop.c include/driftop/loop/loop.h src/loop/loop_private.h \
	src/loop/signal.c include/driftop/loop/signal.h \
	src/loop/stream.c include/driftop/loop/stream.h \
	src/loop/stream_server.c include/driftop/loop/stream_server.h \
	src/loop/timer.c include/driftop/loop/timer.h \
	src/loop/work.c include/driftop/loop/work.h

unit_tests += tests/unit/loop-child
tests_unit_loop_child_SOURCES = tests/unit/loop/child.c tests/unit/loop/wait.h
tests_unit_loop_child_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/loop-stream
tests_unit_loop_stream_SOURCES = tests/unit/loop/stream.c tests/unit/loop/wait.h
tests_unit_loop_stream_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/loop-timer
tests_unit_loop_timer_SOURCES = tests/unit/loop/timer.c
tests_unit_loop_timer_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/loop-watch
tests_unit_loop_watch_SOURCES = tests/unit/loop/watch.c tests/unit/loop/wait.h
tests_unit_loop_watch_LDADD = $(TEST_LDADD)
