/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What readers insert, each in a transaction of its own; and the outbox, which holds texts of any
 * length.
 */
#include "driftop/store/read.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/vec.h"
#include "sql_private.h"

static int add_mark(struct store *s, int64_t alert_id, bool is_ack, const char *by, int64_t at_ms,
                    const char *note, struct err *e)
{
    struct sql q;
    int rc = sql_may_write(s, e);
    if (rc < 0)
        return rc;
    sql_open(&q, s,
             "INSERT INTO mark (alert_id, is_ack, severity, by, at_ms, note)"
             " SELECT id, ?, severity, ?, ?, ? FROM alert WHERE id = ? RETURNING id");
    sql_put_int(&q, is_ack);
    sql_put_text(&q, by ? by : "");
    sql_put_int(&q, at_ms);
    sql_put_text(&q, note ? note : "");
    sql_put_int(&q, alert_id);
    rc = sql_step(&q, e);
    if (rc == 0)
        return err_set(e, ERR_ABSENT, "there is no alert %lld", (long long)alert_id);
    return rc < 0 ? rc : sql_run(&q, e);
}

int store_add_ack(struct store *s, int64_t alert_id, const char *by, int64_t at_ms,
                  const char *note, struct err *e)
{
    return add_mark(s, alert_id, true, by, at_ms, note, e);
}

int store_add_note(struct store *s, int64_t alert_id, const char *by, int64_t at_ms,
                   const char *note, struct err *e)
{
    if (!note || !note[0])
        return err_set(e, ERR_INVALID, "an empty note");
    return add_mark(s, alert_id, false, by, at_ms, note, e);
}

int store_put_plan(struct store *s, const char *id, const char *text, int64_t expires_ms,
                   struct err *e)
{
    struct sql q;
    int rc = sql_may_write(s, e);
    if (rc < 0)
        return rc;
    sql_open(&q, s, "INSERT INTO plan (id, text, expires_ms) VALUES (?, ?, ?)");
    sql_put_text(&q, id);
    sql_put_text(&q, text);
    sql_put_int(&q, expires_ms);
    return sql_run(&q, e);
}

static char *take_text(struct sql *q)
{
    size_t length;
    const char *bytes = sql_get_bytes(q, &length);
    char *copy = malloc(length + 1);
    if (copy) {
        memcpy(copy, bytes ? bytes : "", length);
        copy[length] = '\0';
    }
    return copy;
}

int store_plan(struct store *s, const char *id, char **ret_text, int64_t *ret_expires_ms,
               struct err *e)
{
    struct sql q;
    *ret_text = NULL;
    sql_open(&q, s, "SELECT expires_ms, text FROM plan WHERE id = ?");
    sql_put_text(&q, id);
    int rc = sql_step(&q, e);
    if (rc == 0)
        return err_set(e, ERR_ABSENT, "there is no plan %s", id);
    if (rc < 0)
        return rc;
    *ret_expires_ms = sql_get_int(&q);
    *ret_text = take_text(&q);
    sql_end(&q);
    return *ret_text ? 0 : err_set(e, ERR_NOMEM, "reading plan %s", id);
}

static int get_outbox(struct sql *q, struct outbox_item *ret)
{
    *ret = (struct outbox_item){.id = sql_get_int(q)};
    ret->alert_id = sql_get_int(q);
    sql_get_text(q, ret->channel, sizeof ret->channel);
    ret->attempts = (int)sql_get_int(q);
    ret->next_ms = sql_get_int(q);
    sql_get_text(q, ret->fault, sizeof ret->fault);
    ret->body = take_text(q);
    return ret->body ? 0 : ERR_NOMEM;
}

int store_outbox(struct store *s, int64_t now_ms, size_t limit, struct outbox_item **ret,
                 size_t *ret_n, struct err *e)
{
    struct outbox_item *items = NULL;
    size_t n = 0, capacity = 0;
    struct sql q;
    int rc;
    sql_open(&q, s,
             "SELECT id, alert_id, channel, attempts, next_ms, fault, body FROM outbox"
             " WHERE next_ms <= ? ORDER BY next_ms, id LIMIT ?");
    sql_put_int(&q, now_ms);
    sql_put_int(&q, limit > INT32_MAX ? INT32_MAX : (int64_t)limit);
    while ((rc = sql_step(&q, e)) > 0) {
        rc = VEC_ROOM(items, n, capacity, 1);
        if (rc == 0)
            rc = get_outbox(&q, &items[n++]);
        if (rc < 0) {
            err_set(e, rc, "reading the outbox");
            break;
        }
    }
    sql_end(&q);
    if (rc < 0) {
        outbox_free(items, n);
        items = NULL;
        n = 0;
    }
    *ret = items;
    *ret_n = n;
    return rc;
}

void outbox_free(struct outbox_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(items[i].body);
    free(items);
}
