/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the store's tests share: a folder of their own with the path of a store in it, and children
 * that run a function and answer with its result.
 */
#ifndef DRIFTOP_TESTS_STORE_WORLD_H
#define DRIFTOP_TESTS_STORE_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/path.h"
#include "driftop/store/db.h"

struct world {
    char folder[64];
    char store[96];
    char other[96];
};

static inline int world_setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    if (!w)
        return -1;
    /* In memory where that is possible: each event of the audit log waits for the disk. */
    snprintf(w->folder, sizeof w->folder, "%s/driftop-store-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(w->folder) || chmod(w->folder, 0755) < 0)
        return -1;
    snprintf(w->store, sizeof w->store, "%s/test.db", w->folder);
    snprintf(w->other, sizeof w->other, "%s/other.db", w->folder);
    *state = w;
    return 0;
}

static inline int world_teardown(void **state)
{
    struct world *w = *state;
    chmod(w->folder, 0755);
    int rc = path_remove_tree(w->folder, NULL);
    free(w);
    return rc;
}

static inline struct store *world_open(const char *path, enum store_mode mode)
{
    struct store *s = NULL;
    struct err e = {0};
    int rc = store_open(path, mode, &s, &e);
    if (rc < 0)
        fail_msg("%s: %s", path, e.text);
    return s;
}

/* Does what fn says in a child and returns the child's exit status; fn returns 0 to 100. */
static inline int world_in_child(int (*fn)(void *), void *ctx)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(fn(ctx));
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* As the program does: a write beyond RLIMIT_FSIZE then fails instead of killing. */
static inline void world_ignore_file_limit(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGXFSZ, &ignore, NULL);
}

/* To be called in a child: nobody's permissions, for root would be let in everywhere. */
static inline bool world_become_nobody(void)
{
    if (geteuid() != 0)
        return true;
    return setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 &&
           setresuid(65534, 65534, 65534) == 0;
}

#endif
