# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/loop/child.h \
	include/driftop/loop/fd.h \
	include/driftop/loop/file.h \
	include/driftop/loop/id.h \
	include/driftop/loop/loop.h \
	include/driftop/loop/signal.h \
	include/driftop/loop/stream.h \
	include/driftop/loop/stream_server.h \
	include/driftop/loop/timer.h \
	include/driftop/loop/work.h
