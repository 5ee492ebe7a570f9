/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * driftop-keys(7), from the key table of the views.
 */
#include <string.h>

#include "document_private.h"
#include "driftop/base/str.h"
#include "driftop/view/keys.h"
#include "driftop/view/view.h"

static void where(struct str *s, unsigned bits)
{
    size_t n = 0;

    if (bits == VIEW_BIT_ALL)
        return;
    for (size_t i = 0; views[i]; i++)
        if (views[i]->bit & bits)
            str_addf(s, "%s%s", n++ ? ", " : "", views[i]->title);
}

static void rows(struct str *s, bool changes_world)
{
    str_add(s, "\n| key | where | meaning |\n|---|---|---|\n");
    for (const struct view_key *row = view_keys; row->key; row++) {
        if (row->changes_world != changes_world)
            continue;
        str_addf(s, "| `%s` | ", row->key);
        where(s, row->where);
        str_addf(s, " | %s |\n", row->help);
    }
}

void manual_keys(struct str *s)
{
    str_add(s,
            "## Description\n\n"
            "Keys of the dashboard. A key without a list of views works in all of them; `?` shows\n"
            "those of the view that is open. `C-` stands for control, `S-` for shift.\n\n"
            "## Looking\n\nNone of these changes anything outside driftop.\n");
    rows(s, false);
    str_add(s,
            "\nArrows, `PgUp`, `PgDn`, `Home` and `End` move in lists and texts.\n\n"
            "## Acting\n\n"
            "These open a plan, which is a dry run: nothing is written before the plan's field is\n"
            "filled in and Enter is pressed. The field is closed until `A` has armed writes; with\n"
            "`--read-only` it stays closed.\n");
    rows(s, true);
    str_add(s, "\n## In a plan\n\n"
               "| key | meaning |\n|---|---|\n"
               "| the version, or the percentages | what the plan goes to; another target than the "
               "shown one is planned and shown first |\n"
               "| `Enter` | commits what was typed; on an empty field it does nothing |\n"
               "| `Tab` | to the reason, which goes into the audit, and back |\n"
               "| `Esc` | closes the plan; what was sent goes on and is in the audit |\n\n"
               "Pasted text and keys typed before the plan stood there do nothing.\n\n"
               "## The filter\n\n"
               "Words that must all occur, `!word` that must not, `sev:page` by severity,\n"
               "`owner:risk` by owner, `v:42` by version. `Esc` takes it away.\n\n"
               "## See also\n\ndriftop(1), driftop.yaml(5)\n");
}
