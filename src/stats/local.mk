# SPDX-License-Identifier: GPL-3.0-or-later
libdriftop_a_SOURCES += \
	src/stats/codebook.c include/driftop/stats/codebook.h src/stats/codebook_private.h \
	src/stats/codebook_code.c \
	src/stats/codebook_label.c \
	src/stats/codebook_number.c \
	src/stats/codebook_text.c \
	src/stats/divergence.c include/driftop/stats/divergence.h \
	src/stats/feature.c include/driftop/stats/feature.h src/stats/feature_private.h \
	src/stats/feature_columns.c \
	src/stats/ks.c include/driftop/stats/ks.h \
	src/stats/ks_law.c include/driftop/stats/ks_law.h src/stats/ks_law_private.h \
	src/stats/ks_one_sample.c \
	src/stats/quantile.c include/driftop/stats/quantile.h \
	src/stats/rank.c include/driftop/stats/rank.h \
	src/stats/rate.c include/driftop/stats/rate.h \
	src/stats/verdict.c include/driftop/stats/verdict.h src/stats/verdict_private.h \
	src/stats/window.c include/driftop/stats/window.h src/stats/window_private.h \
	src/stats/window_pack.c include/driftop/stats/window_pack.h
