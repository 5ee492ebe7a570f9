/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Notifiers over their folders: options.yaml, alert.json (the fields of struct notify_alert),
 * status-N (the status of an answer, and its body) give body, delivery and what became of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../wire/cases.h"
#include "driftop/adapt/notify.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "folder.h"
#include "printing.h"

static void fill_alert(const struct json *json, struct notify_alert *a)
{
    const struct {
        const char *key, **text;
    } texts[] = {
        {"environment", &a->environment},
        {"deployment", &a->deployment},
        {"version", &a->version},
        {"feature", &a->feature},
        {"rule", &a->rule},
        {"severity", &a->severity},
        {"phase", &a->phase},
        {"summary", &a->summary},
        {"runbook", &a->runbook},
        {"owner", &a->owner},
        {"resolution", &a->resolution},
    };
    const struct {
        const char *key;
        int64_t *number;
    } numbers[] = {
        {"id", &a->id},
        {"since_ms", &a->since_ms},
        {"fired_ms", &a->fired_ms},
        {"resolved_ms", &a->resolved_ms},
        {"now_ms", &a->now_ms},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = json_text(json_get(json, texts[i].key), NULL);
        *texts[i].text = text ? text : "";
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        json_int(json_get(json, numbers[i].key), numbers[i].number);
}

static struct json *print_delivered(const struct folder_case *c, const struct notify_adapter *a)
{
    struct json *out = json_new_array();

    for (int i = 1; i < 10; i++) {
        struct json *one = json_new_object();
        struct net_reply reply;
        struct str text;
        struct err e;
        char file[32];
        int code;
        snprintf(file, sizeof file, "status-%d", i);
        if (folder_read(c, file, &text)) {
            char *end;
            net_reply_init(&reply);
            reply.status = (int)strtol(text.data, &end, 10);
            str_add(&reply.body, end + (*end == '\n'));
            code = a->delivered(&reply, &e);
            json_put(one, "delivered", json_new_bool(code == 0));
            put_error(one, code, &e);
            json_append(out, json_keep(one));
            net_reply_done(&reply);
        }
        str_done(&text);
        json_drop(one);
    }
    return out;
}

static struct json *print_case(const struct folder_case *c)
{
    const struct notify_adapter *a = adapt_notify_find(c->adapter);
    struct json *out = json_new_object(), *alert_json, *body_json = NULL, *argv = json_new_array();
    struct notify_delivery delivery = {0};
    struct notify_alert alert = {0};
    struct option_set options;
    struct str yaml, body;
    struct err e;
    int code;

    assert_non_null(a);
    assert_true(folder_read(c, "options.yaml", &yaml));
    if (option_set_parse(yaml.data, a->options, a->n_options, &options, &e) < 0)
        fail_msg("%s/%s/options.yaml:%d: %s", c->adapter, c->name, e.line, e.text);
    alert_json = folder_json(c, "alert.json");
    fill_alert(alert_json, &alert);
    str_init(&body, 65536);
    code = a->body(&options, &alert, &body);
    if (code < 0) {
        json_put(out, "error", json_new_text(err_name(code)));
    } else {
        assert_int_equal(json_parse(body.data, body.length, &body_json, NULL), 0);
        json_put(out, "body", body_json);
        assert_int_equal(a->delivery(&options, body.data, &delivery, &e), 0);
        assert_string_equal(delivery.request.body.data, body.data);
        str_clear(&delivery.request.body);
        for (char **arg = delivery.argv; arg && *arg; arg++)
            json_append(argv, json_new_text(*arg));
        if (delivery.is_command)
            json_put(out, "argv", json_keep(argv));
        else
            json_put(out, "request", print_request(&delivery.request));
        net_request_done(&delivery.request);
    }
    json_put(out, "answers", print_delivered(c, a));
    json_drop(argv);
    json_drop(alert_json);
    option_set_done(&options);
    str_done(&body);
    str_done(&yaml);
    return out;
}

static void test_notifiers(void **state)
{
    int wrong = 0;

    (void)state;
    for (size_t i = 0; adapt_notifiers[i]; i++)
        wrong += folder_run(adapt_notifiers[i]->name, print_case);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_notifiers)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
