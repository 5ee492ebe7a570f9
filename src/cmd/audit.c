/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop audit`: what was done, by whom, and how it ended; `audit verify`: is the log unbroken?
 * Both read the file beside the store, so they work where nobody ever recorded.
 */
#include <string.h>

#include "driftop/config/config.h"
#include "driftop/query/lists.h"
#include "driftop/store/audit.h"
#include "sheet.h"

#define HEX "0123456789abcdef"

enum { OPTION_JSON, OPTION_SINCE, OPTION_HEAD };

static void print(const struct act_list *list, FILE *out)
{
    struct sheet s;
    char at[CLOCK_TEXT_SIZE];

    if (!list->n_acts) {
        fputs("nothing was done\n", out);
        return;
    }
    sheet_init(&s, "AT ACT MODEL INTENT STATE HASH BY REASON");
    for (size_t i = 0; i < list->n_acts; i++) {
        const struct act_row *act = &list->acts[i];
        sheet_text(&s, clock_format_s(act->at_ms, at));
        sheet_text(&s, act->id);
        sheet_text(&s, act->deployment);
        sheet_text(&s, act->intent);
        sheet_format(&s, "%s%s", act->state, act->left ? " (unverified)" : "");
        sheet_format(&s, "%.12s", act->hash);
        sheet_text(&s, act->by);
        sheet_text(&s, act->reason);
    }
    sheet_print(&s, out);
}

static int run_list(struct command_context *c)
{
    struct act_list list;
    struct err e = {0};
    int64_t now_ms = clock_wall(c->clock), since_ms = 0, span_ms;
    int status = 0;

    if (c->options[OPTION_SINCE]) {
        if (clock_parse_duration(c->options[OPTION_SINCE], &span_ms) < 0) {
            err_set(&e, ERR_USAGE, "--since %s: a duration like 8h or 7d is allowed",
                    c->options[OPTION_SINCE]);
            return command_fail(c, &e);
        }
        since_ms = now_ms - span_ms;
    }
    if (act_list_read(c->config->store_path, since_ms, now_ms, &list, &e) < 0)
        return command_fail(c, &e);
    if (c->options[OPTION_JSON])
        status = print_json(c, act_list_json(&list), 0);
    else
        print(&list, c->out);
    act_list_done(&list);
    return status;
}

/* The head is the last line's own when the chain holds; of a broken one there is none. */
static struct json *chain_json(const struct command_context *c, const char *path, size_t n_events,
                               const char *head, const struct err *fault)
{
    struct json *o = json_new_object();
    char at[CLOCK_TEXT_SIZE];

    json_put(o, "schema", json_new_text("driftop.chain.v1"));
    json_put(o, "at", json_new_text(clock_format_ms(clock_wall(c->clock), at)));
    json_put(o, "path", json_new_text(path));
    json_put(o, "unbroken", json_new_bool(!fault->code));
    json_put(o, "events", json_new_int((int64_t)n_events));
    json_put(o, "head", json_new_text(head));
    json_put(o, "noted_head", json_new_text(c->options[OPTION_HEAD]));
    json_put(o, "fault", json_new_text(fault->code ? fault->text : NULL));
    return o;
}

static int run_verify(struct command_context *c)
{
    const char *noted = c->options[OPTION_HEAD];
    struct audit_log log = {0};
    struct err e = {0};
    char path[4096];
    size_t n = 0;

    if (noted && (strlen(noted) != HASH_HEX_SIZE - 1 || noted[strspn(noted, HEX)])) {
        err_set(&e, ERR_USAGE, "--head %s: a head has 64 digits, as an act printed it", noted);
        return command_fail(c, &e);
    }
    audit_path(c->config->store_path, path, sizeof path);
    int code = audit_verify(path, noted, &n, &e);
    if (code == 0)
        code = audit_read_tail(path, (size_t)2 << 20, &log, &e);
    int status = code < 0 ? command_fail(c, &e) : 0;
    if (c->options[OPTION_JSON] && (code == 0 || code == ERR_CHAIN)) {
        status = print_json(c, chain_json(c, path, n, code < 0 ? NULL : log.head, &e), status);
    } else if (code == 0) {
        fprintf(c->out, "%s: %zu events follow each other, head %s\n", path, n, log.head);
        if (!noted)
            fputs("against a cut at the end: audit verify --head HASH, with one noted elsewhere\n",
                  c->out);
    }
    audit_log_done(&log);
    return status;
}

static int run(struct command_context *c)
{
    struct err e;

    if (!c->n_arguments)
        return run_list(c);
    if (strcmp(c->arguments[0], "verify") == 0)
        return run_verify(c);
    err_set(&e, ERR_USAGE, "audit %s: only verify is allowed", c->arguments[0]);
    return command_fail(c, &e);
}

static const struct command_option options[] = {
    [OPTION_JSON] = {"--json", NULL, "Print one JSON object."},
    [OPTION_SINCE] = {"--since", "DURATION", "Only what changed within it, like 8h."},
    [OPTION_HEAD] = {"--head", "HASH", "A head noted elsewhere, which must be in the log."},
};

extern const struct command command_audit;
const struct command command_audit = {
    .name = "audit",
    .arguments = "[verify]",
    .max_arguments = 1,
    .flags = COMMAND_CONFIG,
    .help = "What was done, newest first; verify: check the log's chain (exit 8 when broken).",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
