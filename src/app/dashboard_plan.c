/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words around a plan: the version a rollback would choose, percentages as they are typed, a plan
 * and an act's progress as lines of the dialog, and what to do next.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dashboard_act_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/loop/loop.h"
#include "driftop/store/read.h"
#include "driftop/view/dialog.h"

#define TEXT_COLUMNS 74

/* ---- which version ---- */

static bool is_other(const struct version_state *v, const char *bad)
{
    return strcmp(v->version, bad) != 0;
}

static double share_of(const struct version_state *v)
{
    return v->has & VERSION_DESIRED ? v->desired_ratio : 0;
}

/* The one that most requests go to, but for those two. */
static const struct version_state *busiest(const struct version_state *versions, size_t n,
                                           const char *not_this, const char *nor_this)
{
    const struct version_state *best = NULL;
    for (size_t i = 0; i < n; i++)
        if (is_other(&versions[i], not_this) && is_other(&versions[i], nor_this) &&
            (!best || share_of(&versions[i]) > share_of(best)))
            best = &versions[i];
    return best;
}

/* What to go away from: the selected version as long as it gets requests, else the busiest. An
 * alert may be about a version that nobody is sent to any more. */
static const char *bad_version(const struct version_state *versions, size_t n, const char *selected)
{
    const struct version_state *most = busiest(versions, n, "", "");

    for (size_t i = 0; i < n; i++)
        if (strcmp(versions[i].version, selected) == 0 && share_of(&versions[i]) > 0)
            return selected;
    return most ? most->version : "";
}

/* To the champion where that is another one, else to the champion before it, else to what gets the
 * most requests beside it. Never to the one that the selected line is about. */
static void choose_version(struct dashboard *d, const struct deployment_state *deployment,
                           const struct version_state *versions, size_t n, const char *selected,
                           char *ret, size_t size)
{
    const char *bad = bad_version(versions, n, selected);
    const struct version_state *other = busiest(versions, n, bad, selected);
    char previous[MODEL_NAME_SIZE] = "";

    (void)store_previous_champion(d->store, deployment->id, previous, sizeof previous);
    const char *const wanted[] = {deployment->champion, previous, other ? other->version : ""};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (wanted[i][0] && strcmp(wanted[i], bad) != 0 && strcmp(wanted[i], selected) != 0) {
            str_copy(ret, size, wanted[i]);
            return;
        }
}

void dashboard_default_version(struct dashboard *d, const struct view_target *target, char *ret,
                               size_t size)
{
    struct deployment_state *deployment = NULL;
    struct version_state *versions = NULL;
    size_t n = 0, n_versions = 0;

    ret[0] = '\0';
    if (d->store && store_deployments(d->store, target->deployment, &deployment, &n, NULL) == 0 &&
        n > 0 && store_versions(d->store, deployment->id, &versions, &n_versions, NULL) == 0)
        choose_version(d, deployment, versions, n_versions, target->version, ret, size);
    free(deployment);
    free(versions);
}

/* ---- percentages ---- */

static int parse_percent(const char *text, double *ret, struct err *e)
{
    char *end;
    double value = strtod(text, &end);

    if (*end == '%')
        end++;
    if (end == text || *end || !isfinite(value))
        return err_set(e, ERR_USAGE, "%.32s is no percentage", text);
    *ret = value / 100;
    return 0;
}

static int add_share(const struct plan *plan, char *word, size_t place, struct plan_wish *ret,
                     struct err *e)
{
    char *equals = strchr(word, '=');
    const char *version = word;

    if (ret->n_shares >= PLAN_SHARES_MAX)
        return err_set(e, ERR_LIMIT, "too many shares");
    if (equals) {
        *equals = '\0';
        if (version[0] == 'v' && version[1] >= '0' && version[1] <= '9')
            version++;
    } else if (plan && place < plan->before.n_shares) {
        version = plan->before.shares[place].version;
    } else {
        return err_set(e, ERR_USAGE, "write VERSION=PERCENT, like 41=75 42=25");
    }
    struct control_share *share = &ret->shares[ret->n_shares++];
    memset(share, 0, sizeof *share);
    str_copy(share->version, sizeof share->version, version);
    return parse_percent(equals ? equals + 1 : word, &share->ratio, e);
}

int dashboard_parse_shares(const struct plan *plan, const char *text, struct plan_wish *ret,
                           struct err *e)
{
    char word[128];
    size_t place = 0;

    memset(ret, 0, sizeof *ret);
    ret->intent = PLAN_TRAFFIC;
    for (;;) {
        text += strspn(text, " ,");
        size_t length = strcspn(text, " ,");
        if (length == 0)
            break;
        str_copy(word, length < sizeof word ? length + 1 : sizeof word, text);
        int code = add_share(plan, word, place++, ret, e);
        if (code < 0)
            return code;
        text += length;
    }
    return ret->n_shares ? 0 : err_set(e, ERR_USAGE, "write VERSION=PERCENT, like 41=75 42=25");
}

bool dashboard_same_wish(const struct plan_wish *a, const struct plan_wish *b)
{
    if (a->intent != b->intent || strcmp(a->version, b->version) != 0 ||
        strcmp(a->undo_of, b->undo_of) != 0)
        return false;
    if (a->intent != PLAN_TRAFFIC)
        return true;
    if (a->n_shares != b->n_shares)
        return false;
    for (size_t i = 0; i < a->n_shares; i++)
        if (strcmp(a->shares[i].version, b->shares[i].version) != 0 ||
            fabs(a->shares[i].ratio - b->shares[i].ratio) > 1e-9)
            return false;
    return true;
}

/* ---- the panel ---- */

void dashboard_show_plan(struct dashboard *d, struct plan_panel *panel, int code,
                         const struct err *e)
{
    const struct dashboard_act *a = &d->act;
    bool asked = a->wish.intent == PLAN_TRAFFIC ? a->wish.n_shares > 0
                                                : a->wish.intent == PLAN_UNDO || a->wish.version[0];
    char line[512];

    panel->stage = PLAN_SHOWN;
    panel->refusal[0] = '\0';
    str_clear(&panel->text);
    if (a->has_plan && asked)
        plan_text(&a->plan, TEXT_COLUMNS, &panel->text);
    else if (a->has_plan)
        str_addf(&panel->text, "now     %s\n", world_text(&a->plan.before, line, sizeof line));
    if (!asked && a->wish.intent == PLAN_TRAFFIC)
        str_add(&panel->text,
                "\nType the new shares, as 41=75 42=25, or just the percentages in the order\n"
                "above, as 75 25. Enter plans it live, and commits unless a check stops it.\n");
    else if (!asked)
        str_add(&panel->text,
                "\nNo version to go back to is known: type one. Enter plans it live, and\n"
                "commits unless a check stops it.\n");
    if (code < 0 && (asked || !a->has_plan))
        str_copy(panel->refusal, sizeof panel->refusal, e->text);
    else if (asked && plan_empty(&a->plan))
        str_copy(panel->refusal, sizeof panel->refusal, "nothing to do: it is so already");
}

struct advice {
    enum act_phase phase;
    const char *text;
};

static const struct advice advices[] = {
    {ACT_VERIFIED, "U takes it back.  Esc closes"},
    {ACT_ACCEPTED,
     "applied, but too little traffic to see it: look at 3 Model in a minute.  U undoes"},
    {ACT_DIVERGED, "somebody has set something else: see 9 Audit, then plan again.  U undoes"},
    {ACT_STALLED, "it was taken, but does not take effect: look at the splitter.  U undoes"},
    {ACT_PARTIAL, "half of it is done: Esc, then R finishes it; U takes the half back"},
    {ACT_CONFLICT, "nothing was sent: Esc, then R or T plans on what is there now"},
    {ACT_REFUSED, "nothing was sent.  Esc closes"},
    {ACT_REJECTED, "the other side said no.  Esc closes"},
    {ACT_UNKNOWN, "it may or may not have happened: V reads what is there, it sends nothing"},
    {ACT_FAILED, "everything is as it was.  Esc closes"},
    {ACT_UNDONE, "Esc closes"},
};

static void settle(struct plan_panel *panel, enum act_phase phase)
{
    const char *word =
        phase == ACT_ACCEPTED ? "applied, traffic not observed" : act_phase_name(phase);

    panel->stage = PLAN_SETTLED;
    panel->good = phase == ACT_VERIFIED || phase == ACT_UNDONE;
    str_copy(panel->verdict, sizeof panel->verdict, word);
    panel->advice[0] = '\0';
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].phase == phase)
            str_copy(panel->advice, sizeof panel->advice, advices[i].text);
}

/* One line a step and a phase: while it verifies, each look takes the place of the one before. */
void dashboard_show_phase(struct dashboard *d, struct plan_panel *panel, const struct act *act,
                          enum act_phase phase, const char *line)
{
    struct str *text = &panel->progress;
    bool ended = act_ended(act);
    char at[CLOCK_TEXT_SIZE];

    if (phase == d->act.phase && !ended && d->act.line_at <= text->length) {
        text->length = d->act.line_at;
        text->data[text->length] = '\0';
    }
    d->act.line_at = text->length;
    d->act.phase = phase;
    clock_format_hms(clock_wall(loop_clock(d->loop)), at);
    str_addf(text, "%s %-9s %s\n", at, act_phase_name(phase), line);
    if (d->act.steps != act_steps_done(act))
        d->act.line_at = text->length;
    d->act.steps = act_steps_done(act);
    if (ended)
        settle(panel, phase);
}
