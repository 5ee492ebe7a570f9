/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "versions_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/term/canvas.h"
#include "driftop/term/glyph.h"
#include "driftop/term/style.h"

#define BAR_COLUMNS 10

enum {
    COL_VERSION,
    COL_STAGE,
    COL_BAR,
    COL_IS,
    COL_WANT,
    COL_SEEN,
    COL_RATE,
    COL_ERRORS,
    COL_P50,
    COL_P99,
    COL_READY,
    COL_AGE,
    COL_STATE,
    COL_QUEUE,
    COL_ROWS
};

static const struct table_column columns[] = {
    {"VER", 100, 4, 6, ALIGN_LEFT, false, true},
    {"STAGE", 60, 9, 10, ALIGN_LEFT, false, false},
    {"", 40, BAR_COLUMNS, BAR_COLUMNS, ALIGN_LEFT, false, false},
    {"TRAF", 95, 6, 6, ALIGN_RIGHT, false, false},
    {"SET", 70, 5, 5, ALIGN_RIGHT, false, false},
    {"SEEN", 65, 6, 6, ALIGN_RIGHT, false, false},
    {"rq/s", 90, 5, 5, ALIGN_RIGHT, false, false},
    {"err", 93, 7, 7, ALIGN_RIGHT, false, false},
    {"p50", 30, 7, 7, ALIGN_RIGHT, false, false},
    {"p99", 88, 7, 7, ALIGN_RIGHT, false, false},
    {"READY", 85, 5, 5, ALIGN_LEFT, false, false},
    {"AGE", 89, 4, 4, ALIGN_RIGHT, false, false},
    {"STATE", 25, 6, 10, ALIGN_LEFT, true, false},
    {"QUEUE", 20, 5, 5, ALIGN_RIGHT, false, false},
    {"ROWS", 22, 5, 5, ALIGN_RIGHT, false, false},
};

struct versions {
    const struct fleet_line *line;
    const struct view_frame *frame;
    const struct glyphs *glyphs;
};

static bool is_champion(const struct fleet_line *l, const struct version_state *v)
{
    return l->deployment.champion[0] && strcmp(l->deployment.champion, v->version) == 0;
}

static bool gets_traffic(const struct version_state *v)
{
    return ((v->has & VERSION_DESIRED) && v->desired_ratio > 0) ||
           ((v->has & VERSION_EFFECTIVE) && v->effective_ratio > 0);
}

static void stage_cell(const struct versions *s, const struct version_state *v,
                       struct table_cell *ret)
{
    if (is_champion(s->line, v))
        cell_text(ret, ROLE_CHAMPION, "champion");
    else if (gets_traffic(v))
        cell_text(ret, ROLE_CHALLENGER, "challenger");
    else
        cell_text(ret, ROLE_MUTED, "idle");
}

static void bar_cell(const struct versions *s, const struct version_state *v,
                     struct table_cell *ret)
{
    double ratio = v->has & VERSION_EFFECTIVE ? v->effective_ratio : NAN;
    int full = isnan(ratio) ? 0 : (int)lround(ratio * BAR_COLUMNS);
    size_t used = 0;

    if (!isnan(ratio) && ratio > 0 && full == 0)
        full = 1;
    for (int i = 0; i < BAR_COLUMNS && s->glyphs; i++) {
        const char *g = s->glyphs->glyph[i < full ? GLYPH_BAR_FULL : GLYPH_BAR_EMPTY];
        used += (size_t)snprintf(ret->text + used, sizeof ret->text - used, "%s", g);
    }
    ret->style = is_champion(s->line, v) ? ROLE_CHAMPION : ROLE_CHALLENGER;
}

/* NaN where the bit is not set. */
static double known(const struct version_state *v, unsigned bit, double value)
{
    return v->has & bit ? value : NAN;
}

static void share_cell(const struct versions *s, const struct version_state *v, int column,
                       struct table_cell *ret)
{
    double ratio = column == COL_IS     ? known(v, VERSION_EFFECTIVE, v->effective_ratio)
                   : column == COL_WANT ? known(v, VERSION_DESIRED, v->desired_ratio)
                                        : known(v, VERSION_OBSERVED, v->observed_ratio);
    char text[FORMAT_SIZE];

    cell_number(ret, s->frame, v->traffic_at_ms, format_share(ratio, text));
}

/* Beyond the last finite bucket p99 is a lower bound. */
static void p99_cell(const struct versions *s, const struct version_state *v,
                     struct table_cell *ret)
{
    char text[FORMAT_SIZE], over[FORMAT_SIZE + 1];
    bool is_over = (v->has & VERSION_P99) && (v->has & VERSION_P99_OVER);

    format_latency(known(v, VERSION_P99, v->latency_p99_s), text);
    snprintf(over, sizeof over, "%s%s", is_over ? ">" : "", text);
    cell_number(ret, s->frame, v->metrics_at_ms, over);
}

static void metric_cell(const struct versions *s, const struct version_state *v, int column,
                        struct table_cell *ret)
{
    char t[FORMAT_SIZE];

    switch (column) {
    case COL_RATE: format_rate(known(v, VERSION_RATE, v->request_rate), t); break;
    case COL_ERRORS: format_percent(known(v, VERSION_ERRORS, v->error_ratio), t); break;
    case COL_P50: format_latency(known(v, VERSION_P50, v->latency_p50_s), t); break;
    case COL_QUEUE: format_count(v->has & VERSION_QUEUE ? (int64_t)v->queue : -1, t); break;
    default: format_count((int64_t)v->rows_total, t); break;
    }
    cell_number(ret, s->frame, column == COL_ROWS ? v->rows_at_ms : v->metrics_at_ms, t);
}

static void ready_cell(const struct versions *s, const struct version_state *v,
                       struct table_cell *ret)
{
    if (!(v->has & VERSION_READY))
        cell_text(ret, ROLE_UNKNOWN, "?");
    else if (is_stale(s->frame, v->ready_at_ms))
        cell_text(ret, ROLE_STALE, v->ready ? "~yes" : "~NO");
    else
        cell_text(ret, v->ready ? ROLE_OK : ROLE_PAGE, v->ready ? "yes" : "NO");
}

static int64_t oldest_ms(const struct version_state *v)
{
    const int64_t times[] = {v->ready_at_ms, v->traffic_at_ms, v->metrics_at_ms};
    int64_t oldest = 0;

    for (size_t i = 0; i < 3; i++)
        if (times[i] && (!oldest || times[i] < oldest))
            oldest = times[i];
    return oldest;
}

static void cell(const void *context, int row, int column, struct table_cell *ret)
{
    const struct versions *s = context;
    const struct version_state *v = &s->line->versions[row];
    char text[MODEL_NAME_SIZE + 1];

    switch (column) {
    case COL_VERSION:
        cell_text(ret, is_champion(s->line, v) ? ROLE_CHAMPION : ROLE_TEXT,
                  version_text(v->version, text));
        break;
    case COL_STAGE: stage_cell(s, v, ret); break;
    case COL_BAR: bar_cell(s, v, ret); break;
    case COL_IS:
    case COL_WANT:
    case COL_SEEN: share_cell(s, v, column, ret); break;
    case COL_P99: p99_cell(s, v, ret); break;
    case COL_READY: ready_cell(s, v, ret); break;
    case COL_AGE:
        cell_text(ret, is_stale(s->frame, oldest_ms(v)) ? ROLE_STALE : ROLE_TEXT,
                  age_text(s->frame->now_ms, oldest_ms(v), text));
        break;
    case COL_STATE: cell_text(ret, ROLE_MUTED, or_dash(v->state)); break;
    default: metric_cell(s, v, column, ret); break;
    }
}

static struct table make_table(const struct versions *s)
{
    return (struct table){
        .columns = columns,
        .n_columns = sizeof columns / sizeof *columns,
        .n_rows = (int)s->line->n_versions,
        .sort_column = -1,
        .empty_text = "no version is known yet",
        .cell = cell,
        .context = s,
    };
}

void versions_draw(struct canvas *c, struct rect area, const struct fleet_line *line,
                   struct table_state *state, const struct view_frame *frame)
{
    struct versions s = {line, frame, canvas_glyphs(c)};
    struct table table = make_table(&s);
    struct table_state none = {.selected = -1};

    table_draw(c, area, &table, state ? state : &none);
}

bool versions_key(const struct fleet_line *line, struct table_state *state, const struct key *key,
                  const struct view_frame *frame)
{
    struct versions s = {line, frame, NULL};
    struct table table = make_table(&s);
    return table_key(&table, state, key);
}

/* "error ratio     4.10%   failed / all requests of the last minute; 12 s old; SOURCE" */
static void add(struct str *ret, const struct view_frame *f, const char *name, const char *value,
                const char *formula, int64_t at_ms)
{
    char age[FORMAT_SIZE];
    if (at_ms <= 0)
        str_addf(ret, "%-14s %8s  %s; never read\n", name, value, formula);
    else
        str_addf(ret, "%-14s %8s  %s; read %s ago%s\n", name, value, formula,
                 age_text(f->now_ms, at_ms, age), is_stale(f, at_ms) ? ", STALE" : "");
}

void versions_detail(const struct fleet_line *line, int row, const struct view_frame *f,
                     struct str *ret)
{
    char t[FORMAT_SIZE], low[FORMAT_SIZE], high[FORMAT_SIZE], note[160];
    char name[MODEL_NAME_SIZE + 1];

    if (row < 0 || row >= (int)line->n_versions)
        return;
    const struct version_state *v = &line->versions[row];
    bool p99 = v->has & VERSION_P99, ready = v->has & VERSION_READY;
    str_addf(ret, "%s %s, target %s\n\n", line->deployment.name, version_text(v->version, name),
             or_dash(v->target));
    add(ret, f, "set", format_share(known(v, VERSION_DESIRED, v->desired_ratio), t),
        "its weight / all weights in the splitter", v->traffic_at_ms);
    add(ret, f, "traffic", format_share(known(v, VERSION_EFFECTIVE, v->effective_ratio), t),
        "the same over the targets that are up", v->traffic_at_ms);
    add(ret, f, "seen", format_share(known(v, VERSION_OBSERVED, v->observed_ratio), t),
        "its requests / all requests by the splitter's counters", v->traffic_at_ms);
    add(ret, f, "requests", format_rate(known(v, VERSION_RATE, v->request_rate), t),
        "per second, from the server's counter between two readings", v->metrics_at_ms);
    snprintf(note, sizeof note, "failed / all; n = %.0f in the last minute",
             v->has & VERSION_RATE ? v->requests_minute : 0);
    add(ret, f, "error ratio", format_percent(known(v, VERSION_ERRORS, v->error_ratio), t), note,
        v->metrics_at_ms);
    add(ret, f, "p50", format_latency(known(v, VERSION_P50, v->latency_p50_s), t),
        "interpolated in the histogram's bucket", v->metrics_at_ms);
    snprintf(note, sizeof note, "lies in the bucket %s to %s",
             format_latency(known(v, VERSION_P99, v->latency_p99_low_s), low),
             format_latency(known(v, VERSION_P99, v->latency_p99_high_s), high));
    add(ret, f, "p99", format_latency(known(v, VERSION_P99, v->latency_p99_s), t),
        p99 ? note : "the server gives no histogram", v->metrics_at_ms);
    add(ret, f, "ready",
        !ready     ? "?"
        : v->ready ? "yes"
                   : "NO",
        v->state[0] ? v->state : "by the server's own word", v->ready_at_ms);
    add(ret, f, "rows", format_count_long((int64_t)v->rows_total, t),
        "feature rows counted since the store began", v->rows_at_ms);
}
