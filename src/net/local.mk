# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	include/driftop/net/auth.h \
	include/driftop/net/gate.h \
	include/driftop/net/http.h \
	include/driftop/net/line.h \
	include/driftop/net/listen.h \
	include/driftop/net/msg.h \
	include/driftop/net/send.h
