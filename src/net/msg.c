/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/net/msg.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "driftop/base/vec.h"

#define ADDRESS_LIMIT_BYTES ((size_t)16 << 10)

void net_request_init(struct net_request *r, enum net_transport transport)
{
    *r = (struct net_request){.transport = transport};
    str_copy(r->method, sizeof r->method, "GET");
    str_init(&r->body, 0);
}

void net_request_done(struct net_request *r)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        free(r->headers[i].name);
        free(r->headers[i].value);
    }
    free(r->headers);
    free(r->address);
    str_done(&r->body);
    net_request_init(r, r->transport);
}

void net_request_method(struct net_request *r, const char *method)
{
    size_t length = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (length == 0 || method[length] != '\0' || length >= sizeof r->method)
        r->failed = true;
    else
        str_copy(r->method, sizeof r->method, method);
}

void net_request_address(struct net_request *r, const char *format, ...)
{
    struct str text;
    str_init(&text, ADDRESS_LIMIT_BYTES);
    va_list ap;
    va_start(ap, format);
    int code = str_addv(&text, format, ap);
    va_end(ap);
    free(r->address);
    r->address = code < 0 ? NULL : str_take(&text);
    if (r->address == NULL)
        r->failed = true;
    str_done(&text);
}

static bool is_header_text(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
        if (*p < 0x20 || *p == 0x7f)
            return false;
    return true;
}

static int add_header(struct net_request *r, const char *name, const char *value)
{
    if (name[0] == '\0' || strchr(name, ':') != NULL || !is_header_text(name) ||
        !is_header_text(value))
        return ERR_INVALID;
    if (VEC_ROOM(r->headers, r->n_headers, r->headers_capacity, 1) < 0)
        return ERR_NOMEM;
    struct net_header header = {strdup(name), strdup(value)};
    if (header.name == NULL || header.value == NULL) {
        free(header.name);
        free(header.value);
        return ERR_NOMEM;
    }
    r->headers[r->n_headers++] = header;
    return 0;
}

void net_request_header(struct net_request *r, const char *name, const char *value)
{
    if (add_header(r, name, value) < 0)
        r->failed = true;
}

int net_request_copy(const struct net_request *r, struct net_request *ret)
{
    net_request_init(ret, r->transport);
    ret->flags = r->flags;
    ret->ceiling_bytes = r->ceiling_bytes;
    ret->failed = r->failed || r->body.failed;
    str_copy(ret->method, sizeof ret->method, r->method);
    if (r->address != NULL)
        net_request_address(ret, "%s", r->address);
    for (size_t i = 0; i < r->n_headers; i++)
        net_request_header(ret, r->headers[i].name, r->headers[i].value);
    str_init(&ret->body, r->body.limit);
    if (str_add_bytes(&ret->body, r->body.data, r->body.length) < 0)
        ret->failed = true;
    return ret->failed && !r->failed && !r->body.failed ? ERR_NOMEM : 0;
}

int net_percent_encode(struct str *s, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    int code = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0' && code == 0; p++)
        code = strchr(plain, *p) != NULL ? str_add_char(s, (char)*p) : str_addf(s, "%%%02X", *p);
    return code;
}

void net_reply_init(struct net_reply *r)
{
    *r = (struct net_reply){.retry_after_s = -1};
    str_init(&r->body, NET_CEILING_DEFAULT);
}

void net_reply_done(struct net_reply *r)
{
    str_done(&r->body);
}
