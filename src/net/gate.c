/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/net/gate.h"

#include <string.h>

#include "driftop/net/msg.h"

static bool ends_with(const char *text, size_t length, const char *tail)
{
    size_t n = strlen(tail);
    return length >= n && memcmp(text + length - n, tail, n) == 0;
}

static bool http_is_read(const struct net_request *r)
{
    if (strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0)
        return true;
    return strcmp(r->method, "POST") == 0 && r->address != NULL &&
           ends_with(r->address, strcspn(r->address, "?#"), "/v2/repository/index");
}

static bool command_is_read(const char *command, size_t length)
{
    static const char *const reads[] = {"show ", "get ", "set severity-output "};
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        if (length > strlen(reads[i]) && memcmp(command, reads[i], strlen(reads[i])) == 0)
            return true;
    return false;
}

/* Commands are separated by semicolons and line feeds. An escaped semicolon is taken as a
 * separator too: what then does not look like a read is refused, which errs on the safe side. */
static bool stream_is_read(const struct net_request *r)
{
    const char *p = r->body.data, *end = p + r->body.length;
    bool any = false;
    while (p < end) {
        size_t length = 0;
        while (p + length < end && p[length] != ';' && p[length] != '\n')
            length++;
        size_t blanks = 0;
        while (blanks < length && p[blanks] == ' ')
            blanks++;
        if (length > blanks) {
            if (!command_is_read(p + blanks, length - blanks))
                return false;
            any = true;
        }
        p += length + (p + length < end ? 1 : 0);
    }
    return any;
}

bool net_is_read(const struct net_request *request)
{
    if (request->flags & NET_MUTATING)
        return false;
    return request->transport == NET_HTTP ? http_is_read(request) : stream_is_read(request);
}

int net_gate(const struct net_request *request, bool armed, struct err *e)
{
    if (net_is_read(request))
        return 0;
    if (!armed)
        return err_set(e, ERR_REFUSED, "read-only: %s is refused",
                       request->transport == NET_HTTP ? request->method : "a command that writes");
    if ((request->flags & NET_MUTATING) == 0)
        return err_set(e, ERR_INVALID, "a write that is not marked as one");
    return 0;
}
