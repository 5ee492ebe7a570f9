/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/str.h"

#define POLL_EXIT_MS 5

/* Own process group, default signals, nothing but a pipe and /dev/null. Returns errno's value. */
static int start(char *const *argv, int output, pid_t *ret_pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, standard;
    sigemptyset(&none);
    sigemptyset(&standard);
    sigaddset(&standard, SIGPIPE);
    sigaddset(&standard, SIGINT);
    sigaddset(&standard, SIGTERM);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigdefault(&attributes, &standard);
    posix_spawnattr_setsigmask(&attributes, &none);
    int fault = posix_spawn(ret_pid, argv[0], &files, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return fault;
}

static int64_t left_ms(int64_t until_ms)
{
    struct clock clock = clock_system();
    int64_t left = until_ms - clock_mono(&clock);
    return left > 0 ? left : 0;
}

/* Until the end of the output. */
static int collect(int fd, int64_t until_ms, struct str *ret, struct err *e)
{
    char buf[4096];
    for (;;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, (int)left_ms(until_ms));
        if (ready == 0)
            return err_set(e, ERR_TIMEOUT, "no answer in time");
        ssize_t n = ready < 0 ? -1 : read(fd, buf, sizeof buf);
        if (n < 0 && errno != EINTR)
            return err_set_errno(e, errno, "reading its output");
        int r = n > 0 ? str_add_bytes(ret, buf, (size_t)n) : 0;
        explicit_bzero(buf, sizeof buf);
        if (r < 0)
            return err_set(e, r, "it prints too much");
        if (n == 0)
            return 0;
    }
}

/* Its end, which usually comes with the end of its output. */
static int reap(pid_t pid, int64_t until_ms, struct err *e)
{
    int status = 0;
    for (;;) {
        pid_t r = waitpid(pid, &status, WNOHANG);
        if (r == pid)
            break;
        if (r < 0 && errno != EINTR)
            return err_set_errno(e, errno, "waiting for its end");
        if (!left_ms(until_ms))
            return err_set(e, ERR_TIMEOUT, "it did not end");
        poll(NULL, 0, POLL_EXIT_MS);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (WIFEXITED(status))
        return err_set(e, ERR_AUTH, "it ended with status %d", WEXITSTATUS(status));
    return err_set(e, ERR_AUTH, "signal %d ended it", WTERMSIG(status));
}

int helper_run(char *const *argv, int64_t deadline_ms, struct str *ret, struct err *e)
{
    struct clock clock = clock_system();
    int64_t until_ms = clock_mono(&clock) + deadline_ms;
    int fds[2];
    pid_t pid;
    struct err inner = {0};
    if (pipe2(fds, O_CLOEXEC) < 0)
        return err_set_errno(e, errno, "a pipe");
    int fault = start(argv, fds[1], &pid);
    close(fds[1]);
    if (fault) {
        close(fds[0]);
        return err_set(e, ERR_AUTH, "%s: %s", argv[0], strerror(fault));
    }
    int r = collect(fds[0], until_ms, ret, &inner);
    close(fds[0]);
    if (r == 0)
        r = reap(pid, until_ms, &inner);
    if (r < 0 && r != ERR_AUTH) {
        kill(-pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    return r < 0 ? err_set(e, r, "%s: %s", argv[0], inner.text) : 0;
}
