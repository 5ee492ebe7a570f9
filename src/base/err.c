/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "utf8_private.h"

struct err_row {
    int code;
    const char *name, *message;
    bool retryable;
    int exit_status;
};

static const struct err_row rows[] = {{ERR_OK, "ok", "no error", false, 0},
#define X(code, number, name, message, retry, status) {code, name, message, retry, status},
                                      ERR_LIST(X)
#undef X
};

/* A code from nowhere reads as an internal error, which is what it is. */
static const struct err_row *row_of(int code)
{
    const size_t n_rows = sizeof rows / sizeof rows[0];

    for (size_t i = 0; i < n_rows; i++) {
        if (rows[i].code == code)
            return &rows[i];
    }
    return &rows[n_rows - 1];
}

/* The arguments may point into e itself (an error that gets a context), so everything is put
 * together aside before anything of e changes. */
static int fill(struct err *e, int code, const char *where, int line, int column,
                const char *format, va_list ap) __attribute__((format(printf, 6, 0)));

static int fill(struct err *e, int code, const char *where, int line, int column,
                const char *format, va_list ap)
{
    struct err made = {.code = code, .line = line, .column = column};

    if (!e)
        return code;
    if (vsnprintf(made.text, sizeof made.text, format, ap) >= (int)sizeof made.text)
        made.text[utf8_cut(made.text, sizeof made.text - 1)] = '\0';
    if (where)
        str_copy(made.where, sizeof made.where, where);
    *e = made;
    return code;
}

int err_set(struct err *e, int code, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    fill(e, code, NULL, 0, 0, format, ap);
    va_end(ap);
    return code;
}

int err_set_at(struct err *e, int code, const char *where, int line, int column, const char *format,
               ...)
{
    va_list ap;

    va_start(ap, format);
    fill(e, code, where, line, column, format, ap);
    va_end(ap);
    return code;
}

static const struct {
    int errno_value, code;
} errno_rows[] = {
    {ENOMEM, ERR_NOMEM},         {ENOENT, ERR_ABSENT},       {ENOTDIR, ERR_ABSENT},
    {EACCES, ERR_DENIED},        {EPERM, ERR_DENIED},        {EROFS, ERR_DENIED},
    {ENOSPC, ERR_FULL},          {EDQUOT, ERR_FULL},         {EFBIG, ERR_FULL},
    {ETIMEDOUT, ERR_TIMEOUT},    {EAGAIN, ERR_BUSY},         {EBUSY, ERR_BUSY},
    {ECONNREFUSED, ERR_CONNECT}, {ECONNRESET, ERR_CONNECT},  {ECONNABORTED, ERR_CONNECT},
    {EHOSTUNREACH, ERR_CONNECT}, {ENETUNREACH, ERR_CONNECT}, {ENETDOWN, ERR_CONNECT},
    {EPIPE, ERR_CONNECT},        {EINVAL, ERR_INVALID},      {ENAMETOOLONG, ERR_INVALID},
    {ECANCELED, ERR_CANCELLED},
};

static int code_of_errno(int errno_value)
{
    for (size_t i = 0; i < sizeof errno_rows / sizeof errno_rows[0]; i++) {
        if (errno_rows[i].errno_value == errno_value)
            return errno_rows[i].code;
    }
    return ERR_IO;
}

int err_set_errno(struct err *e, int errno_value, const char *format, ...)
{
    int code = code_of_errno(errno_value);
    char reason[128];
    va_list ap;

    if (!e)
        return code;
    va_start(ap, format);
    fill(e, code, NULL, 0, 0, format, ap);
    va_end(ap);
    /* The GNU strerror_r: the text may or may not be in the buffer. */
    const char *text = strerror_r(errno_value, reason, sizeof reason);
    size_t used = strlen(e->text);
    size_t room = sizeof e->text - used;

    if (used > 0 && room > 3) {
        str_copy(e->text + used, room, ": ");
        used += 2;
        room -= 2;
    }
    str_copy(e->text + used, room, text);
    return code;
}

const char *err_name(int code)
{
    return row_of(code)->name;
}

const char *err_message(int code)
{
    return row_of(code)->message;
}

bool err_retryable(int code)
{
    return row_of(code)->retryable;
}

int err_exit_status(int code)
{
    return row_of(code)->exit_status;
}

char *err_format(const struct err *e, char *buf, size_t size)
{
    char place[sizeof e->where + 32] = "";
    const char *text = e->text[0] ? e->text : err_message(e->code);
    int written;

    if (e->where[0] && e->line > 0 && e->column > 0)
        snprintf(place, sizeof place, "%s:%d:%d: ", e->where, e->line, e->column);
    else if (e->where[0] && e->line > 0)
        snprintf(place, sizeof place, "%s:%d: ", e->where, e->line);
    else if (e->where[0])
        snprintf(place, sizeof place, "%s: ", e->where);
    else if (e->line > 0)
        snprintf(place, sizeof place, "line %d, column %d: ", e->line, e->column);
    if (size == 0)
        return buf;
    written = snprintf(buf, size, "%s%s", place, text);
    if (written > 0 && (size_t)written >= size)
        buf[utf8_cut(buf, size - 1)] = '\0';
    /* a text may quote what a file or a peer sent */
    return utf8_clean(buf, size, buf, strlen(buf));
}
