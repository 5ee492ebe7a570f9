/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A program that is run for each change of an alert: no shell, the alert as one JSON object on its
 * standard input. Exit status 0: delivered; 10: refused for good; anything else: try again later.
 */
#include <string.h>

#include "body_private.h"
#include "driftop/adapt/notify.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"

#define EXIT_REFUSED 10

/* clang-format off */
static const struct option_row options[] = {
    {.name = "argv", .type = OPTION_LIST, .item = OPTION_TEXT,
     .flags = OPTION_REQUIRED | OPTION_EXEC,
     .help = "The program and its arguments; the alert comes as JSON on standard input.",
     .example = "[/usr/local/bin/page-me]"},
    NOTIFY_ROWS,
};
/* clang-format on */

static struct json *time_json(int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];

    return wall_ms > 0 ? json_new_text(clock_format_ms(wall_ms, text)) : json_new_null();
}

static int body(const struct option_set *set, const struct notify_alert *a, struct str *ret)
{
    const struct {
        const char *key, *value;
    } texts[] = {
        {"environment", a->environment},
        {"deployment", a->deployment},
        {"version", a->version},
        {"feature", a->feature},
        {"rule", a->rule},
        {"severity", a->severity},
        {"phase", a->phase},
        {"summary", a->summary},
        {"owner", a->owner},
        {"runbook", a->runbook},
        {"resolution", a->resolution},
    };
    struct json *root = json_new_object();
    int result;

    (void)set;
    json_put(root, "schema", json_new_text("driftop.alert/1"));
    json_put(root, "id", json_new_int(a->id));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        json_put(root, texts[i].key,
                 texts[i].value && texts[i].value[0] ? json_new_text(texts[i].value)
                                                     : json_new_null());
    json_put(root, "since", time_json(a->since_ms));
    json_put(root, "fired", time_json(a->fired_ms));
    json_put(root, "resolved", time_json(a->resolved_ms));
    json_put(root, "at", time_json(a->now_ms));
    result = root ? json_write(root, 0, ret) : ERR_NOMEM;
    if (result == 0)
        result = str_add_char(ret, '\n');
    json_drop(root);
    return result;
}

static int delivery(const struct option_set *set, const char *text, struct notify_delivery *ret,
                    struct err *e)
{
    const struct option_value *argv = option_get(set, "argv");

    if (!argv || argv->n_items == 0)
        return err_set(e, ERR_INVALID, "argv is empty");
    ret->is_command = true;
    ret->argv = argv->items;
    net_request_init(&ret->request, NET_STREAM); /* carries the bytes for standard input */
    return str_add(&ret->request.body, text);
}

static int delivered(const struct net_reply *reply, struct err *e)
{
    if (reply->outcome != NET_OK)
        return err_set(e, reply->code < 0 ? reply->code : ERR_IO, "%s", reply->err.text);
    if (reply->status == 0)
        return 0;
    return err_set(e, reply->status == EXIT_REFUSED ? ERR_REJECTED : ERR_AGAIN,
                   "the command ended with status %d", reply->status);
}

const struct notify_adapter notify_command = {
    .name = "command",
    .help = "Run a program with the alert as JSON on standard input",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .body = body,
    .delivery = delivery,
    .delivered = delivered,
};
