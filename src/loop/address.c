/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/loop/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

#define LISTEN_BACKLOG 256

static int bad(const char *text, const char *why, struct err *e)
{
    return err_set(e, ERR_INVALID, "\"%s\" is no socket address: %s", text, why);
}

static int parse_path(const char *text, const char *path, struct address *ret, struct err *e)
{
    if (path[0] == '\0')
        return bad(text, "the path is empty", e);
    if (strlen(path) >= sizeof ret->path)
        return bad(text, "the path is longer than 107 bytes", e);
    ret->local = true;
    str_copy(ret->path, sizeof ret->path, path);
    return 0;
}

static bool port_valid(const char *port)
{
    size_t digits = strspn(port, "0123456789");
    if (digits == 0 || digits > 5 || port[digits] != '\0')
        return false;
    unsigned number = 0;
    for (const char *p = port; *p != '\0'; p++)
        number = number * 10 + (unsigned)(*p - '0');
    return number <= 65535;
}

int address_parse(const char *text, struct address *ret, struct err *e)
{
    *ret = (struct address){0};
    if (text[0] == '/')
        return parse_path(text, text, ret, e);
    if (strncmp(text, "unix:", 5) == 0)
        return parse_path(text, text + 5, ret, e);
    const char *host = strncmp(text, "tcp:", 4) == 0 ? text + 4 : text;
    const char *colon = strrchr(host, ':');
    if (colon == NULL)
        return bad(text, "neither a /path nor host:port", e);
    if (!port_valid(colon + 1))
        return bad(text, "the port is no number up to 65535", e);
    size_t length = (size_t)(colon - host);
    if (length >= 2 && host[0] == '[' && host[length - 1] == ']') {
        host++;
        length -= 2;
    } else if (memchr(host, ':', length) != NULL) {
        return bad(text, "an IPv6 address stands in brackets", e);
    }
    if (length == 0 || length >= sizeof ret->host)
        return bad(text, "the host is empty or too long", e);
    memcpy(ret->host, host, length);
    str_copy(ret->port, sizeof ret->port, colon + 1);
    return 0;
}

static int bind_failed(const struct address *a, struct err *e)
{
    if (a->local)
        return err_set_errno(e, errno, "cannot listen on %s", a->path);
    return err_set_errno(e, errno, "cannot listen on %s:%s", a->host, a->port);
}

/* Remove the socket file that a process left behind when it was killed. */
static void remove_stale(const struct address *a, const struct sockaddr_un *address)
{
    struct stat st;
    if (lstat(a->path, &st) < 0 || !S_ISSOCK(st.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 && errno == ECONNREFUSED)
        unlink(a->path);
    close(fd);
}

static int listen_local(const struct address *a, int *ret_fd, struct err *e)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, a->path, strlen(a->path) + 1);
    remove_stale(a, &address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return bind_failed(a, e);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) < 0 ||
        listen(fd, LISTEN_BACKLOG) < 0) {
        int code = bind_failed(a, e);
        close(fd);
        return code;
    }
    *ret_fd = fd;
    return 0;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return (ntohl(v4.sin_addr.s_addr) >> 24) == 127;
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

static int bound_port(int fd)
{
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &size) < 0)
        return 0;
    char port[8];
    if (getnameinfo((const struct sockaddr *)&name, size, NULL, 0, port, sizeof port,
                    NI_NUMERICSERV) != 0)
        return 0;
    int number = 0;
    for (const char *p = port; *p != '\0'; p++)
        number = number * 10 + (*p - '0');
    return number;
}

static int listen_tcp(const struct address *a, const struct addrinfo *info, int *ret_fd,
                      struct err *e)
{
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return bind_failed(a, e);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, info->ai_addr, info->ai_addrlen) < 0 || listen(fd, LISTEN_BACKLOG) < 0) {
        int code = bind_failed(a, e);
        close(fd);
        return code;
    }
    *ret_fd = fd;
    return 0;
}

int address_listen(const struct address *a, bool loopback_only, int *ret_fd, int *ret_port,
                   struct err *e)
{
    if (ret_port != NULL)
        *ret_port = 0;
    if (a->local)
        return listen_local(a, ret_fd, e);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *info = NULL;
    int status = getaddrinfo(a->host, a->port, &hints, &info);
    if (status != 0)
        return err_set(e, ERR_INVALID, "cannot resolve %s: %s", a->host, gai_strerror(status));
    int code = 0;
    if (loopback_only && !is_loopback(info->ai_addr))
        code = err_set(e, ERR_REFUSED, "%s is not a loopback address", a->host);
    else
        code = listen_tcp(a, info, ret_fd, e);
    freeaddrinfo(info);
    if (code == 0 && ret_port != NULL)
        *ret_port = bound_port(*ret_fd);
    return code;
}
