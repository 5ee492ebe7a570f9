/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What View 5's numbers mean: where it moved, what it looks like and since when; how the versions, the
 * champion, the window before and last week compare.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "driftop/term/rect.h"
#include "driftop/term/style.h"
#include "feature_private.h"

#define ROOMY_ROWS 26 /* of the view: then each comparison has a line of its own */

/* "scale x100, since 02:47Z +-1m, importance .42" */
static void draw_shape(const struct feature_view *d, struct canvas *c, struct rect *area)
{
    char shape[96], onset[48], importance[FORMAT_SIZE], text[256];
    int length = 0;

    drift_shape_text(&d->shape, d->value, shape, sizeof shape);
    drift_onset_text(d->onset_ms, d->onset_width_ms, d->at_ms, onset, sizeof onset);
    text[0] = '\0';
    if (shape[0] && (d->shape.kind != SHAPE_OTHER || onset[0]))
        length = snprintf(text, sizeof text, "SHAPE %s", shape);
    if (onset[0])
        length += snprintf(text + length, sizeof text - (size_t)length, "%ssince %s",
                           length ? ", " : "", onset);
    if (length && !isnan(d->importance))
        snprintf(text + length, sizeof text - (size_t)length, ", importance %s",
                 format_distance(d->importance, importance));
    if (length)
        top_line(c, area, ROLE_TITLE, " %s", text);
}

void feature_draw_meaning(const struct feature_state *f, struct canvas *c, struct rect *area)
{
    const struct feature_view *d = &f->data;

    for (size_t i = 0; i < d->n_findings; i++)
        top_line(c, area, ROLE_TICKET, " %s", d->findings[i].text);
    if (d->sentence[0])
        top_line(c, area, ROLE_TEXT, " %s", d->sentence);
    draw_shape(d, c, area);
}

/* Every version's distance: "v41 PSI .02 ok  v42 PSI 6.38 page". */
void feature_draw_sides(const struct feature_state *f, struct canvas *c, struct rect *area)
{
    char text[256] = "", psi[FORMAT_SIZE], version[MODEL_NAME_SIZE + 1];
    size_t used = 0;
    int bad = 0, judged = 0;

    for (size_t i = 0; i < f->data.n_sides && used < sizeof text - 64; i++) {
        const struct feature_side *s = &f->data.sides[i];
        used += (size_t)snprintf(
            text + used, sizeof text - used, "%.24s PSI %s %s  ", version_text(s->version, version),
            format_distance(s->result.cells.present ? s->result.cells.psi.value : NAN, psi),
            verdict_name(s->result.verdict));
        judged += s->result.verdict != VERDICT_UNKNOWN;
        bad += s->result.verdict >= VERDICT_WARN;
    }
    const char *says = judged < 2      ? ""
                       : bad == judged ? "all drift: rollback is no cure"
                       : bad > 0       ? "not all drift: rollback may help"
                                       : "";
    top_line(c, area, ROLE_TEXT, " VERSIONS %s%s", text, says);
}

/* ---- against other rows ---- */

static const char *against_title(const struct feature_view *d, int i, char buf[32])
{
    char version[MODEL_NAME_SIZE + 1];

    switch ((enum feature_against)i) {
    case AGAINST_CHAMPION:
        snprintf(buf, 32, "%.24s",
                 d->champion[0] ? version_text(d->champion, version) : "champion");
        break;
    case AGAINST_PREVIOUS: snprintf(buf, 32, "%s before", span_text((int)d->span)); break;
    case AGAINST_LAST_WEEK: snprintf(buf, 32, "week ago"); break;
    }
    return buf;
}

static unsigned against_style(const struct feature_comparison *c, int i)
{
    if (!c->present || c->result.verdict == VERDICT_UNKNOWN)
        return ROLE_MUTED;
    if (i != AGAINST_CHAMPION || c->result.verdict < VERDICT_WARN)
        return ROLE_TEXT;
    return c->result.verdict == VERDICT_PAGE ? ROLE_PAGE : ROLE_TICKET;
}

static void draw_one(const struct feature_view *d, int i, struct canvas *c, struct rect *area)
{
    const struct feature_comparison *one = &d->comparisons[i];
    char title[32], psi[FORMAT_SIZE], n[FORMAT_SIZE];

    against_title(d, i, title);
    if (i == AGAINST_CHAMPION && !d->champion[0])
        return; /* there is none, or this is it */
    if (!one->present) {
        top_line(c, area, ROLE_MUTED, " %-14s no rows", title);
        return;
    }
    top_line(c, area, against_style(one, i), " %-14s PSI %5s  n=%s  %s", title,
             format_distance(one->result.cells.psi.value, psi),
             format_count((int64_t)one->result.reference_rows, n), one->says);
}

/* In a word or two, where there is no room for what it says. */
static const char *against_word(const struct feature_view *d, int i)
{
    const struct feature_comparison *one = &d->comparisons[i];
    bool drifts = feature_view_severity(d) >= SEVERITY_TICKET;

    if (!one->present)
        return "no rows";
    if (one->result.verdict == VERDICT_UNKNOWN)
        return "too few";
    if (one->result.verdict >= VERDICT_WARN)
        return i == AGAINST_PREVIOUS && drifts && !one->drifts ? "just broke " : "differs ";
    if (!drifts)
        return "alike";
    if (!one->drifts)
        return "too near to tell";
    return i == AGAINST_LAST_WEEK ? "seasonal" : i == AGAINST_PREVIOUS ? "was so" : "drifts alike";
}

/* "AGAINST  v41 differs .48  15 min before just broke .31  week ago no rows" */
static void draw_all(const struct feature_view *d, struct canvas *c, struct rect *area)
{
    char text[256] = "", title[32], psi[FORMAT_SIZE];
    size_t used = 0;

    for (int i = 0; i < FEATURE_COMPARISONS && used < sizeof text - 64; i++) {
        const struct feature_comparison *one = &d->comparisons[i];
        if (i == AGAINST_CHAMPION && !d->champion[0])
            continue;
        bool differs = one->present && one->result.verdict >= VERDICT_WARN;
        used += (size_t)snprintf(text + used, sizeof text - used, "  %s %s%s",
                                 against_title(d, i, title), against_word(d, i),
                                 differs ? format_distance(one->result.cells.psi.value, psi) : "");
    }
    top_line(c, area, ROLE_TEXT, " AGAINST%s", text);
}

int feature_against_rows(const struct feature_state *f, int rows)
{
    bool any = false;

    for (int i = 0; i < FEATURE_COMPARISONS; i++)
        any = any || f->data.comparisons[i].present;
    return !any || rows < 8 ? 0 : rows < ROOMY_ROWS ? 1 : FEATURE_COMPARISONS;
}

void feature_draw_against(const struct feature_state *f, struct canvas *c, struct rect *area)
{
    if (area->rows >= FEATURE_COMPARISONS)
        for (int i = 0; i < FEATURE_COMPARISONS; i++)
            draw_one(&f->data, i, c, area);
    else if (area->rows > 0)
        draw_all(&f->data, c, area);
}
