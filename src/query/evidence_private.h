/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is known of one deployment that helps to say where a fault sits and whether a rollback would
 * help: what its versions show on the same minutes, and what was changed before. Facts only; words
 * are made of them in surface.c and preview.c.
 */
#ifndef DRIFTOP_QUERY_EVIDENCE_PRIVATE_H
#define DRIFTOP_QUERY_EVIDENCE_PRIVATE_H

#include "drift_private.h"
#include "driftop/query/triage.h"
#include "snapshot_private.h"

/* Below this many requests a minute an error ratio proves nothing. */
#define EVIDENCE_REQUESTS   50
#define EVIDENCE_CHANGES    32
#define EVIDENCE_REACH_MS   (6 * 3600000LL) /* how far back changes of traffic are looked for */
#define EVIDENCE_AUDIT_SIZE ((size_t)64 << 10)

/* One version's side of it. */
struct witness {
    const struct version_state *v;
    bool in_service, judged; /* judged: enough rows for a verdict, and not old */
    struct summaries drift;
    struct drift_note *notes; /* of what drifts */
    size_t n_notes;
    size_t n_inputs, n_drifting, n_broken; /* broken: missing, unreadable or never seen values */
    size_t n_own; /* of those that drift: another version is well in the same minutes */
    bool has_score;
    enum severity score;             /* of the prediction column */
    bool errors, latency, not_ready; /* firing alerts */
    int n_pages;
};

enum change_kind { CHANGE_TRAFFIC, CHANGE_ALIAS, CHANGE_ACT };

struct change {
    enum change_kind kind;
    int64_t at_ms;
    char version[MODEL_NAME_SIZE]; /* of CHANGE_TRAFFIC */
    bool rises;
    char text[128]; /* "v42 25>75%", "alias 41>42", "rollback by ann" */
    char brief[40]; /* "v42>75%", "alias>42", "rollback" */
};

struct evidence {
    const struct snapshot *sn; /* borrowed */
    const struct deployment_state *d;
    struct layout *layout; /* names only; NULL: none */
    int prediction;        /* the score's place in it; -1 */
    struct witness *witnesses;
    size_t n_witnesses;
    struct change changes[EVIDENCE_CHANGES]; /* latest first */
    size_t n_changes;
    int64_t traffic_from_ms; /* since when shares are on record; 0: not at all */
};

int evidence_load(struct store *s, const struct snapshot *sn, const struct deployment_state *d,
                  struct evidence *ret, struct err *e);
void evidence_done(struct evidence *ev);
/* NULL when the version is not known. */
const struct witness *evidence_of(const struct evidence *ev, const char *version);
/* How many inputs that drift on `w` drift on another judged version in service, too. */
size_t evidence_shared(const struct evidence *ev, const struct witness *w);
/* When it began: of drift, where its counts changed, and not when they had changed enough for an alert;
 * *ret_width_ms is how long the bucket is in which it did, 0 where it is the alert's own time. */
int64_t evidence_onset(const struct evidence *ev, const struct triage_line *line,
                       int64_t *ret_width_ms);
/* The latest change before (or just about) onset_ms, that of `version` first; NULL: none. */
const struct change *evidence_change(const struct evidence *ev, const char *version,
                                     int64_t onset_ms);

/* The rule of the surface, and in words what decided it. */
enum surface surface_of(const struct evidence *ev, const struct triage_line *line, char *buf,
                        size_t size);

/* "v42" for a number, else the name itself. Returns buf. */
#define VERSION_LABEL_SIZE (MODEL_NAME_SIZE + 1)
char *version_label(const char *version, char buf[VERSION_LABEL_SIZE]);

/* changes.c: fills changes, sorted. */
int evidence_changes(struct store *s, struct evidence *ev, struct err *e);

#endif
