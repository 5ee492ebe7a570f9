/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Queries: one file a screen. A query is a plain struct, a loader that fills it from the store, and
 * a JSON writer; views draw the struct, commands print it, and so they can never disagree. Loaders
 * do no network and take one short read each. `now_ms` is handed in; every row carries the time of
 * what it shows, so that ages are counted where they are drawn.
 */
#ifndef DRIFTOP_QUERY_QUERY_H
#define DRIFTOP_QUERY_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "driftop/model/state.h"
#include "driftop/store/read.h"

struct err;
struct json;

/* Severity of anything that is shown: the letter, the word and the colour follow from it. */
enum severity { SEVERITY_OK, SEVERITY_UNKNOWN, SEVERITY_STALE, SEVERITY_TICKET, SEVERITY_PAGE };
const char *severity_word(enum severity s); /* "ok", "unknown", "stale", "ticket", "page" */
/* Exit status of a reading: 0 fine, 1 tickets, 2 pages, 3 unknown or stale. */
int severity_exit(enum severity s);

/* A recorder writes every second; after so long without, nothing it wrote counts as now. */
#define STATUS_QUIET_MS 15000

/* What every screen's first line shows. */
struct status {
    char environment[MODEL_NAME_SIZE];
    char config_hash[16]; /* its first 12 digits */
    int64_t config_at_ms;
    int n_page, n_ticket, n_acked;
    int n_sources, n_sources_ok;
    char worst_source[MODEL_NAME_SIZE]; /* the one with the greatest age among those not ok */
    int64_t worst_age_ms;               /* -1: it never answered */
    bool recording;                     /* somebody holds the recorder's lease */
    bool quiet;         /* nothing was written for STATUS_QUIET_MS: all that is shown is old */
    char recorder[128]; /* who; "" */
    char fault[MODEL_TEXT_SIZE]; /* the recorder's own trouble: "disk full since 03:01:20Z"; "" */
    int64_t written_ms;          /* the last thing the recorder wrote */
    int n_deployments, n_versions;
};
int status_load(struct store *s, int64_t now_ms, struct status *ret, struct err *e);
/* STALE when the recorder is quiet or a source is not ok, else OK; what fires is not in it. */
enum severity status_severity(const struct status *st);

/* One source's: OK, UNKNOWN (not asked yet), STALE (failing, or nothing good came in time). */
enum severity source_severity(const struct source_state *source, const struct status *st,
                              int64_t now_ms);
/* The version gets traffic, or is meant to; where nobody tells shares or rates: rows came within
 * the last 15 minutes. */
bool version_in_service(const struct version_state *v, int64_t now_ms);

#endif
