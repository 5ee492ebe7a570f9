/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/view/keys.h"

#include "driftop/term/key.h"

#define LISTS                                                                                      \
    (VIEW_BIT_TRIAGE | VIEW_BIT_FLEET | VIEW_BIT_MODEL | VIEW_BIT_DRIFT | VIEW_BIT_ALERTS |        \
     VIEW_BIT_AUDIT)
#define MODELS                                                                                     \
    (VIEW_BIT_TRIAGE | VIEW_BIT_FLEET | VIEW_BIT_MODEL | VIEW_BIT_DRIFT | VIEW_BIT_FEATURE |       \
     VIEW_BIT_ALERTS)
#define PROBLEMS (VIEW_BIT_TRIAGE | VIEW_BIT_ALERTS)

/* The order is that of the help; rows with a brief text make the bottom line, as many as fit. */
const struct view_key view_keys[] = {
    {"R", DO_ROLLBACK, MODELS, "model.rollback", "plan a rollback", "rollback", true},
    {"T", DO_TRAFFIC, MODELS, "model.traffic", "plan a shift of traffic", "traffic", true},
    {"U", DO_UNDO, VIEW_BIT_ALL, "act.undo", "plan the undo of my last act (Audit: of this)",
     "undo", true},
    {"A", DO_ARM, VIEW_BIT_ALL, "writes.arm", "arm writes for 15 minutes, or disarm", "arm", true},
    {"V", DO_RESUME, VIEW_BIT_ALL, "act.verify", "verify an act that was left; sends nothing", NULL,
     false},
    {"Enter", DO_OPEN, VIEW_BIT_ALL, "row.open", "open; on numbers: formula, window, n, age",
     "open", false},
    {"o", DO_RUNBOOK, MODELS, "row.runbook", "show the runbook", "runbook", false},
    {"a", DO_ACK, PROBLEMS, "alert.ack", "acknowledge", "ack", false},
    {"c", DO_NOTE, PROBLEMS, "alert.note", "write a note", "note", false},
    {"n", DO_NEXT, VIEW_BIT_ALL, "row.next", "next problem", "next", false},
    {"N", DO_PREVIOUS, VIEW_BIT_ALL, "row.previous", "previous problem", NULL, false},
    {"v", DO_VERSION, VIEW_BIT_FEATURE, "feature.version", "next version", "version", false},
    {"t", DO_SPAN, VIEW_BIT_DRIFT | VIEW_BIT_FEATURE, "drift.window", "window: 15 min, 1 h, 24 h",
     "window", false},
    {"g", DO_GROUP, VIEW_BIT_DRIFT, "drift.group", "group by feature, or each by itself", "group",
     false},
    {"/", DO_FILTER, LISTS, "list.filter", "filter: words, !not, sev:page v:42 owner:risk", "find",
     false},
    {"s", DO_SORT, LISTS, "list.sort", "sort by the next column", "sort", false},
    {"S", DO_REVERSE, LISTS, "list.reverse", "reverse the order", NULL, false},
    {"<", DO_NOTHING, LISTS, "list.left", "columns to the left", NULL, false},
    {">", DO_NOTHING, LISTS, "list.right", "columns to the right", NULL, false},
    {"w", DO_WIDE, VIEW_BIT_ALL, "list.wide", "the list alone, with all its columns", "wide",
     false},
    {"y", DO_COPY, VIEW_BIT_ALL, "row.copy", "copy the row as one line (OSC 52)", NULL, false},
    {"Y", DO_CLI, VIEW_BIT_ALL, "row.cli", "the same as a command line", "cli", false},
    {"p", DO_FREEZE, VIEW_BIT_ALL, "screen.freeze", "freeze the screen; recording goes on", NULL,
     false},
    {"1", DO_VIEW, VIEW_BIT_ALL, "view.triage", "Triage: what is wrong, worst first", NULL, false},
    {"2", DO_VIEW, VIEW_BIT_ALL, "view.fleet", "Fleet: every deployment", NULL, false},
    {"3", DO_VIEW, VIEW_BIT_ALL, "view.model", "Model: one deployment", NULL, false},
    {"4", DO_VIEW, VIEW_BIT_ALL, "view.drift", "Drift: features by distance", NULL, false},
    {"5", DO_VIEW, VIEW_BIT_ALL, "view.feature", "Feature: reference against now", NULL, false},
    {"6", DO_VIEW, VIEW_BIT_ALL, "view.canary", "Canary (not in this version)", NULL, false},
    {"7", DO_VIEW, VIEW_BIT_ALL, "view.alerts", "Alerts", NULL, false},
    {"8", DO_VIEW, VIEW_BIT_ALL, "view.time", "Time (not in this version)", NULL, false},
    {"9", DO_VIEW, VIEW_BIT_ALL, "view.audit", "Audit: who did what", NULL, false},
    {"Tab", DO_NEXT_VIEW, VIEW_BIT_ALL, "view.next", "next view", NULL, false},
    {"S-Tab", DO_PREVIOUS_VIEW, VIEW_BIT_ALL, "view.previous", "previous view", NULL, false},
    {"-", DO_LAST_VIEW, VIEW_BIT_ALL, "view.last", "the view before", NULL, false},
    {"Esc", DO_BACK, VIEW_BIT_ALL, "screen.back", "back", NULL, false},
    {"q", DO_LEAVE, VIEW_BIT_ALL, "screen.leave", "back; at the top: quit", NULL, false},
    {"?", DO_HELP, VIEW_BIT_ALL, "screen.help", "this help", NULL, false},
    {"F1", DO_HELP, VIEW_BIT_ALL, "screen.help2", "this help", NULL, false},
    {"C-l", DO_REDRAW, VIEW_BIT_ALL, "screen.redraw", "draw the screen anew", NULL, false},
    {"C-z", DO_SUSPEND, VIEW_BIT_ALL, "screen.suspend", "to the shell; fg comes back", NULL, false},
    {"C-c", DO_QUIT, VIEW_BIT_ALL, "screen.quit2", "quit", NULL, false},
    {"F10", DO_QUIT, VIEW_BIT_ALL, "screen.quit", "quit", NULL, false},
    {0},
};

enum view_do view_key_find(const struct key *key, unsigned where)
{
    struct key k;

    for (const struct view_key *row = view_keys; row->key; row++)
        if ((row->where & where) && key_parse(row->key, &k) == 0 && key_same(&k, key))
            return row->what;
    return DO_NOTHING;
}
