/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * driftop-bench [--json] [--only NAME] [--quick] [--seed N] [--scipy PYTHON]: one JSON object. Each
 * benchmark runs in a process of its own, so that none sees another's memory or open files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/json_build.h"
#include "driftop/base/str.h"
#include "driftop/stats/setup.h"

static const struct bench_case *const cases[] = {
    &bench_rows,  &bench_window, &bench_cells,  &bench_compare, &bench_column,
    &bench_exact, &bench_memory, &bench_screen, &bench_poll,    NULL,
};

/* DESIGN 9, where one number says it. */
static const struct target {
    const char *name;
    double value;
} targets[] = {
    {"compare_rows_per_s", 300000},   {"exact_refresh_ms", 15},       {"rows_per_s", 60000},
    {"column_ks_w1_scipy_ratio", 30}, {"bytes_per_feature", 13422},   {"window_step_ns", 100},
    {"cells_refresh_ms", 20},         {"memory_bytes", 268435456},    {"poll_cpu_ratio", 0.5},
    {"screen_first_ms", 50},          {"screen_key_ms_p99", 16},      {"screen_bytes_per_s", 512},
    {"screen_cpu_ratio", 0.01},       {"screen_rss_bytes", 33554432},
};

struct options {
    const char *only, *scipy;
    bool quick;
    uint64_t seed;
};

/* Several figures come out of one case. */
static bool is_one_of(const char *word, const char *words)
{
    size_t length = strlen(word);

    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static int usage(FILE *out, int status)
{
    fputs("Usage: driftop-bench [--json] [--only NAME] [--quick] [--seed N] [--scipy PYTHON]\n\n",
          out);
    for (size_t i = 0; cases[i]; i++)
        fprintf(out, "  %s\n      %s\n", cases[i]->name, cases[i]->help);
    return status;
}

static void remove_folder(const char *folder)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/rm", "rm", "-rf", folder, (char *)NULL);
        _exit(127);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}

/* In the child: run one, and write {results, checksums, details} to the pipe. */
static void run_here(const struct bench_case *one, struct bench *b, int fd)
{
    char folder[] = "/tmp/driftop-bench-XXXXXX";
    struct json *all = json_new_object();
    struct str text;

    if (!mkdtemp(folder))
        bench_die("no temporary folder");
    b->folder = folder;
    b->results = json_new_object();
    b->checksums = json_new_object();
    b->details = json_new_object();
    one->run(b);
    remove_folder(folder);
    json_put(all, "results", b->results);
    json_put(all, "checksums", b->checksums);
    json_put(all, "details", b->details);
    str_init(&text, 0);
    if (json_write(all, 0, &text) < 0 || write(fd, text.data, text.length) != (ssize_t)text.length)
        bench_die("cannot report");
    _exit(0);
}

static void merge(struct json *to, const struct json *from)
{
    const char *name;
    struct json *value;
    void *it = NULL;

    while (json_next(from, &it, &name, &value))
        json_put(to, name, json_keep(value));
}

static bool run_one(const struct bench_case *one, struct bench *b)
{
    int fds[2], status;
    char bytes[4096];
    struct json *all = NULL;
    struct str text;
    ssize_t n;

    str_init(&text, 0);
    if (pipe(fds) < 0)
        bench_die("no pipe");
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        run_here(one, b, fds[1]);
    }
    close(fds[1]);
    while ((n = read(fds[0], bytes, sizeof bytes)) > 0)
        str_add_bytes(&text, bytes, (size_t)n);
    close(fds[0]);
    waitpid(pid, &status, 0);
    bool ok = status == 0 && json_parse(text.data, text.length, &all, NULL) == 0;
    merge(b->results, json_get(all, "results"));
    merge(b->checksums, json_get(all, "checksums"));
    merge(b->details, json_get(all, "details"));
    json_drop(all);
    str_done(&text);
    return ok;
}

static void print(struct bench *b)
{
    struct json *o = b->results, *held = json_new_object();
    struct str text;
    double value;

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        if (json_number(json_get(o, targets[i].name), &value))
            json_put(held, targets[i].name, json_new_real(targets[i].value));
    json_put(o, "targets", held);
    json_put(o, "checksums", b->checksums);
    json_put(o, "details", b->details);
    str_init(&text, 0);
    if (json_write(o, 2, &text) == 0)
        puts(text.data);
    str_done(&text);
    json_drop(o);
}

static int parse(int argc, char **argv, struct options *ret)
{
    *ret = (struct options){.seed = 1};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            continue; /* there is no other form */
        else if (strcmp(argv[i], "--quick") == 0)
            ret->quick = true;
        else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
            ret->only = argv[++i];
        else if (strcmp(argv[i], "--scipy") == 0 && i + 1 < argc)
            ret->scipy = argv[++i];
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            ret->seed = strtoull(argv[++i], NULL, 10);
        else
            return strcmp(argv[i], "--help") == 0 ? 1 : -1;
    }
    return 0;
}

static void raise_limit(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max < 65536 ? files.rlim_max : 65536;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

int main(int argc, char **argv)
{
    char driftop[4096];
    struct options o;
    int status = 0, n = 0;

    stats_setup();
    raise_limit();
    if (argc == 2 && strcmp(argv[1], "--serve") == 0)
        return bench_serve();
    int parsed = parse(argc, argv, &o);
    if (parsed != 0)
        return usage(parsed > 0 ? stdout : stderr, parsed > 0 ? 0 : 64);
    const char *slash = strrchr(argv[0], '/');
    snprintf(driftop, sizeof driftop, "%.*sdriftop", slash ? (int)(slash - argv[0]) + 1 : 0,
             argv[0]);
    struct bench b = {
        .seed = o.seed, .quick = o.quick, .program = argv[0], .driftop = driftop, .scipy = o.scipy};
    b.results = json_new_object();
    b.checksums = json_new_object();
    b.details = json_new_object();
    json_put(b.results, "schema", json_new_text("driftop.bench.v1"));
    json_put(b.results, "seed", json_new_int((int64_t)o.seed));
    json_put(b.results, "quick", json_new_bool(o.quick));
    json_put(b.results, "cpus", json_new_int(sysconf(_SC_NPROCESSORS_ONLN)));
    for (size_t i = 0; cases[i]; i++) {
        if (o.only && !is_one_of(o.only, cases[i]->name))
            continue;
        n++;
        if (!run_one(cases[i], &b))
            status = 1;
    }
    if (n == 0)
        return usage(stderr, 64);
    print(&b);
    return status;
}
