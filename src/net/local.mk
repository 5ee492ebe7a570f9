# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/net/auth.c include/driftop/net/auth.h \
	src/net/gate.c include/driftop/net/gate.h \
	src/net/http.c include/driftop/net/http.h src/net/http_private.h \
	src/net/http_transfer.c \
	src/net/line.c include/driftop/net/line.h \
	src/net/listen.c include/driftop/net/listen.h \
	src/net/msg.c include/driftop/net/msg.h \
	src/net/redact.c \
	src/net/send.c include/driftop/net/send.h

net_world = tests/unit/net/raw_server.c tests/unit/net/raw_server.h tests/unit/net/world.h \
	tests/unit/loop/wait.h
unit_tests += tests/unit/net-http
tests_unit_net_http_SOURCES = tests/unit/net/http.c $(net_world)
tests_unit_net_http_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/net-http-hostile
tests_unit_net_http_hostile_SOURCES = tests/unit/net/http_hostile.c $(net_world)
tests_unit_net_http_hostile_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/net-auth
tests_unit_net_auth_SOURCES = tests/unit/net/auth.c tests/unit/loop/wait.h
tests_unit_net_auth_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/net-haproxy
tests_unit_net_haproxy_SOURCES = tests/unit/net/haproxy.c tests/unit/loop/wait.h
tests_unit_net_haproxy_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/net-listen
tests_unit_net_listen_SOURCES = tests/unit/net/listen.c tests/unit/loop/wait.h
tests_unit_net_listen_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/net-pure
tests_unit_net_pure_SOURCES = tests/unit/net/pure.c
tests_unit_net_pure_LDADD = $(TEST_LDADD)
unit_tests += tests/unit/net-tls
tests_unit_net_tls_SOURCES = tests/unit/net/tls.c $(net_world)
tests_unit_net_tls_LDADD = $(TEST_LDADD)
