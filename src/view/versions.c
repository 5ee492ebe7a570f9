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

static void number_cell(const struct versions *s, const struct version_state *v, int column,
                        struct table_cell *ret)
{
    const struct view_frame *f = s->frame;
    char t[FORMAT_SIZE];
    unsigned has = v->has;

    switch (column) {
    case COL_IS: format_share(has & VERSION_EFFECTIVE ? v->effective_ratio : NAN, t); break;
    case COL_WANT: format_share(has & VERSION_DESIRED ? v->desired_ratio : NAN, t); break;
    case COL_SEEN: format_share(has & VERSION_OBSERVED ? v->observed_ratio : NAN, t); break;
    case COL_RATE: format_rate(has & VERSION_RATE ? v->request_rate : NAN, t); break;
    case COL_ERRORS: format_percent(has & VERSION_ERRORS ? v->error_ratio : NAN, t); break;
    case COL_P50: format_latency(has & VERSION_P50 ? v->latency_p50_s : NAN, t); break;
    case COL_P99: format_latency(has & VERSION_P99 ? v->latency_p99_s : NAN, t); break;
    case COL_QUEUE: format_count(has & VERSION_QUEUE ? (int64_t)v->queue : -1, t); break;
    default: format_count((int64_t)v->rows_total, t); break;
    }
    bool traffic = column == COL_IS || column == COL_WANT || column == COL_SEEN;
    int64_t at_ms = column == COL_ROWS ? v->rows_at_ms
                    : traffic          ? v->traffic_at_ms
                                       : v->metrics_at_ms;
    cell_number(ret, f, at_ms, t);
    /* Beyond the last finite bucket it is a lower bound. */
    if (column == COL_P99 && (has & VERSION_P99) && (has & VERSION_P99_OVER)) {
        char over[FORMAT_SIZE + 1];
        snprintf(over, sizeof over, ">%s", t);
        cell_number(ret, f, at_ms, over);
    }
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
    case COL_READY:
        if (is_stale(s->frame, v->ready_at_ms))
            cell_text(ret, ROLE_STALE, v->ready ? "~yes" : "~NO");
        else
            cell_text(ret,
                      !(v->has & VERSION_READY) ? ROLE_UNKNOWN
                      : v->ready                ? ROLE_OK
                                                : ROLE_PAGE,
                      !(v->has & VERSION_READY) ? "?"
                      : v->ready                ? "yes"
                                                : "NO");
        break;
    case COL_AGE:
        cell_text(ret, is_stale(s->frame, oldest_ms(v)) ? ROLE_STALE : ROLE_TEXT,
                  age_text(s->frame->now_ms, oldest_ms(v), text));
        break;
    case COL_STATE: cell_text(ret, ROLE_MUTED, v->state[0] ? v->state : "-"); break;
    default: number_cell(s, v, column, ret); break;
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
    unsigned has = v->has;
    str_addf(ret, "%s %s, target %s\n\n", line->deployment.name, version_text(v->version, name),
             v->target[0] ? v->target : "-");
    add(ret, f, "set", format_share(has & VERSION_DESIRED ? v->desired_ratio : NAN, t),
        "its weight / all weights in the splitter", v->traffic_at_ms);
    add(ret, f, "traffic", format_share(has & VERSION_EFFECTIVE ? v->effective_ratio : NAN, t),
        "the same over the targets that are up", v->traffic_at_ms);
    add(ret, f, "seen", format_share(has & VERSION_OBSERVED ? v->observed_ratio : NAN, t),
        "its requests / all requests by the splitter's counters", v->traffic_at_ms);
    add(ret, f, "requests", format_rate(has & VERSION_RATE ? v->request_rate : NAN, t),
        "per second, from the server's counter between two readings", v->metrics_at_ms);
    snprintf(note, sizeof note, "failed / all; n = %.0f in the last minute",
             has & VERSION_RATE ? v->requests_minute : 0);
    add(ret, f, "error ratio", format_percent(has & VERSION_ERRORS ? v->error_ratio : NAN, t), note,
        v->metrics_at_ms);
    add(ret, f, "p50", format_latency(has & VERSION_P50 ? v->latency_p50_s : NAN, t),
        "interpolated in the histogram's bucket", v->metrics_at_ms);
    bool p99 = has & VERSION_P99;
    snprintf(note, sizeof note, "lies in the bucket %s to %s",
             format_latency(p99 ? v->latency_p99_low_s : NAN, low),
             format_latency(p99 ? v->latency_p99_high_s : NAN, high));
    add(ret, f, "p99", format_latency(p99 ? v->latency_p99_s : NAN, t),
        p99 ? note : "the server gives no histogram", v->metrics_at_ms);
    add(ret, f, "ready",
        !(has & VERSION_READY) ? "?"
        : v->ready             ? "yes"
                               : "NO",
        v->state[0] ? v->state : "by the server's own word", v->ready_at_ms);
    add(ret, f, "rows", format_count_long((int64_t)v->rows_total, t),
        "feature rows counted since the store began", v->rows_at_ms);
}
