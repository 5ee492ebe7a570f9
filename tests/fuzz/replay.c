/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The main() of a fuzz target without libFuzzer: feeds it every file of its corpus, and every
 * beginning of the shorter ones, because a network cuts anywhere. Each input stands at the end of
 * its own allocation, so that a sanitizer sees one byte too far.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "fuzz.h"

#define CUT_BYTES 1024

static void feed(const char *bytes, size_t length)
{
    uint8_t *exact = malloc(length + !length);
    if (!exact)
        abort();
    memcpy(exact, bytes, length);
    LLVMFuzzerTestOneInput(exact, length);
    free(exact);
}

static int replay_file(const char *path)
{
    struct str s;
    str_init(&s, 0);
    int result = path_read(path, &s, NULL);
    if (result < 0)
        fprintf(stderr, "cannot read %s\n", path);
    for (size_t n = 0; result == 0 && s.length <= CUT_BYTES && n < s.length; n++)
        feed(s.data, n);
    if (result == 0)
        feed(s.data, s.length);
    str_done(&s);
    return result;
}

int main(int argc, char **argv)
{
    const char *srcdir = getenv("srcdir"), *slash = strrchr(argv[0], '/');
    struct str path;
    int n = 0, failed = 0;
    str_init(&path, 0);
    str_addf(&path, "%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", slash ? slash + 1 : argv[0]);
    for (int i = 1; i < argc; i++)
        failed |= replay_file(argv[i]) < 0;
    DIR *folder = argc > 1 ? NULL : opendir(path.data);
    size_t base = path.length;
    for (struct dirent *d; folder && (d = readdir(folder));) {
        if (d->d_name[0] == '.')
            continue;
        str_addf(&path, "/%s", d->d_name);
        failed |= replay_file(path.data) < 0;
        path.data[path.length = base] = '\0';
        n++;
    }
    if (folder)
        closedir(folder);
    printf("%d files of %s\n", n, path.data);
    str_done(&path);
    return failed || (argc == 1 && n == 0);
}
