# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += driftop
driftop_SOURCES = src/app/main.c
