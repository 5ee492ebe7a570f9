/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define NAME_MAX_BYTES 128
#define LETTERS        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS         "0123456789"

const char *place_name_fault(const char *text)
{
    size_t length = strlen(text);
    if (!length)
        return "is empty";
    if (length > NAME_MAX_BYTES)
        return "is longer than 128 bytes";
    if (strspn(text, LETTERS DIGITS "_.-") != length)
        return "is not a name; only letters, digits, _ . and - are allowed";
    if (*text == '.' || *text == '-')
        return "is not a name; it begins with a letter, a digit or _";
    return NULL;
}

static bool is_port(const char *text, size_t length)
{
    unsigned port = 0;
    if (!length || length > 5 || strspn(text, DIGITS) < length)
        return false;
    for (size_t i = 0; i < length; i++)
        port = port * 10 + (unsigned)(text[i] - '0');
    return port <= 65535;
}

/* The end of the host that begins text, or NULL and *ret_fault. */
static const char *host_end(const char *text, size_t length, const char **ret_fault)
{
    if (length && *text == '[') {
        size_t inside = strspn(text + 1, DIGITS LETTERS ":.%");
        *ret_fault = "has a broken IPv6 address; write it as [::1]";
        return inside && inside + 1 < length && text[1 + inside] == ']' ? text + inside + 2 : NULL;
    }
    size_t host = strspn(text, LETTERS DIGITS "_.-");
    *ret_fault = "has no host";
    return host && length ? text + (host < length ? host : length) : NULL;
}

/* HOST or HOST:PORT, [V6] or [V6]:PORT, in `length` bytes. */
static const char *authority_fault(const char *text, size_t length, bool port_needed)
{
    const char *fault, *end = text + length, *port = host_end(text, length, &fault);
    if (!port)
        return fault;
    if (port == end)
        return port_needed ? "has no port; write HOST:PORT" : NULL;
    if (*port != ':')
        return "has a character in the host that does not belong there";
    if (!is_port(port + 1, (size_t)(end - port - 1)))
        return "has no valid port; allowed: 0 to 65535";
    return NULL;
}

const char *place_url_fault(const char *text)
{
    const char *rest = text;
    if (!strncmp(text, "http://", 7))
        rest += 7;
    else if (!strncmp(text, "https://", 8))
        rest += 8;
    else
        return "is not a URL; it begins with http:// or https://";
    size_t length = strcspn(rest, "/?#");
    if (memchr(rest, '@', length))
        return "has a user in the URL; use the options `user` and `password`";
    const char *fault = authority_fault(rest, length, false);
    if (fault)
        return fault;
    for (const char *p = rest; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || strchr("#\"<>\\^`", *p))
            return "has a character that a URL cannot hold; write it as %XX";
    return NULL;
}

const char *place_address_fault(const char *text)
{
    if (!*text)
        return "is empty";
    if (strchr(text, '/'))
        return strlen(text) < sizeof((struct sockaddr_un *)0)->sun_path
                   ? NULL
                   : "is too long for a unix socket (107 bytes)";
    if (strcspn(text, " \t") < strlen(text))
        return "is not an address; write HOST:PORT or the path of a unix socket";
    return authority_fault(text, strlen(text), true);
}
