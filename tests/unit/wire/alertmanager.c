/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/alertmanager.h"

#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"

#define PAIRS 8

/* A list of [name, value] pairs. */
static size_t read_pairs(const struct json *list, struct alertmanager_pair pairs[PAIRS])
{
    size_t n = json_length(list) < PAIRS ? json_length(list) : PAIRS;
    for (size_t i = 0; i < n; i++) {
        pairs[i].name = json_text(json_at(json_at(list, i), 0), NULL);
        pairs[i].value = json_text(json_at(json_at(list, i), 1), NULL);
    }
    return n;
}

/* The input is one alert, sent twice. */
static int print_body(struct json *out, const char *input, size_t length, struct err *e)
{
    struct json *in = NULL;
    struct alertmanager_pair labels[PAIRS], annotations[PAIRS];
    struct str body;
    str_init(&body, 0);
    if (json_parse(input, length, &in, e) < 0)
        return ERR_INTERNAL;
    struct alertmanager_alert alert = {.labels = labels, .annotations = annotations};
    alert.n_labels = read_pairs(json_get(in, "labels"), labels);
    alert.n_annotations = read_pairs(json_get(in, "annotations"), annotations);
    alert.source = json_text(json_get(in, "source"), NULL);
    if (!json_int(json_get(in, "starts_ms"), &alert.starts_ms))
        alert.starts_ms = CLOCK_NEVER;
    if (!json_int(json_get(in, "ends_ms"), &alert.ends_ms))
        alert.ends_ms = CLOCK_NEVER;
    struct alertmanager_alert both[] = {alert, alert};
    int code = alertmanager_write_alerts(&body, both, 2, e);
    put_text(out, "body", body.data);
    json_drop(in);
    str_done(&body);
    return code;
}

/* args: "body", or the status of a refusal. */
static struct json *print(const char *input, size_t length, const char *args)
{
    struct json *out = json_new_object();
    struct err e;
    int code = strcmp(args, "body") == 0
                   ? print_body(out, input, length, &e)
                   : alertmanager_refusal((int)strtol(args, NULL, 10), input, length, &e);
    put_error(out, code, &e);
    return out;
}

int main(void)
{
    return cases_main("alertmanager", print);
}
