/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift_map_private.h"

#include <stdio.h>
#include <string.h>

#include "driftop/term/canvas.h"
#include "driftop/term/style.h"
#include "driftop/widget/heat.h"
#include "driftop/widget/panel.h"

#define MAP_ROWS    64
#define MAP_COLUMNS 64
#define LABEL       14
#define CELL        4
#define PSI_PAGE    0.25

/* Names in the order of the lines, which is that of the trouble. */
struct map {
    const char *rows[MAP_ROWS], *columns[MAP_COLUMNS];
    int n_rows, n_columns, max_rows, max_columns;
    int level[MAP_ROWS][MAP_COLUMNS]; /* the worst of the versions */
};

static int find(const char **names, int *n, int max, const char *name)
{
    for (int i = 0; i < *n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    if (*n >= max)
        return -1;
    names[*n] = name;
    return (*n)++;
}

/* Only what the area has room for: a fleet has thousands of lines, and this runs in every frame. */
static void fill(const struct drift_view *d, struct rect area, struct map *m)
{
    int columns = (area.columns - LABEL) / CELL;

    memset(m, 0, sizeof *m);
    m->max_rows = area.rows < MAP_ROWS ? area.rows : MAP_ROWS;
    m->max_columns = columns < MAP_COLUMNS ? columns : MAP_COLUMNS;
    for (int i = 0; i < MAP_ROWS; i++)
        for (int k = 0; k < MAP_COLUMNS; k++)
            m->level[i][k] = HEAT_NONE;
    for (size_t i = 0; i < d->n_lines; i++) {
        const struct drift_line *l = &d->lines[i];
        int row = find(m->rows, &m->n_rows, m->max_rows, l->deployment);
        if (row < 0)
            continue;
        int column = find(m->columns, &m->n_columns, m->max_columns, l->feature);
        int level = l->severity == SEVERITY_UNKNOWN
                        ? HEAT_UNKNOWN
                        : heat_level((double)l->summary.psi_excess, PSI_PAGE);
        if (column >= 0 && level > m->level[row][column])
            m->level[row][column] = level;
    }
}

static const char *row_label(const void *context, int row)
{
    return ((const struct map *)context)->rows[row];
}

static const char *column_label(const void *context, int column)
{
    return ((const struct map *)context)->columns[column];
}

static int level(const void *context, int row, int column)
{
    return ((const struct map *)context)->level[row][column];
}

int drift_map_rows(const struct drift_view *d, int most)
{
    int rows = d->n_deployments + 2;
    return rows < most ? rows : most;
}

void drift_map_draw(const struct drift_view *d, struct canvas *c, struct rect area)
{
    struct map m;

    fill(d, area, &m);
    panel_rule(c, &area, ROLE_BORDER, "HEAT PSI above its floor, . none to @ beyond 1.0");
    int cell = m.n_columns > 0 ? (area.columns - LABEL) / m.n_columns : CELL;
    struct heat heat = {.n_rows = m.n_rows,
                        .n_columns = m.n_columns,
                        .selected_row = -1,
                        .selected_column = -1,
                        .label_width = LABEL,
                        .cell_width = cell < CELL ? CELL
                                      : cell > 8  ? 8
                                                  : cell,
                        .row_label = row_label,
                        .column_label = column_label,
                        .level = level,
                        .context = &m};
    heat_draw(c, area, &heat);
}
