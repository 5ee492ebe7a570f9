/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/net/auth.h"

#include <stdlib.h>
#include <string.h>

#include "driftop/base/clock.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/loop/child.h"
#include "driftop/loop/loop.h"

#define SECRET_LIMIT_BYTES ((size_t)64 << 10)
#define KEEP_MS            60000
#define COMMAND_TIMEOUT_MS 10000

struct waiter {
    struct waiter *next;
    struct loop_id id;
    auth_fn *fn;
    void *ctx;
};

struct auth {
    enum auth_kind kind;
    enum auth_source source;
    char *user, *header_name, *secret;
    char **argv;
    char *header; /* the whole line, once known */
    int64_t header_ms;
    struct waiter *waiters; /* for the command that is running */
    struct id_table waiter_ids;
    struct loop *loop;
    struct loop_id child;
};

static void wipe(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    free(text);
}

static void wipe_str(struct str *s)
{
    if (s->capacity > 0)
        explicit_bzero(s->data, s->length);
    str_done(s);
}

static int copy_text(char **ret, const char *text)
{
    *ret = text != NULL ? strdup(text) : NULL;
    return text != NULL && *ret == NULL ? ERR_NOMEM : 0;
}

static int copy_argv(char ***ret, const char *const *argv)
{
    size_t n = 0;
    while (argv != NULL && argv[n] != NULL)
        n++;
    *ret = calloc(n + 1, sizeof **ret);
    for (size_t i = 0; *ret != NULL && i < n; i++)
        if (copy_text(&(*ret)[i], argv[i]) < 0)
            return ERR_NOMEM;
    return *ret != NULL ? 0 : ERR_NOMEM;
}

static int check_options(const struct auth_options *o, struct err *e)
{
    if (o->kind == AUTH_NONE)
        return 0;
    if (o->kind == AUTH_BASIC && (o->user == NULL || strchr(o->user, ':') != NULL))
        return err_set(e, ERR_INVALID, "basic authentication needs a user name without a colon");
    if (o->kind == AUTH_HEADER && (o->header_name == NULL || o->header_name[0] == '\0' ||
                                   strpbrk(o->header_name, ":\r\n") != NULL))
        return err_set(e, ERR_INVALID, "authentication by header needs the header's name");
    if (o->source == AUTH_COMMAND && (o->argv == NULL || o->argv[0] == NULL))
        return err_set(e, ERR_INVALID, "the helper command is empty");
    if (o->source != AUTH_COMMAND && o->secret == NULL)
        return err_set(e, ERR_INVALID, "the secret's source is missing");
    return 0;
}

int auth_new(const struct auth_options *options, struct auth **ret, struct err *e)
{
    int code = check_options(options, e);
    if (code < 0)
        return code;
    struct auth *a = calloc(1, sizeof *a);
    if (a == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    a->kind = options->kind;
    a->source = options->source;
    id_table_init(&a->waiter_ids);
    if (copy_text(&a->user, options->user) < 0 ||
        copy_text(&a->header_name, options->header_name) < 0 ||
        copy_text(&a->secret, options->secret) < 0 || copy_argv(&a->argv, options->argv) < 0) {
        auth_free(a);
        return err_set(e, ERR_NOMEM, "out of memory");
    }
    *ret = a;
    return 0;
}

void auth_free(struct auth *a)
{
    if (a == NULL)
        return;
    if (loop_id_set(a->child))
        loop_cancel(a->loop, a->child);
    while (a->waiters != NULL) {
        struct waiter *next = a->waiters->next;
        free(a->waiters);
        a->waiters = next;
    }
    id_table_done(&a->waiter_ids);
    for (size_t i = 0; a->argv != NULL && a->argv[i] != NULL; i++)
        free(a->argv[i]);
    free(a->argv);
    free(a->user);
    free(a->header_name);
    wipe(a->secret);
    wipe(a->header);
    free(a);
}

void auth_forget(struct auth *a)
{
    wipe(a->header);
    a->header = NULL;
}

static void add_base64(struct str *s, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < n; i += 3) {
        unsigned b1 = i + 1 < n ? bytes[i + 1] : 0, b2 = i + 2 < n ? bytes[i + 2] : 0;
        unsigned group = (unsigned)bytes[i] << 16 | b1 << 8 | b2;
        str_add_char(s, digits[group >> 18]);
        str_add_char(s, digits[group >> 12 & 63]);
        str_add_char(s, i + 1 < n ? digits[group >> 6 & 63] : '=');
        str_add_char(s, i + 2 < n ? digits[group & 63] : '=');
    }
}

static void add_basic(struct str *s, const char *user, const char *secret)
{
    struct str pair;
    str_init(&pair, SECRET_LIMIT_BYTES);
    str_addf(&pair, "%s:%s", user, secret);
    str_add(s, "Authorization: Basic ");
    add_base64(s, (const unsigned char *)pair.data, pair.length);
    s->failed = s->failed || pair.failed;
    wipe_str(&pair);
}

/* The header line from the secret as it was read: its last line end does not belong to it. */
static int set_header(struct auth *a, struct loop *loop, struct str *secret, struct err *e)
{
    while (secret->length > 0 &&
           (secret->data[secret->length - 1] == '\n' || secret->data[secret->length - 1] == '\r'))
        secret->data[--secret->length] = '\0';
    if (secret->length == 0)
        return err_set(e, ERR_AUTH, "the secret is empty");
    for (size_t i = 0; i < secret->length; i++)
        if ((unsigned char)secret->data[i] < 0x20 || secret->data[i] == 0x7f)
            return err_set(e, ERR_AUTH, "the secret holds control characters");
    struct str line;
    str_init(&line, 3 * SECRET_LIMIT_BYTES);
    if (a->kind == AUTH_BASIC)
        add_basic(&line, a->user, secret->data);
    else if (a->kind == AUTH_BEARER)
        str_addf(&line, "Authorization: Bearer %s", secret->data);
    else
        str_addf(&line, "%s: %s", a->header_name, secret->data);
    auth_forget(a);
    if (!line.failed)
        a->header = str_take(&line);
    wipe_str(&line);
    a->header_ms = loop_now_ms(loop);
    return a->header != NULL ? 0 : err_set(e, ERR_NOMEM, "out of memory");
}

static int read_secret(const struct auth *a, struct str *ret, struct err *e)
{
    if (a->source == AUTH_FILE) {
        int code = path_check_owner(a->secret, true, e);
        return code < 0 ? code : path_read(a->secret, ret, e);
    }
    const char *text = a->source == AUTH_ENV ? getenv(a->secret) : a->secret;
    if (text == NULL)
        return err_set(e, ERR_AUTH, "the environment variable %s is not set", a->secret);
    return str_add(ret, text) < 0 ? err_set(e, ERR_LIMIT, "the secret is too long") : 0;
}

static void tell_waiters(struct auth *a, int code, const struct err *e)
{
    struct waiter *list = a->waiters;
    a->waiters = NULL;
    /* The header is this run's even when a waiter forgets it before the next one is told. */
    char *header = code == 0 ? strdup(a->header) : NULL;
    while (list != NULL) {
        struct waiter *w = list;
        list = w->next;
        if (id_table_remove(&a->waiter_ids, w->id) != NULL)
            w->fn(code, header, e, w->ctx);
        free(w);
    }
    wipe(header);
}

static void on_command_done(struct loop *loop, struct loop_id id, struct child_result *r, void *ctx)
{
    struct auth *a = ctx;
    struct err e = {0};
    int code = 0;
    (void)id;
    a->child = (struct loop_id){0};
    if (r->code < 0 || r->exit_status != 0 || r->truncated)
        code = err_set(&e, ERR_AUTH, "the helper command %s %s", a->argv[0],
                       r->code == ERR_TIMEOUT ? "timed out"
                       : r->truncated         ? "printed too much"
                                              : "failed");
    else
        code = set_header(a, loop, r->output, &e);
    explicit_bzero(r->output->data, r->output->length);
    tell_waiters(a, code, &e);
}

static int start_command(struct auth *a, struct loop *loop, struct err *e)
{
    struct child_options options = {
        .argv = (const char *const *)a->argv,
        .output_ceiling = SECRET_LIMIT_BYTES,
        .timeout_ms = COMMAND_TIMEOUT_MS,
    };
    a->loop = loop;
    return child_run(loop, &options, on_command_done, a, &a->child, e);
}

static int wait_for_command(struct auth *a, struct loop *loop, auth_fn *fn, void *ctx,
                            struct loop_id *ret_id, struct err *e)
{
    struct waiter *w = calloc(1, sizeof *w);
    if (w == NULL)
        return err_set(e, ERR_NOMEM, "out of memory");
    int code = id_table_add(&a->waiter_ids, w, &w->id);
    if (code == 0 && !loop_id_set(a->child))
        code = start_command(a, loop, e);
    if (code < 0) {
        id_table_remove(&a->waiter_ids, w->id);
        free(w);
        return code;
    }
    w->fn = fn;
    w->ctx = ctx;
    w->next = a->waiters;
    a->waiters = w;
    if (ret_id != NULL)
        *ret_id = w->id;
    return 0;
}

void auth_resolve(struct auth *a, struct loop *loop, auth_fn *fn, void *ctx, struct loop_id *ret_id)
{
    struct err e = {0};
    int code = 0;
    if (ret_id != NULL)
        *ret_id = (struct loop_id){0};
    bool fresh = a->header != NULL && loop_now_ms(loop) - a->header_ms < KEEP_MS;
    if (a->kind != AUTH_NONE && !fresh && a->source == AUTH_COMMAND) {
        code = wait_for_command(a, loop, fn, ctx, ret_id, &e);
        if (code == 0)
            return;
    } else if (a->kind != AUTH_NONE && !fresh) {
        struct str secret;
        str_init(&secret, SECRET_LIMIT_BYTES);
        code = read_secret(a, &secret, &e);
        if (code == 0)
            code = set_header(a, loop, &secret, &e);
        wipe_str(&secret);
    }
    fn(code, code == 0 ? a->header : NULL, &e, ctx);
}

void auth_cancel(struct auth *a, struct loop_id id)
{
    id_table_remove(&a->waiter_ids, id);
}
