/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Credentials, resolved as late as possible: a value, an environment variable, a file (it must be
 * ours and closed to others) or what a helper command prints. Files and commands are asked again
 * after a minute and after auth_forget(), so that a rotated token is found. A secret is held in
 * memory only here and in the request that is being sent; it is wiped before it is freed and never
 * part of an error text.
 */
#ifndef DRIFTOP_NET_AUTH_H
#define DRIFTOP_NET_AUTH_H

#include "driftop/base/err.h"
#include "driftop/loop/id.h"

struct auth;
struct loop;
struct str;

enum auth_kind { AUTH_NONE, AUTH_BASIC, AUTH_BEARER, AUTH_HEADER };
enum auth_source { AUTH_VALUE, AUTH_ENV, AUTH_FILE, AUTH_COMMAND };

struct auth_options {
    enum auth_kind kind;
    enum auth_source source;
    const char *user;        /* AUTH_BASIC */
    const char *header_name; /* AUTH_HEADER */
    const char *secret;      /* the value, the variable's name or the file's path */
    const char *const *argv; /* AUTH_COMMAND; ends with NULL */
};

/* header is a whole line "Authorization: ..." or NULL for AUTH_NONE; borrowed for the call. */
typedef void auth_fn(int code, const char *header, const struct err *e, void *ctx);

/* Copies the options; asks for nothing yet. ERR_INVALID for options that do not fit together. */
int auth_new(const struct auth_options *options, struct auth **ret, struct err *e);
/* Forgets the secret. Whoever waits for a command's answer is not called any more. */
void auth_free(struct auth *a);

/* Calls fn once: at once when the answer is known or a file has it, later when a command must run.
 * A second caller waits for the same run. *ret_id (may be NULL) is set when fn comes later. */
void auth_resolve(struct auth *a, struct loop *loop, auth_fn *fn, void *ctx,
                  struct loop_id *ret_id);
void auth_cancel(struct auth *a, struct loop_id id);
/* The other side said 401: ask the source again next time. */
void auth_forget(struct auth *a);

/* Append the URL with user and password and the values of query fields that look like secrets
 * replaced by "***". Takes anything, also what is no URL. */
int auth_redact_url(struct str *s, const char *url);
/* True for header names whose values must not be shown. */
bool auth_is_secret_header(const char *name);

#endif
