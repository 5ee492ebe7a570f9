/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/wire/alertmanager.h"

#include <stdbool.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "refusal_private.h"

static bool name_valid(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    size_t length = strlen(name);
    return length > 0 && !(name[0] >= '0' && name[0] <= '9') && strspn(name, allowed) == length;
}

/* Names that are good and occur once. */
static int check_pairs(const struct alertmanager_pair *pairs, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!pairs[i].name || !name_valid(pairs[i].name))
            return err_set(e, ERR_INVALID, "Alertmanager takes no label of the name \"%s\"",
                           pairs[i].name ? pairs[i].name : "");
        for (size_t j = 0; j < i; j++)
            if (strcmp(pairs[i].name, pairs[j].name) == 0)
                return err_set(e, ERR_INVALID, "label %s is there twice", pairs[i].name);
    }
    return 0;
}

static int check_alert(const struct alertmanager_alert *a, struct err *e)
{
    int result = check_pairs(a->labels, a->n_labels, e);
    if (result == 0)
        result = check_pairs(a->annotations, a->n_annotations, e);
    if (result < 0)
        return result;
    for (size_t i = 0; i < a->n_labels; i++)
        if (strcmp(a->labels[i].name, "alertname") == 0 && a->labels[i].value &&
            *a->labels[i].value)
            return 0;
    return err_set(e, ERR_INVALID, "an alert has no label alertname");
}

/* The server drops empty values; so does the identity computed here. */
static struct json *write_pairs(const struct alertmanager_pair *pairs, size_t n)
{
    struct json *object = json_new_object();
    for (size_t i = 0; i < n; i++)
        if (pairs[i].value && *pairs[i].value)
            json_put(object, pairs[i].name, json_new_text(pairs[i].value));
    return object;
}

static void put_time(struct json *object, const char *key, int64_t wall_ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (wall_ms != CLOCK_NEVER)
        json_put(object, key, json_new_text(clock_format_ms(wall_ms, text)));
}

static struct json *write_alert(const struct alertmanager_alert *a)
{
    struct json *object = json_new_object();
    json_put(object, "labels", write_pairs(a->labels, a->n_labels));
    json_put(object, "annotations", write_pairs(a->annotations, a->n_annotations));
    put_time(object, "startsAt", a->starts_ms);
    put_time(object, "endsAt", a->ends_ms);
    if (a->source)
        json_put(object, "generatorURL", json_new_text(a->source));
    return object;
}

int alertmanager_write_alerts(struct str *ret, const struct alertmanager_alert *alerts, size_t n,
                              struct err *e)
{
    /* All of them first: the server would keep the good half of a bad batch. */
    for (size_t i = 0; i < n; i++) {
        int result = check_alert(&alerts[i], e);
        if (result < 0)
            return result;
    }
    struct json *array = json_new_array();
    for (size_t i = 0; i < n; i++)
        json_append(array, write_alert(&alerts[i]));
    int result = array && json_length(array) == n ? json_write(array, 0, ret) : ERR_NOMEM;
    json_drop(array);
    return result < 0 ? err_set(e, result, "%s", err_message(result)) : 0;
}

int alertmanager_refusal(int status, const char *bytes, size_t length, struct err *e)
{
    struct json *root = NULL;
    char text[REFUSAL_TEXT];
    if (json_parse(bytes, length, &root, NULL) < 0)
        root = NULL;
    refusal_text(bytes, length, root, text, sizeof text);
    json_drop(root);
    return err_set(e, refusal_code(status), "Alertmanager says %d: %s", status,
                   text[0] ? text : "(nothing)");
}
