/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift_map_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/utf8.h"
#include "driftop/term/canvas.h"
#include "driftop/term/style.h"
#include "driftop/widget/heat.h"
#include "driftop/widget/panel.h"

#define LABEL    14
#define CELL     4
#define PSI_PAGE 0.25

/* Places on the map of numbered names, in the order in which they are asked for; 0: none yet. */
struct places {
    int *of, n, max;
    const char **names;
};

static int place(struct places *p, uint32_t at, const char *name)
{
    if (!p->of[at] && p->n < p->max) {
        p->names[p->n] = name;
        p->of[at] = ++p->n;
    }
    return p->of[at] - 1;
}

static void fill(const struct drift_view *d, struct drift_map *m, struct places *rows,
                 struct places *columns)
{
    for (size_t i = 0; i < d->n_lines; i++) {
        const struct drift_line *l = &d->lines[i];
        int row = place(rows, l->deployment_at, l->deployment);
        int column = place(columns, l->feature_at, l->feature);
        if (row < 0 || column < 0)
            continue;
        int level = l->severity == SEVERITY_UNKNOWN
                        ? HEAT_UNKNOWN
                        : heat_level((double)l->summary.psi_excess, PSI_PAGE);
        if (level > m->level[row][column])
            m->level[row][column] = level;
    }
    m->n_rows = rows->n;
    m->n_columns = columns->n;
}

/* "amo"; where others begin alike the first letter and the last two: "h07", "h11". */
static void make_titles(struct drift_map *m)
{
    for (int i = 0; i < m->n_columns; i++) {
        const char *name = m->columns[i];
        size_t length = strlen(name);
        bool alike = false;
        for (int k = 0; k < m->n_columns; k++)
            alike = alike || (k != i && strncmp(m->columns[k], name, 3) == 0);
        if (alike && length > 3)
            snprintf(m->titles[i], sizeof m->titles[i], "%.1s%s", name, name + length - 2);
        else
            snprintf(m->titles[i], sizeof m->titles[i], "%.3s", name);
        utf8_clean(m->titles[i], sizeof m->titles[i], m->titles[i], strlen(m->titles[i]));
    }
}

void drift_map_fill(const struct drift_view *d, struct drift_map *m)
{
    size_t n_rows = (size_t)d->n_deployments, n_columns = (size_t)d->n_features;
    int *places = calloc(n_rows + n_columns + 1, sizeof *places);

    memset(m, 0, sizeof *m);
    for (int i = 0; i < MAP_ROWS; i++)
        for (int k = 0; k < MAP_COLUMNS; k++)
            m->level[i][k] = HEAT_NONE;
    if (!places)
        return; /* an empty map */
    struct places rows = {places, 0, MAP_ROWS, m->rows};
    struct places columns = {places + n_rows, 0, MAP_COLUMNS, m->columns};
    fill(d, m, &rows, &columns);
    free(places);
    make_titles(m);
}

static const char *row_label(const void *context, int row)
{
    return ((const struct drift_map *)context)->rows[row];
}

static const char *column_label(const void *context, int column)
{
    return ((const struct drift_map *)context)->columns[column];
}

static const char *short_label(const void *context, int column)
{
    return ((const struct drift_map *)context)->titles[column];
}

static int level(const void *context, int row, int column)
{
    return ((const struct drift_map *)context)->level[row][column];
}

int drift_map_rows(const struct drift_view *d, int most)
{
    int rows = d->n_deployments + 2;
    return rows < most ? rows : most;
}

void drift_map_draw(const struct drift_map *m, struct canvas *c, struct rect area)
{
    panel_rule(c, &area, ROLE_BORDER, "HEAT PSI above its floor, . none to @ beyond 1.0");
    int cell = m->n_columns > 0 ? (area.columns - LABEL) / m->n_columns : CELL;
    struct heat heat = {.n_rows = m->n_rows,
                        .n_columns = m->n_columns,
                        .selected_row = -1,
                        .selected_column = -1,
                        .label_width = LABEL,
                        .cell_width = cell < CELL ? CELL
                                      : cell > 8  ? 8
                                                  : cell,
                        .row_label = row_label,
                        .column_label = cell > CELL ? column_label : short_label,
                        .level = level,
                        .context = m};
    heat_draw(c, area, &heat);
}
