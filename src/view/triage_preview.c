/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The seven answers below Triage.
 */
#include "triage_preview_private.h"

#include <stdio.h>

#include "driftop/term/canvas.h"
#include "driftop/term/style.h"
#include "driftop/widget/line.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/text.h"
#include "view_private.h"

#define LABEL 11

struct answer {
    const char *label, *text;
};

static int answer_rows(const struct answer *a, int room)
{
    return a->text[0] ? text_rows(a->text, room > 0 ? room : 1) : 0;
}

/* Whole sentences as far as there are lines to spare, for what decides before what explains. */
static void choose_whole(const struct answer *answers, size_t n, struct rect area, bool *ret)
{
    static const size_t order[] = {4, 0, 2, 3, 5, 1, 6};
    int spare = area.rows - 2; /* the verdict and its rule */

    for (size_t i = 0; i < n; i++)
        spare -= answers[i].text[0] != '\0';
    for (size_t i = 0; i < n; i++) {
        int more = answer_rows(&answers[order[i]], area.columns - LABEL) - 1;
        ret[order[i]] = more > 0 && more <= spare;
        spare -= ret[order[i]] ? more : 0;
    }
}

static void draw_answer(struct canvas *c, struct rect *area, const struct answer *a, bool whole)
{
    int rows = whole ? answer_rows(a, area->columns - LABEL) : 1;

    if (rows <= 1) {
        label_line(c, area, LABEL, a->label, ROLE_TEXT, a->text);
        return;
    }
    struct rect part = rect_cut_top(area, rows);
    canvas_text(c, part.x, part.y, ROLE_TITLE, a->label);
    rect_cut_left(&part, LABEL);
    text_draw(c, part, ROLE_TEXT, a->text, 0);
}

/* Half an address helps nobody: o shows it whole. */
static void draw_title(const struct triage_preview *p, struct canvas *c, struct rect line)
{
    char owner[MODEL_NAME_SIZE + 8], runbook[MODEL_TEXT_SIZE + 8];

    snprintf(owner, sizeof owner, "%s%s", p->owner[0] ? "owner " : "", p->owner);
    snprintf(runbook, sizeof runbook, "%s%s", p->runbook[0] ? "runbook " : "", p->runbook);
    const struct line_part parts[] = {
        {.text = p->deployment, .style = ROLE_TITLE, .priority = 100},
        {.text = owner, .style = ROLE_TEXT, .priority = 70, .gap = 3},
        {.text = runbook, .style = ROLE_MUTED, .priority = 60, .gap = 3},
    };
    rect_cut_left(&line, 1);
    line_draw(c, line.x, line.y, line.columns, ROLE_TEXT, parts, sizeof parts / sizeof *parts);
}

void triage_preview_draw(const struct triage_preview *p, struct canvas *c, struct rect area)
{
    draw_title(p, c, rect_cut_top(&area, 1));
    rect_cut_left(&area, 1);
    const struct answer answers[] = {
        {"REAL?", p->real},         {"WHO", p->who},
        {"SURFACE", p->surface},    {"CHANGED", p->changed},
        {"ROLLBACK?", p->rollback}, {"SAFE?", p->safe},
        {"TRIED", p->tried},
    };
    const size_t n = sizeof answers / sizeof *answers;
    bool whole[sizeof answers / sizeof *answers] = {false};
    choose_whole(answers, n, area, whole);
    for (size_t i = 0; i < n; i++)
        draw_answer(c, &area, &answers[i], whole[i]);
    if (p->verdict[0] && area.rows > 1)
        panel_rule(c, &area, ROLE_BORDER, NULL);
    label_line(c, &area, LABEL, "VERDICT", ROLE_TITLE, p->verdict);
}
