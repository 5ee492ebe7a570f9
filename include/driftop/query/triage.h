/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Triage: what is wrong now, worst first, and for the chosen line the answers a paged engineer
 * needs (INTERFACE 2, view 1). Firing alerts of one deployment, version and rule that differ only in
 * the feature make one line.
 */
#ifndef DRIFTOP_QUERY_TRIAGE_H
#define DRIFTOP_QUERY_TRIAGE_H

#include "driftop/query/query.h"

enum surface { SURFACE_UNKNOWN, SURFACE_DATA, SURFACE_MODEL, SURFACE_SERVING, SURFACE_MIXED };
const char *surface_word(enum surface s); /* "DATA", ... "?" */

struct triage_line {
    enum severity severity;
    bool acked;
    char acked_by[MODEL_NAME_SIZE];
    char deployment[MODEL_NAME_SIZE], version[MODEL_NAME_SIZE], feature[MODEL_NAME_SIZE];
    char owner[MODEL_NAME_SIZE];
    enum alert_rule rule;
    char symptom[MODEL_TEXT_SIZE]; /* "errors 12 % > 5 %", "device_os PSI .41 (+2 features)" */
    int n_alerts;                  /* grouped in this line */
    int64_t alert_id, since_ms;
    bool has_share;
    double share_ratio; /* effective traffic of the version */
    enum surface surface;
    char changed[64];       /* "v42 > 75% 21m", "alias 41 > 42 3h", "none found" */
    char changed_brief[48]; /* the same for a column: "v42>75% 21m" */
    int64_t changed_ms;
};

/* The preview: seven answers, each one line, already in words; "" where nothing is known. */
struct triage_preview {
    char deployment[MODEL_NAME_SIZE], owner[MODEL_NAME_SIZE], runbook[MODEL_TEXT_SIZE];
    char champion[MODEL_NAME_SIZE];
    char real[MODEL_TEXT_SIZE], who[MODEL_TEXT_SIZE], surface[MODEL_TEXT_SIZE];
    char changed[MODEL_TEXT_SIZE], rollback[MODEL_TEXT_SIZE], safe[MODEL_TEXT_SIZE];
    char tried[MODEL_TEXT_SIZE], verdict[MODEL_TEXT_SIZE];
    char rollback_to[MODEL_NAME_SIZE]; /* the version a rollback would choose; "" none */
};

struct triage {
    int64_t at_ms;
    struct status status;
    struct triage_line *lines;
    size_t n_lines;
};

int triage_load(struct store *s, int64_t now_ms, struct triage *ret, struct err *e);
void triage_done(struct triage *t);
int triage_preview_load(struct store *s, int64_t now_ms, const struct triage_line *line,
                        struct triage_preview *ret, struct err *e);
struct json *triage_json(const struct triage *t, size_t limit);
enum severity triage_severity(const struct triage *t);

#endif
