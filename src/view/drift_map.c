/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift_map_private.h"

#include <stdio.h>
#include <string.h>

#include "driftop/base/hash.h"
#include "driftop/term/canvas.h"
#include "driftop/term/style.h"
#include "driftop/widget/heat.h"
#include "driftop/widget/panel.h"

#define LABEL    14
#define CELL     4
#define PSI_PAGE 0.25

/* By hash: 20,000 lines are asked, and two names that share one only share a mark on a map. */
static int find(const char **names, uint64_t *hashes, int *n, int max, const char *name)
{
    uint64_t hash = hash_fast(name, strlen(name), 0);

    for (int i = 0; i < *n; i++)
        if (hashes[i] == hash)
            return i;
    if (*n == max)
        return -1;
    hashes[*n] = hash;
    names[*n] = name;
    return (*n)++;
}

void drift_map_fill(const struct drift_view *d, struct drift_map *m)
{
    memset(m, 0, sizeof *m);
    for (int i = 0; i < MAP_ROWS; i++)
        for (int k = 0; k < MAP_COLUMNS; k++)
            m->level[i][k] = HEAT_NONE;
    for (size_t i = 0; i < d->n_lines; i++) {
        const struct drift_line *l = &d->lines[i];
        int row = find(m->rows, m->row_hash, &m->n_rows, MAP_ROWS, l->deployment);
        int column = find(m->columns, m->column_hash, &m->n_columns, MAP_COLUMNS, l->feature);
        int level = l->severity == SEVERITY_UNKNOWN
                        ? HEAT_UNKNOWN
                        : heat_level((double)l->summary.psi_excess, PSI_PAGE);
        if (row >= 0 && column >= 0 && level > m->level[row][column])
            m->level[row][column] = level;
    }
}

static const char *row_label(const void *context, int row)
{
    return ((const struct drift_map *)context)->rows[row];
}

static const char *column_label(const void *context, int column)
{
    return ((const struct drift_map *)context)->columns[column];
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
                        .column_label = column_label,
                        .level = level,
                        .context = m};
    heat_draw(c, area, &heat);
}
