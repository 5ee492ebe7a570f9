/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `driftop ack ALERT`: says that somebody looks after it. It writes to the store only.
 */
#include <errno.h>
#include <stdlib.h>

#include "driftop/act/phase.h"
#include "driftop/store/read.h"
#include "sheet.h"

static int read_id(const char *text, int64_t *ret, struct err *e)
{
    char *end;
    errno = 0;
    *ret = strtoll(text, &end, 10);
    if (end == text || *end || errno || *ret < 1)
        return err_set(e, ERR_ABSENT, "no alert is called %s: driftop alerts shows their numbers",
                       text);
    return 0;
}

static int run(struct command_context *c)
{
    char by[256], at[CLOCK_TEXT_SIZE];
    struct err e = {0};
    int64_t id = 0, now_ms = clock_wall(c->clock);

    act_by(by, sizeof by);
    int code = read_id(c->arguments[0], &id, &e);
    if (code == 0)
        code = store_add_ack(c->store, id, by, now_ms, c->options[0], &e);
    if (code < 0)
        return command_fail(c, &e);
    if (!c->options[1]) {
        fprintf(c->out, "alert %lld acknowledged by %s\n", (long long)id, by);
        return 0;
    }
    struct json *o = json_new_object();
    json_put(o, "schema", json_new_text("driftop.ack.v1"));
    json_put(o, "alert", json_new_int(id));
    json_put(o, "by", json_new_text(by));
    json_put(o, "at", json_new_text(clock_format_ms(now_ms, at)));
    json_put(o, "note", json_new_text(c->options[0]));
    return print_json(c, o, 0);
}

static const struct command_option options[] = {
    {"--note", "TEXT", "What is known or being done."},
    {"--json", NULL, "Print one JSON object."},
};

extern const struct command command_ack;
const struct command command_ack = {
    .name = "ack",
    .arguments = "ALERT",
    .min_arguments = 1,
    .max_arguments = 1,
    .flags = COMMAND_STORE,
    .help = "Acknowledge an alert by its number.",
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .run = run,
};
