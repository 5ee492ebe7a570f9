/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/query/triage.h"
#include "member_private.h"

static struct json *line_json(const struct triage_line *line, int64_t now_ms)
{
    struct json *o = json_new_object();

    member_text(o, "severity", severity_word(line->severity));
    member_text(o, "deployment", line->deployment);
    member_text(o, "version", line->version);
    member_text(o, "feature", line->feature);
    member_text(o, "rule", alert_rule_name(line->rule));
    member_text(o, "symptom", line->symptom);
    member_int(o, "alerts", line->n_alerts);
    json_put(o, "alert", line->alert_id ? json_new_int(line->alert_id) : json_new_null());
    member_bool(o, "acknowledged", true, line->acked);
    member_text(o, "acknowledged_by", line->acked_by);
    member_time(o, "since", line->since_ms);
    member_age(o, "since_s", now_ms, line->since_ms);
    member_real(o, "effective_ratio", line->has_share, line->share_ratio);
    member_text(o, "surface",
                line->surface == SURFACE_UNKNOWN ? NULL : surface_word(line->surface));
    member_text(o, "changed", line->changed);
    member_time(o, "changed_at", line->changed_ms);
    return o;
}

struct json *triage_json(const struct triage *t, size_t limit)
{
    struct json *o = query_json("driftop.triage.v1", t->at_ms), *lines = json_new_array();

    json_put(o, "status", status_json(&t->status));
    member_text(o, "severity", severity_word(triage_severity(t)));
    member_int(o, "total", (int64_t)t->n_lines);
    for (size_t i = 0; i < t->n_lines && (!limit || i < limit); i++)
        json_append(lines, line_json(&t->lines[i], t->at_ms));
    json_put(o, "lines", lines);
    return o;
}
