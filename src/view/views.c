/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every view once, in the order of their digits; then the dialogs. A new one: its file, one
 * declaration and one row here.
 */
#include <string.h>

#include "driftop/view/view.h"

extern const struct view view_triage, view_fleet, view_model, view_drift, view_feature, view_alerts,
    view_audit;
extern const struct view view_help, view_filter, view_note, view_text, view_plan;

const struct view *const views[] = {
    &view_triage, &view_fleet,  &view_model, &view_drift, &view_feature, &view_alerts, &view_audit,
    &view_help,   &view_filter, &view_note,  &view_text,  &view_plan,    NULL,
};

const struct view *view_find(const char *name)
{
    for (size_t i = 0; views[i]; i++)
        if (strcmp(views[i]->name, name) == 0)
            return views[i];
    return NULL;
}

const struct view *view_of_digit(char digit)
{
    for (size_t i = 0; digit && views[i]; i++)
        if (views[i]->digit == digit)
            return views[i];
    return NULL;
}
