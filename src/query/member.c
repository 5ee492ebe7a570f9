/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "member_private.h"

#include "driftop/base/clock.h"

struct json *query_json(const char *schema, int64_t at_ms)
{
    struct json *o = json_new_object();
    json_put(o, "schema", json_new_text(schema));
    member_time(o, "at", at_ms);
    return o;
}

void member_text(struct json *o, const char *key, const char *text)
{
    json_put(o, key, json_new_text(text && text[0] ? text : NULL));
}

void member_time(struct json *o, const char *key, int64_t at_ms)
{
    char text[CLOCK_TEXT_SIZE];
    json_put(o, key, at_ms > 0 ? json_new_text(clock_format_ms(at_ms, text)) : json_new_null());
}

void member_real(struct json *o, const char *key, bool has, double number)
{
    json_put(o, key, has ? json_new_real(number) : json_new_null());
}

void member_int(struct json *o, const char *key, int64_t number)
{
    json_put(o, key, json_new_int(number));
}

void member_bool(struct json *o, const char *key, bool has, bool value)
{
    json_put(o, key, has ? json_new_bool(value) : json_new_null());
}

void member_age(struct json *o, const char *key, int64_t now_ms, int64_t at_ms)
{
    member_real(o, key, at_ms > 0, (double)(now_ms - at_ms) / 1000);
}

struct json *status_json(const struct status *st)
{
    struct json *o = json_new_object(), *config = json_new_object();
    struct json *sources = json_new_object(), *recorder = json_new_object();

    member_text(config, "hash", st->config_hash);
    member_time(config, "at", st->config_at_ms);
    member_int(sources, "ok", st->n_sources_ok);
    member_int(sources, "all", st->n_sources);
    member_text(sources, "worst", st->worst_source);
    member_real(sources, "worst_age_s", st->worst_source[0] && st->worst_age_ms >= 0,
                (double)st->worst_age_ms / 1000);
    member_bool(recorder, "recording", true, st->recording);
    member_text(recorder, "who", st->recorder);
    member_time(recorder, "written_at", st->written_ms);
    member_bool(recorder, "quiet", true, st->quiet);
    member_text(recorder, "fault", st->fault);

    member_text(o, "environment", st->environment);
    json_put(o, "config", config);
    member_int(o, "pages", st->n_page);
    member_int(o, "tickets", st->n_ticket);
    member_int(o, "acknowledged", st->n_acked);
    json_put(o, "sources", sources);
    json_put(o, "recorder", recorder);
    return o;
}

struct json *alert_json(const struct alert_state *a)
{
    struct json *o = json_new_object();

    member_int(o, "id", a->id);
    member_text(o, "deployment", a->deployment);
    member_text(o, "version", a->version);
    member_text(o, "feature", a->feature);
    member_text(o, "rule", alert_rule_name(a->rule));
    member_text(o, "severity", alert_severity_name(a->severity));
    member_text(o, "phase", alert_phase_name(a->phase));
    member_text(o, "summary", a->summary);
    member_real(o, "value", true, a->value);
    member_real(o, "threshold", true, a->threshold);
    member_time(o, "since", a->since_ms);
    member_time(o, "fired_at", a->fired_ms);
    member_time(o, "resolved_at", a->resolved_ms);
    member_text(o, "resolution", a->resolution);
    member_text(o, "acknowledged_by", a->acked_by);
    member_time(o, "acknowledged_at", a->acked_ms);
    member_text(o, "note", a->note);
    return o;
}
