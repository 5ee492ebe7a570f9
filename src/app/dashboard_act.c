/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Carrying a plan from the key to its verdict. The dialog is a view; here is what it asks for.
 */
#include <stdio.h>
#include <string.h>

#include "dashboard_act_private.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/config/config.h"
#include "driftop/cmd/command.h"
#include "driftop/config/load.h"
#include "driftop/loop/loop.h"
#include "driftop/query/lists.h"
#include "driftop/view/dialog.h"

static struct act_environment environment(struct dashboard *d)
{
    return (struct act_environment){
        .loop = d->loop,
        .net = d->net,
        .config = d->config,
        .store = d->store,
        .store_path = d->config->store_path,
        .by = d->by,
    };
}

bool dashboard_acting(const struct dashboard *d)
{
    return d->act.act && !act_ended(d->act.act);
}

/* Asked before each write. What was committed while armed is carried through to its end: half of it
 * would be worse. */
bool dashboard_gate(void *ctx)
{
    const struct dashboard *d = ctx;
    return !view_stack_frame(d->stack)->read_only && (dashboard_armed(d) || dashboard_acting(d));
}

static void forget_plan(struct dashboard *d)
{
    act_plan_cancel(d->act.planning);
    d->act.planning = NULL;
    if (d->act.has_plan)
        plan_done(&d->act.plan);
    d->act.has_plan = false;
}

void dashboard_act_done(struct dashboard *d)
{
    forget_plan(d);
    act_free(d->act.act);
    d->act.act = NULL;
}

/* The engineer's own secrets, read when they are first needed. */
static int load_credentials(struct dashboard *d, struct err *e)
{
    struct config_errors errors = {0};
    int code = 0;

    if (!d->act.credentials_loaded)
        code = config_load_credentials(d->c->config, &errors);
    if (code < 0)
        err_set(e, code, "credentials: %s", errors.n_errors ? errors.errors[0].text : "unreadable");
    d->act.credentials_loaded = code == 0;
    config_errors_done(&errors);
    return code;
}

/* ---- planning ---- */

static void commit(struct dashboard *d, struct plan_panel *panel);

static void on_planned(void *ctx, int code, struct plan *plan, const struct err *e)
{
    struct dashboard *d = ctx;
    struct plan_panel *panel = plan_panel_find(d->stack);

    d->act.planning = NULL;
    if (d->act.has_plan)
        plan_done(&d->act.plan);
    d->act.plan = *plan;
    d->act.has_plan = true;
    dashboard_dirty(d);
    if (!panel)
        return;
    dashboard_flush_keys(d);
    dashboard_show_plan(d, panel, code, e);
    bool commit_it = d->act.commit_planned && code == 0 && dashboard_armed(d);
    d->act.commit_planned = false;
    if (commit_it)
        commit(d, panel);
}

static void make_plan(struct dashboard *d, struct plan_panel *panel)
{
    struct act_environment env = environment(d);
    struct err e = {0};

    forget_plan(d);
    panel->stage = PLAN_READING;
    int code = load_credentials(d, &e);
    if (code == 0)
        code = act_plan(&env, d->act.deployment, &d->act.wish, on_planned, d, &d->act.planning, &e);
    if (code < 0)
        dashboard_show_plan(d, panel, code, &e);
}

static struct plan_panel *open_panel(struct dashboard *d, const char *what, const char *question)
{
    struct plan_panel *panel = plan_panel_find(d->stack);

    if (!panel && view_stack_open(d->stack, "plan", NULL) == 0)
        panel = plan_panel_find(d->stack);
    if (!panel) {
        view_stack_say(d->stack, "no memory for a plan");
        return NULL;
    }
    str_clear(&panel->text);
    str_clear(&panel->progress);
    prompt_clear(&panel->answer);
    prompt_clear(&panel->reason);
    panel->answer.accept = NULL;
    panel->on_reason = false;
    panel->refusal[0] = '\0';
    panel->first = 0;
    snprintf(panel->title, sizeof panel->title, "%s %.60s in %.40s", what, d->act.deployment,
             d->config->environment);
    str_copy(panel->question, sizeof panel->question, question);
    /* What was typed before this dialog stood there does not belong to it. */
    dashboard_flush_keys(d);
    return panel;
}

static void open_rollback(struct dashboard *d, const struct view_target *target)
{
    struct dashboard_act *a = &d->act;

    a->wish = (struct plan_wish){.intent = PLAN_ROLLBACK};
    dashboard_default_version(d, target, a->wish.version, sizeof a->wish.version);
    struct plan_panel *panel = open_panel(d, "roll back", "Go to which version?");
    if (!panel)
        return;
    panel->answer.accept = prompt_accept_version;
    make_plan(d, panel);
}

static void open_traffic(struct dashboard *d)
{
    d->act.wish = (struct plan_wish){.intent = PLAN_TRAFFIC};
    struct plan_panel *panel = open_panel(d, "shift traffic of", "Percent?");
    if (panel)
        make_plan(d, panel);
}

/* By whom without the claims behind the name, which differ from one login to the next. */
static bool same_person(const char *a, const char *b)
{
    size_t length = strcspn(a, " ");
    return length == strcspn(b, " ") && memcmp(a, b, length) == 0;
}

/* The newest act that was left, or the newest that has changed something and is this deployment's
 * or one's own: what one has just rolled back is often no longer in the list to be selected. */
static bool find_act(struct dashboard *d, const char *deployment, bool left, char *ret, size_t size)
{
    struct act_list acts = {0};
    int64_t now_ms = view_stack_frame(d->stack)->now_ms;
    bool found = false;

    if (!d->store || act_list_load(d->store, 0, now_ms, &acts, NULL) < 0)
        return false;
    for (size_t i = 0; i < acts.n_acts && !found; i++) {
        const struct act_row *row = &acts.acts[i];
        bool settled = !row->left && strcmp(row->state, "unknown") != 0;
        bool changed = strcmp(row->state, "undone") != 0 && strcmp(row->state, "refused") != 0 &&
                       strcmp(row->state, "conflict") != 0 && strcmp(row->state, "rejected") != 0;
        bool ours = strcmp(deployment, row->deployment) == 0 || same_person(d->by, row->by);
        found = left ? !settled : changed && ours;
        if (found)
            str_copy(ret, size, row->id);
    }
    act_list_done(&acts);
    return found;
}

static void open_undo(struct dashboard *d, const struct view_target *target)
{
    struct dashboard_act *a = &d->act;
    char id[32] = "", question[64];
    struct err e = {0};

    str_copy(id, sizeof id, target->act_id);
    if (!id[0] && !find_act(d, target->deployment, false, id, sizeof id)) {
        view_stack_say(d->stack, "nothing to undo: no act of yours%s%s is in the audit",
                       target->deployment[0] ? " and none on " : "", target->deployment);
        return;
    }
    a->wish = (struct plan_wish){.intent = PLAN_UNDO};
    if (act_undo_wish(d->config->store_path, id, a->deployment, sizeof a->deployment, &a->wish,
                      &e) < 0) {
        view_stack_say(d->stack, "act %s cannot be undone: %s", id, e.text);
        return;
    }
    snprintf(question, sizeof question, "u undoes act %.30s:", id);
    struct plan_panel *panel = open_panel(d, "undo on", question);
    if (!panel)
        return;
    panel->answer.accept = prompt_accept_version;
    make_plan(d, panel);
}

/* ---- committing ---- */

static void on_changed(void *ctx, struct act *act, enum act_phase phase, const char *line)
{
    struct dashboard *d = ctx;
    struct plan_panel *panel = plan_panel_find(d->stack);
    bool ended = act_ended(act);

    dashboard_dirty(d);
    if (panel)
        dashboard_show_phase(d, panel, act, phase, line);
    if (!ended)
        return;
    if (!panel)
        view_stack_say(d->stack, "act %s on %s: %s: %s", d->act.act_id, d->act.deployment,
                       act_phase_name(phase), line);
    d->act.act = NULL;
    d->fresh = true;
    act_free(act);
}

static void begin_progress(struct dashboard *d, struct plan_panel *panel)
{
    char line[512];

    str_copy(d->act.act_id, sizeof d->act.act_id, d->act.act ? act_id(d->act.act) : "");
    str_clear(&panel->progress);
    if (d->act.has_plan) {
        str_addf(&panel->progress, "before  %s\n",
                 world_text(&d->act.plan.before, line, sizeof line));
        str_addf(&panel->progress, "after   %s\n\n",
                 world_text(&d->act.plan.after, line, sizeof line));
    }
    /* Reading takes as long as the other side lets it: the panel does not stand empty meanwhile. */
    str_addf(&panel->progress, "%s reading   %s\n",
             clock_format_hms(clock_wall(loop_clock(d->loop)), line),
             d->act.has_plan ? "once more, before anything is sent"
                             : "what is there, nothing is sent");
    d->act.line_at = panel->progress.length;
    d->act.steps = 0;
    d->act.phase = ACT_PLANNED;
    panel->stage = PLAN_SENDING;
    panel->first = 0;
}

static void commit(struct dashboard *d, struct plan_panel *panel)
{
    struct act_environment env = environment(d);
    struct err e = {0};

    if (dashboard_acting(d)) {
        str_copy(panel->refusal, sizeof panel->refusal, "another act of yours is not settled yet");
        return;
    }
    int code = act_commit(&env, &d->act.plan, panel->reason.text, on_changed, d, &d->act.act, &e);
    if (code < 0) {
        d->act.act = NULL;
        str_copy(panel->refusal, sizeof panel->refusal, e.text);
        return;
    }
    begin_progress(d, panel);
}

/* What was typed, as a wish. */
static int read_answer(const struct dashboard_act *a, const char *text, struct plan_wish *ret,
                       struct err *e)
{
    *ret = a->wish;
    switch (a->wish.intent) {
    case PLAN_ROLLBACK:
        /* "v41" is how it stands on the screen. */
        text += text[0] == 'v' && text[1] >= '0' && text[1] <= '9';
        str_copy(ret->version, sizeof ret->version, text);
        return 0;
    case PLAN_TRAFFIC: return dashboard_parse_shares(a->has_plan ? &a->plan : NULL, text, ret, e);
    case PLAN_UNDO: break;
    }
    if (strcmp(text, "u") == 0 || strcmp(text, "U") == 0 || strcmp(text, a->wish.undo_of) == 0)
        return 0;
    return err_set(e, ERR_USAGE, "type u, or the act's id, to undo act %s", a->wish.undo_of);
}

/* What is typed commits. A target other than the shown plan's is planned first, read live, and then
 * committed unless a check stops it: its version or its percentages were typed, not just confirmed. */
static void answer(struct dashboard *d, struct plan_panel *panel, const char *text)
{
    struct dashboard_act *a = &d->act;
    struct plan_wish typed;
    struct err e = {0};

    if (read_answer(a, text, &typed, &e) < 0) {
        str_copy(panel->refusal, sizeof panel->refusal, e.text);
        return;
    }
    /* A plan that was refused, or a word that was: the right one plans on what is there now. */
    if (panel->refusal[0] || !dashboard_same_wish(&typed, &a->wish)) {
        a->wish = typed;
        a->commit_planned = dashboard_armed(d);
        make_plan(d, panel);
        return;
    }
    if (a->has_plan && !panel->refusal[0] && dashboard_armed(d))
        commit(d, panel);
}

/* ---- taking up what was left ---- */

static void resume(struct dashboard *d, const struct view_target *target)
{
    struct act_environment env = environment(d);
    struct err e = {0};
    char id[32];

    str_copy(id, sizeof id, target->act_id);
    if (dashboard_acting(d)) {
        view_stack_say(d->stack, "another act of yours is not settled yet");
        return;
    }
    if (!id[0] && !find_act(d, "", true, id, sizeof id)) {
        view_stack_say(d->stack, "every act is settled: there is nothing to verify");
        return;
    }
    forget_plan(d);
    int code = load_credentials(d, &e);
    if (code == 0)
        code = act_resume(&env, id, on_changed, d, &d->act.act, &e);
    if (code < 0) {
        d->act.act = NULL;
        view_stack_say(d->stack, "act %s: %s", id, e.text);
        return;
    }
    str_copy(d->act.deployment, sizeof d->act.deployment, target->deployment);
    struct plan_panel *panel = open_panel(d, "verify what was left on", "");
    if (panel)
        begin_progress(d, panel);
    str_copy(d->act.act_id, sizeof d->act.act_id, id);
}

void dashboard_act_command(struct dashboard *d, const struct view_result *r)
{
    struct plan_panel *panel = plan_panel_find(d->stack);
    struct view_target target = r->target;

    if (r->command == DO_BACK) {
        d->act.commit_planned = false;
        forget_plan(d);
        view_stack_close_top(d->stack);
        return;
    }
    if (r->command == DO_COMMIT) {
        if (panel && panel->stage == PLAN_SHOWN)
            answer(d, panel, r->text);
        return;
    }
    if (panel) /* from the settled panel: about the act that it shows */
        str_copy(target.act_id, sizeof target.act_id, d->act.act_id);
    d->act.commit_planned = false;
    if (!panel)
        str_copy(d->act.deployment, sizeof d->act.deployment, target.deployment);
    if (r->command == DO_RESUME)
        resume(d, &target);
    else if (r->command == DO_UNDO)
        open_undo(d, &target);
    else if (!target.deployment[0])
        view_stack_say(d->stack, "select a deployment first");
    else if (dashboard_acting(d))
        view_stack_say(d->stack, "act %s is not settled yet", d->act.act_id);
    else if (r->command == DO_ROLLBACK)
        open_rollback(d, &target);
    else
        open_traffic(d);
}
