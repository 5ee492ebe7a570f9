/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../loop/wait.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/loop/stream.h"

#define LINES 512

static const char reset[] = "set server fraud-score/v41 state ready;set weight fraud-score/v41 75;"
                            "set server fraud-score/v42 state ready;set weight fraud-score/v42 25;"
                            "set server eta-eu/v7 state ready;set weight eta-eu/v7 100;"
                            "set weight eta-eu/v8 0\n";

struct asking {
    struct str answer;
    bool done;
};

static void on_answer(struct loop *loop, struct loop_id id, struct stream_result *result, void *ctx)
{
    struct asking *a = ctx;

    (void)loop, (void)id;
    if (result->code < 0)
        print_error("no answer: %s\n", result->err.text);
    a->answer = *result->body;
    str_init(result->body, 0);
    a->done = true;
}

char *dialogue_ask(struct loop *loop, const char *socket, const char *text, int half_close)
{
    struct asking a = {.done = false};
    struct stream_request r = {
        .address = socket, .bytes = text, .length = strlen(text), .half_close = half_close};
    struct loop_id id;

    assert_int_equal(stream_ask(loop, &r, on_answer, &a, &id, NULL), 0);
    WAIT_FOR(loop, a.done);
    return str_take(&a.answer);
}

/* One case, cut into lines. */
struct script {
    char *text;
    char *lines[LINES];
    size_t n, at;
    const char *name, *peer;
    size_t n_failures;
};

static size_t split(char *text, char **lines)
{
    size_t n = 0;

    while (*text && n < LINES) {
        size_t length = strcspn(text, "\n");
        bool last = text[length] == '\0';
        lines[n++] = text;
        text[length] = '\0';
        text += length + !last;
    }
    return n;
}

static bool sends(const char *line)
{
    return line[0] == '>' || line[0] == '|';
}

static bool expects(const char *line)
{
    return line[0] == '=' || line[0] == '~' || strcmp(line, "...") == 0;
}

/* What stands behind the mark and one blank. */
static const char *behind(const char *line)
{
    return line[1] == ' ' ? line + 2 : line + 1;
}

static bool fits(const char *expected, const char *line)
{
    regex_t pattern;
    bool found;

    if (expected[0] == '=')
        return strcmp(behind(expected), line) == 0;
    assert_int_equal(regcomp(&pattern, behind(expected), REG_EXTENDED | REG_NOSUB), 0);
    found = regexec(&pattern, line, 0, NULL, 0) == 0;
    regfree(&pattern);
    return found;
}

static void differ(struct script *s, const char *expected, const char *line)
{
    s->n_failures++;
    print_error("%s, %s, line %zu: expected \"%s\", got \"%.300s\"\n", s->peer, s->name, s->at,
                expected ? expected : "nothing", line ? line : "nothing");
}

static void compare(struct script *s, char *answer)
{
    char *lines[LINES];
    size_t n = split(answer, lines), i = 0;
    bool any = false;

    for (; s->at < s->n && (expects(s->lines[s->at]) || s->lines[s->at][0] == '#'); s->at++) {
        const char *expected = s->lines[s->at];
        if (expected[0] == '#')
            continue;
        if (expected[0] == '.') {
            any = true;
            continue;
        }
        while (any && i < n && !fits(expected, lines[i]))
            i++;
        any = false;
        if (i == n || !fits(expected, lines[i]))
            differ(s, expected, i < n ? lines[i] : NULL);
        i += i < n;
    }
    if (i < n && !any)
        differ(s, NULL, lines[i]);
}

static void exchange(struct script *s, struct loop *loop, const char *socket)
{
    struct str text;
    bool half_close = false;

    str_init(&text, 0);
    for (; s->at < s->n && sends(s->lines[s->at]); s->at++) {
        half_close = s->lines[s->at][0] == '|';
        str_addf(&text, "%s\n", behind(s->lines[s->at]));
    }
    char *answer = dialogue_ask(loop, socket, text.data, half_close);
    compare(s, answer);
    free(answer);
    str_done(&text);
}

static size_t run_case(struct loop *loop, const char *socket, const char *peer, const char *path)
{
    struct script *s = calloc(1, sizeof *s);
    struct str text;
    size_t n_failures;

    assert_non_null(s);
    str_init(&text, 0);
    assert_int_equal(path_read(path, &text, NULL), 0);
    s->text = str_take(&text);
    s->n = split(s->text, s->lines);
    s->name = strrchr(path, '/') + 1;
    s->peer = peer;
    free(dialogue_ask(loop, socket, reset, false));
    while (s->at < s->n) {
        if (sends(s->lines[s->at]))
            exchange(s, loop, socket);
        else if (s->lines[s->at][0] == '#' || s->lines[s->at][0] == '\0')
            s->at++;
        else
            fail_msg("%s, line %zu: not understood: %s", s->name, s->at + 1, s->lines[s->at]);
    }
    n_failures = s->n_failures;
    free(s->text);
    free(s);
    return n_failures;
}

size_t dialogue_run_all(struct loop *loop, const char *socket, const char *peer)
{
    const char *root = getenv("srcdir");
    char pattern[4096];
    glob_t found;
    size_t n = 0, n_failures = 0;

    snprintf(pattern, sizeof pattern, "%s/tests/fixtures/splitter/*.txt", root ? root : ".");
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (strstr(found.gl_pathv[i], "/README.txt"))
            continue;
        n_failures += run_case(loop, socket, peer, found.gl_pathv[i]);
        n++;
    }
    globfree(&found);
    assert_int_equal(n_failures, 0);
    return n;
}
