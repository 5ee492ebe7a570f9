# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/compare/bars.c \
	src/compare/compare.c include/driftop/compare/compare.h \
	src/compare/input.c src/compare/input_private.h src/compare/input_part_private.h \
	src/compare/input_csv.c \
	src/compare/input_json.c \
	src/compare/join.c \
	src/compare/json.c include/driftop/compare/print.h \
	src/compare/judge.c src/compare/judge_private.h \
	src/compare/numbers.c src/compare/numbers_private.h \
	src/compare/text.c \
	src/compare/html.c src/compare/html_feature.c src/compare/html_private.h \
	src/compare/read.c src/compare/read_private.h \
	src/compare/spool.c src/compare/spool_private.h \
	src/compare/table.c src/compare/table_private.h \
	src/compare/text_stream.c src/compare/text_run_private.h \
	src/compare/words.c src/compare/words_private.h \
	src/compare/texts.c src/compare/texts_private.h
