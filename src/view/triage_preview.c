/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The seven answers below Triage.
 */
#include "triage_preview_private.h"

#include "driftop/term/canvas.h"
#include "driftop/term/style.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/text.h"
#include "view_private.h"

#define LABEL 11

struct answer {
    const char *label, *text;
};

static int answer_rows(const struct answer *answers, size_t n, int room)
{
    int rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += answers[i].text[0] ? text_rows(answers[i].text, room > 0 ? room : 1) : 0;
    return rows;
}

static void draw_answer(struct canvas *c, struct rect *area, const struct answer *a, bool whole)
{
    int rows = whole ? answer_rows(a, 1, area->columns - LABEL) : 1;

    if (rows <= 1) {
        label_line(c, area, LABEL, a->label, ROLE_TEXT, a->text);
        return;
    }
    struct rect part = rect_cut_top(area, rows);
    canvas_text(c, part.x, part.y, ROLE_TITLE, a->label);
    rect_cut_left(&part, LABEL);
    text_draw(c, part, ROLE_TEXT, a->text, 0);
}

void triage_preview_draw(const struct triage_preview *p, struct canvas *c, struct rect area)
{
    struct rect line = rect_cut_top(&area, 1);

    if (line.rows > 0) {
        int x = line.x + 1;
        x += canvas_text(c, x, line.y, ROLE_TITLE, p->deployment) + 3;
        if (p->owner[0])
            x += field_to_end(c, line, x, ROLE_TEXT, "owner %s", p->owner) + 3;
        if (p->runbook[0])
            field_to_end(c, line, x, ROLE_MUTED, "runbook %s", p->runbook);
    }
    rect_cut_left(&area, 1);
    const struct answer answers[] = {
        {"REAL?", p->real},         {"WHO", p->who},
        {"SURFACE", p->surface},    {"CHANGED", p->changed},
        {"ROLLBACK?", p->rollback}, {"SAFE?", p->safe},
        {"TRIED", p->tried},
    };
    const size_t n = sizeof answers / sizeof *answers;
    /* Whole sentences where there is room for all of them. */
    bool whole = answer_rows(answers, n, area.columns - LABEL) + 2 <= area.rows;
    for (size_t i = 0; i < n; i++)
        draw_answer(c, &area, &answers[i], whole);
    if (p->verdict[0] && area.rows > 1)
        panel_rule(c, &area, ROLE_BORDER, NULL);
    label_line(c, &area, LABEL, "VERDICT", ROLE_TITLE, p->verdict);
}
