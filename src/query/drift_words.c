/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/query/drift.h"

#define DAY_MS (24 * INT64_C(3600000))

/* What is known from the rates: by how many points of the rows. */
static void rate_text(const struct shape *shape, const char *value, char *buf, size_t size)
{
    static const char *const rates[] = {[SHAPE_MISSING] = "missing",
                                        [SHAPE_INVALID] = "unreadable",
                                        [SHAPE_NEW_VALUE] = "new values",
                                        [SHAPE_OUT_OF_RANGE] = "out of range"};

    if (shape->kind == SHAPE_NEW_VALUE && value[0])
        snprintf(buf, size, "new %s %+.0f%%", value, shape->by * 100);
    else
        snprintf(buf, size, "%s %+.2g%%", rates[shape->kind], shape->by * 100);
}

char *drift_shape_text(const struct shape *shape, const char *value, char *buf, size_t size)
{
    double by = shape->by;

    /* Of a kind that nobody knows nothing is said: it may come from a damaged store. */
    str_copy(buf, size, "");
    switch (shape->kind) {
    case SHAPE_NONE: break;
    case SHAPE_OTHER: str_copy(buf, size, "no simple shape"); break;
    case SHAPE_FROZEN:
        if (isfinite(by))
            snprintf(buf, size, "frozen at %.6g", by);
        else
            str_copy(buf, size, "frozen");
        break;
    case SHAPE_SENTINEL: snprintf(buf, size, "sentinel %.6g", by); break;
    case SHAPE_CLIPPED: snprintf(buf, size, "clipped at %.4g", by); break;
    case SHAPE_HOURS: snprintf(buf, size, "hours %+g", by); break;
    case SHAPE_SCALE: snprintf(buf, size, "scale x%.3g", by); break;
    case SHAPE_SHIFT: snprintf(buf, size, "shift %+.3g", by); break;
    case SHAPE_NEW_VALUE:
    case SHAPE_MISSING:
    case SHAPE_INVALID:
    case SHAPE_OUT_OF_RANGE: rate_text(shape, value, buf, size); break;
    }
    return buf;
}

char *drift_onset_text(int64_t onset_ms, int64_t width_ms, int64_t now_ms, char *buf, size_t size)
{
    char at[CLOCK_TEXT_SIZE];
    long minutes = (long)(width_ms / 60000);

    if (!onset_ms)
        return str_copy(buf, size, ""), buf;
    clock_format_ms(onset_ms, at);
    /* "2026-11-21T02:47:00.000Z": the day only when it was another one. */
    const char *from = now_ms - onset_ms < DAY_MS ? at + 11 : at;
    int length = from == at ? 16 : 5;
    if (minutes >= 60)
        snprintf(buf, size, "%.*sZ +-%ldh", length, from, minutes / 60);
    else
        snprintf(buf, size, "%.*sZ +-%ldm", length, from, minutes);
    return buf;
}
