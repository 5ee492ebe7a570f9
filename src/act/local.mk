# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += src/act/access.c include/driftop/act/access.h
