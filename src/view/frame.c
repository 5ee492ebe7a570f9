/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What surrounds every view: the line that never moves, the views' names, what is wrong with the
 * watching itself, the keys that have something to do here, and the message.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/line.h"
#include "stack_private.h"

#define ROWS_FOR_TABS 6
#define ROWS_FOR_KEYS 12
#define FEW_COLUMNS   40

/* Nothing new was written or can be read: the screen shows the past. */
static bool is_old(const struct view_frame *f)
{
    return f->has_status &&
           (f->fault[0] || !f->status.recording || is_stale(f, f->status.written_ms));
}

static void arm_text(const struct view_frame *f, char *buf, size_t size)
{
    int64_t left_s = (f->armed_until_ms - f->now_ms + 999) / 1000;

    if (f->armed_until_ms <= f->now_ms)
        snprintf(buf, size, "[RO]");
    else
        snprintf(buf, size, "[ARMED %02d:%02d]", (int)(left_s / 60), (int)(left_s % 60));
}

static void live_text(const struct view_frame *f, char *buf, size_t size)
{
    char age[FORMAT_SIZE];

    if (f->frozen)
        snprintf(buf, size, "FROZEN %s", age_text(f->now_ms, f->status.written_ms, age));
    else if (!f->has_status)
        snprintf(buf, size, "NO DATA");
    else if (is_old(f))
        snprintf(buf, size, "STALE %s", age_text(f->now_ms, f->status.written_ms, age));
    else
        snprintf(buf, size, "LIVE");
}

/* How many sources are well, and by itself the one that has been away for the longest. */
static void source_text(const struct view_frame *f, char *buf, size_t size)
{
    if (f->has_status)
        snprintf(buf, size, "src %d/%d", f->status.n_sources_ok, f->status.n_sources);
    else
        snprintf(buf, size, "src -");
}

static void worst_text(const struct view_frame *f, char *buf, size_t size)
{
    const struct status *s = &f->status;
    char age[FORMAT_SIZE];

    buf[0] = '\0';
    if (f->has_status && s->n_sources_ok < s->n_sources && s->worst_source[0])
        snprintf(buf, size, "%.*s~%s", (int)strcspn(s->worst_source, " "), s->worst_source,
                 s->worst_age_ms < 0 ? "never" : format_age(s->worst_age_ms, age));
}

static void count_text(const struct view_frame *f, const char *word, int count, char *buf,
                       size_t size)
{
    if (f->has_status)
        snprintf(buf, size, "%s%d", word, count);
    else
        snprintf(buf, size, "%s-", word);
}

/* "03:07:41Z"; with the date where there is room, without the seconds where there is none. */
static void clock_text(const struct view_frame *f, int columns, char buf[CLOCK_TEXT_SIZE])
{
    if (columns >= 160)
        clock_format_s(f->now_ms, buf);
    else
        clock_format_hms(f->now_ms, buf);
    if (columns < TINY_COLUMNS && strlen(buf) == 9)
        memcpy(buf + 5, "Z", 2);
}

/* The left half of the line that never moves. */
struct status_texts {
    char arm[24], page[32], ticket[32], source[32], worst[160], size[64], live[40];
    char clock[CLOCK_TEXT_SIZE];
};

static void fill_texts(const struct view_frame *f, int columns, struct status_texts *t)
{
    const struct status *s = &f->status;
    bool few = columns < TINY_COLUMNS;

    arm_text(f, t->arm, sizeof t->arm);
    live_text(f, t->live, sizeof t->live);
    source_text(f, t->source, sizeof t->source);
    worst_text(f, t->worst, sizeof t->worst);
    count_text(f, few ? "P" : "page ", s->n_page, t->page, sizeof t->page);
    count_text(f, few ? "T" : "ticket ", s->n_ticket, t->ticket, sizeof t->ticket);
    clock_text(f, columns, t->clock);
    t->size[0] = '\0';
    if (columns >= 120 && f->has_status)
        snprintf(t->size, sizeof t->size, "%d deployments  %d versions", s->n_deployments,
                 s->n_versions);
}

static unsigned source_style(const struct view_frame *f)
{
    bool well = f->has_status && f->status.n_sources_ok == f->status.n_sources;
    return well ? ROLE_OK : ROLE_STALE;
}

static unsigned live_style(const struct view_frame *f)
{
    bool live = !f->frozen && f->has_status && !is_old(f);
    return live ? ROLE_OK : ROLE_STALE | STYLE_REVERSE;
}

/* The line that never moves. */
static void draw_status(struct canvas *c, struct rect line, const struct view_frame *f)
{
    const struct status *s = &f->status;
    bool armed = f->armed_until_ms > f->now_ms;
    int wide = line.columns < TINY_COLUMNS ? 1 : 2;
    struct status_texts t;

    fill_texts(f, line.columns, &t);
    struct line_part parts[] = {
        {.text = s->environment[0] ? s->environment : "driftop",
         .style = ROLE_ENVIRONMENT,
         .priority = 100},
        {.text = t.arm, .style = armed ? ROLE_ARMED : ROLE_MUTED, .priority = 90},
        {.text = t.page, .style = s->n_page ? ROLE_PAGE : ROLE_TEXT, .priority = 95, .gap = wide},
        {.text = t.ticket, .style = s->n_ticket ? ROLE_TICKET : ROLE_TEXT, .priority = 85},
        {.text = t.source, .style = source_style(f), .priority = 75, .gap = wide},
        {.text = t.worst, .style = ROLE_STALE, .priority = 40},
        {.text = t.size, .style = ROLE_MUTED, .priority = 20, .gap = 2},
        {.text = t.live, .style = live_style(f), .priority = 70, .right = true},
        {.text = t.clock, .style = ROLE_TEXT, .priority = 80, .right = true, .gap = 2},
    };
    canvas_fill(c, line, ROLE_TEXT);
    rect_cut_left(&line, line.columns > FEW_COLUMNS / 4 ? 1 : 0);
    line_draw(c, line.x, line.y, line.columns, ROLE_TEXT, parts, sizeof parts / sizeof *parts);
}

static void draw_tabs(struct canvas *c, struct rect line, const struct view *view,
                      const struct view_frame *f)
{
    char text[LINE_PARTS_MAX][32], filter[96] = "";
    struct line_part parts[LINE_PARTS_MAX] = {0};
    int n = 0;

    for (size_t i = 0; views[i] && n < LINE_PARTS_MAX - 3; i++) {
        if (!views[i]->digit)
            continue;
        bool here = views[i] == view;
        snprintf(text[n], sizeof text[n], "%c%s", views[i]->digit, views[i]->title);
        parts[n] = (struct line_part){
            .text = text[n], .style = here ? ROLE_FOCUS : ROLE_TEXT, .priority = here ? 90 : 50};
        n++;
    }
    if (f->filter[0])
        snprintf(filter, sizeof filter, "/%.60s", f->filter);
    parts[n++] =
        (struct line_part){.text = filter, .style = ROLE_MATCH, .priority = 80, .right = true};
    parts[n++] = (struct line_part){
        .text = f->filter[0] ? NULL : "/find", .style = ROLE_KEY, .priority = 10, .right = true};
    parts[n++] =
        (struct line_part){.text = "?help", .style = ROLE_KEY, .priority = 20, .right = true};
    rect_cut_left(&line, 1);
    line_draw(c, line.x, line.y, line.columns, ROLE_TEXT, parts, n);
}

/* What is wrong with the watching itself, the gravest first; "" when all is well. */
static void trouble_text(const struct view_frame *f, char *buf, size_t size)
{
    char age[FORMAT_SIZE];

    buf[0] = '\0';
    if (f->waiting)
        snprintf(buf, size, "waiting for the recorder: nothing has been recorded yet");
    else if (f->fault[0] && f->has_status)
        snprintf(buf, size, "the store cannot be read (%s); below is what was read before",
                 f->fault);
    else if (f->fault[0])
        snprintf(buf, size, "the store cannot be read: %s", f->fault);
    else if (f->has_status && f->status.fault[0])
        snprintf(buf, size, "recorder: %s", f->status.fault);
    else if (f->has_status && !f->status.recording)
        snprintf(buf, size, "nobody is recording: all below is %s old; R still works",
                 age_text(f->now_ms, f->status.written_ms, age));
    else if (f->mismatch[0])
        snprintf(buf, size, "%s", f->mismatch);
    else if (is_old(f))
        snprintf(buf, size, "the recorder has written nothing for %s",
                 age_text(f->now_ms, f->status.written_ms, age));
}

/* "R rollback  T traffic": as many as fit whole. */
static void draw_keys(struct canvas *c, struct rect line, const struct view *view,
                      const struct view_frame *f)
{
    int x = line.x + 1, end = line.x + line.columns;
    bool armed = f->armed_until_ms > f->now_ms;

    for (const struct view_key *k = view_keys; k->key; k++) {
        if (!k->brief || !(k->where & view->bit) || (k->what == DO_ARM && f->read_only))
            continue;
        const char *brief = k->what == DO_ARM && armed ? "disarm" : k->brief;
        int width = (int)strlen(k->key) + 1 + (int)strlen(brief);
        if (x + width > end)
            break;
        x += canvas_text(c, x, line.y, ROLE_KEY, k->key) + 1;
        x += canvas_text(c, x, line.y, ROLE_TEXT, brief) + 2;
    }
}

static void draw_message(struct canvas *c, struct rect line, const struct view_frame *f)
{
    rect_cut_left(&line, 1);
    if (f->message[0])
        canvas_field(c, line.x, line.y, line.columns, ALIGN_LEFT, ROLE_TITLE, f->message);
    else if (f->own_recorder)
        canvas_field(c, line.x, line.y, line.columns, ALIGN_LEFT, ROLE_MUTED,
                     "monitoring stops with this dashboard (--detach keeps it)");
    else if (f->has_status && f->status.recorder[0]) {
        char text[256], at[CLOCK_TEXT_SIZE];
        snprintf(text, sizeof text, "configuration %s of %s, recorder %s", f->status.config_hash,
                 clock_format_hms(f->status.config_at_ms, at), f->status.recorder);
        /* Who records is read whole or with its time, not with half of it. */
        char *since = strstr(text, " since ");
        if (since && utf8_columns(text) > line.columns)
            *since = '\0';
        canvas_field(c, line.x, line.y, line.columns, ALIGN_LEFT, ROLE_MUTED, text);
    }
}

struct rect frame_draw(struct canvas *c, const struct view *view, const struct view_frame *f)
{
    struct rect body = canvas_area(c);
    int rows = body.rows;
    bool tiny = body.columns < TINY_COLUMNS;
    char trouble[400];

    draw_status(c, rect_cut_top(&body, 1), f);
    if (!tiny && rows >= ROWS_FOR_TABS)
        draw_tabs(c, rect_cut_top(&body, 1), view, f);
    if (rows >= ROWS_FOR_KEYS) {
        draw_message(c, rect_cut_bottom(&body, 1), f);
        draw_keys(c, rect_cut_bottom(&body, 1), view, f);
    } else if (rows >= 3) {
        struct rect last = rect_cut_bottom(&body, 1);
        if (f->message[0])
            draw_message(c, last, f);
        else
            draw_keys(c, last, view, f);
    }
    trouble_text(f, trouble, sizeof trouble);
    if (trouble[0] && body.rows > 1) {
        struct rect line = rect_cut_top(&body, 1);
        canvas_fill(c, line, ROLE_ERROR);
        canvas_textf(c, line.x, line.y, ROLE_ERROR, "! ");
        canvas_field(c, line.x + 2, line.y, line.columns > 2 ? line.columns - 2 : 0, ALIGN_LEFT,
                     ROLE_ERROR, trouble);
    }
    return body;
}
