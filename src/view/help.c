/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `?`: the keys of the view below, searched by typing, run by Enter. Made from the key table.
 */
#include <string.h>

#include "driftop/term/canvas.h"
#include "driftop/term/canvas_draw.h"
#include "driftop/term/key.h"
#include "driftop/term/style.h"
#include "driftop/widget/menu.h"
#include "driftop/widget/panel.h"
#include "driftop/widget/prompt.h"
#include "help_private.h"
#include "view_private.h"

#define ITEMS 64

struct help {
    struct prompt search;
    struct menu menu;
    struct menu_item items[ITEMS];
};

static int open_help(void *state, const struct view_target *target)
{
    struct help *h = state;
    (void)target;
    h->menu.items = h->items;
    return 0;
}

/* Headings in this order, the keys below each in the table's. */
enum group { GROUP_WORLD, GROUP_HERE, GROUP_VIEWS, GROUPS };
static const char *const group_titles[GROUPS] = {"changes the world, after a plan", "this view",
                                                 "views"};

static enum group group_of(const struct view_key *k)
{
    return k->changes_world ? GROUP_WORLD : k->what == DO_VIEW ? GROUP_VIEWS : GROUP_HERE;
}

void help_set_where(void *state, unsigned where, bool read_only)
{
    struct help *h = state;
    int n = 0;

    for (int group = 0; group < GROUPS; group++)
        for (const struct view_key *k = view_keys; k->key && n < ITEMS; k++) {
            if (!(k->where & where) || group_of(k) != (enum group)group)
                continue;
            h->items[n++] = (struct menu_item){
                .key = k->key,
                .text = k->help,
                .group = group_titles[group],
                .disabled = read_only && k->what == DO_ARM ? "started with --read-only" : NULL,
            };
        }
    h->menu.n_items = n;
}

static void draw(void *state, struct canvas *c, struct rect area, const struct view_frame *frame)
{
    struct help *h = state;
    struct rect box = panel_center(area, 66, area.rows > 6 ? area.rows - 2 : area.rows);
    (void)frame;

    box = panel_box(c, box, ROLE_BORDER, "KEYS", "type to search, Enter runs, Esc");
    struct rect line = rect_cut_top(&box, 1);
    int used = canvas_text(c, line.x, line.y, ROLE_KEY, "/ ");
    prompt_draw(c, line.x + used, line.y, line.columns - used, ROLE_INPUT, &h->search, true);
    h->menu.filter = h->search.text;
    menu_draw(c, box, &h->menu);
}

static struct view_result on_key(void *state, const struct key *key, enum view_do what,
                                 const struct view_frame *frame)
{
    struct help *h = state;
    (void)what;
    (void)frame;

    if (key->code == KEY_ESC || (key->code == KEY_F1 && !key->modifiers))
        return (struct view_result){.act = VIEW_BACK};
    if (key->code == KEY_ENTER) {
        const struct menu_item *item = &h->items[h->menu.selected];
        if (menu_count(&h->menu) == 0 || item->disabled)
            return (struct view_result){.act = VIEW_REDRAW};
        return (struct view_result){.act = VIEW_COMMAND, .command = DO_HELP, .text = item->key};
    }
    if (!menu_key(&h->menu, key))
        prompt_key(&h->search, key);
    return (struct view_result){.act = VIEW_REDRAW};
}

extern const struct view view_help;
const struct view view_help = {
    .name = "help",
    .title = "Help",
    .modal = true,
    .state_size = sizeof(struct help),
    .open = open_help,
    .draw = draw,
    .key = on_key,
};
