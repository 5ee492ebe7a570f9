# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/check-layers sees each kind of wrong include."""
from broken_tree import fails, passes

TOOL = "check-layers"


def include(header):
    return f"/* one\n * two */\n#include {header}\n"


passes(TOOL)
passes(TOOL, "src/adapt/server/oip.c", include('"driftop/net/msg.h"'))
passes(TOOL, "src/query/drift.c", include('"driftop/store/read_drift.h"'))
passes(TOOL, "src/app/main.c", include('"config.h"'))
passes(TOOL, "src/net/line.c", '/*\n#include "driftop/store/db.h"\n*/\n')
passes(TOOL, "src/stats/ks.c", include("<gsl/gsl_cdf.h>"))

fails(TOOL, "src/base/map.c", include('"driftop/loop/timer.h"'), 3, "base must not include")
fails(TOOL, "include/driftop/wire/csv.h", include('"driftop/net/msg.h"'), 3, "wire must not include")
fails(TOOL, "src/adapt/server/oip.c", include('"driftop/net/http.h"'), 3, "adapt must not include")
fails(TOOL, "src/cmd/ls.c", include('"driftop/view/view.h"'), 3, "cmd must not include")
fails(TOOL, "src/app/main.c", include('"driftop/demo/fleet.h"'), 3, "app must not include")
fails(TOOL, "src/base/map.c", include("  <jansson.h>"), 3, "jansson")
fails(TOOL, "src/net/line.c", include("<curl/curl.h>"), 3, "libcurl")
fails(TOOL, "src/record/poll.c", include("<uv.h>"), 3, "libuv")
fails(TOOL, "include/driftop/loop/loop.h", include("<uv.h>"), 3, "libuv")
fails(TOOL, "src/view/fleet.c", include("<ncursesw/curses.h>"), 3, "curses")
fails(TOOL, "src/query/fleet.c", include("<sqlite3.h>"), 3, "sqlite")
fails(TOOL, "src/net/line.c", include('"../base/utf8_private.h"'), 3, "not a header of net")
fails(TOOL, "src/extra/new.c", include('"driftop/base/str.h"'), 3, "not in the table")
