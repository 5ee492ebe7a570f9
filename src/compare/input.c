/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/vec.h"
#include "driftop/wire/csv.h"
#include "driftop/wire/ndjson.h"
#include "input_part_private.h"

#define LINES_BYTES (2 * NDJSON_LINE_BYTES + INPUT_BLOCK)

int input_fail(const struct input *in, int code, struct err *e)
{
    if (e && !e->where[0])
        str_copy(e->where, sizeof e->where, strcmp(in->path, "-") == 0 ? "stdin" : in->path);
    return code;
}

static bool ends_with(const char *path, const char *ending)
{
    size_t length = strlen(path), n = strlen(ending);
    return length > n && strcasecmp(path + length - n, ending) == 0;
}

static int open_file(struct input *in, struct err *e)
{
    struct stat st;
    in->fd = strcmp(in->path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                        : open(in->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (in->fd < 0 || fstat(in->fd, &st) < 0)
        return err_set_errno(e, errno, "%s", in->path);
    if (S_ISDIR(st.st_mode))
        return err_set(e, ERR_DATA, "a folder, not a file");
    in->rewindable = S_ISREG(st.st_mode) && lseek(in->fd, 0, SEEK_CUR) == 0;
    in->size = in->rewindable ? (uint64_t)st.st_size : 0;
    return 0;
}

/* Fill in->block from the file, a pipe, or what a pipe gave before. */
static ssize_t read_block(struct input *in)
{
    if (in->copied && !in->rewindable) {
        size_t left = (size_t)(in->copy.end - in->bytes);
        size_t n = left < INPUT_BLOCK ? left : INPUT_BLOCK;
        return spool_read(&in->copy, in->bytes, in->block, n, NULL) < 0 ? -1 : (ssize_t)n;
    }
    ssize_t n;
    do
        n = read(in->fd, in->block, INPUT_BLOCK);
    while (n < 0 && errno == EINTR);
    return n;
}

int input_read(struct input *in, size_t *ret, struct err *e)
{
    ssize_t n = read_block(in);
    if (n < 0)
        return err_set_errno(e, errno, "reading %s", in->path);
    if (in->copy.limit_bytes && !in->copied && !in->rewindable && n > 0) {
        struct extent piece;
        int rc = spool_write(&in->copy, in->block, (size_t)n, &piece, e);
        if (rc < 0)
            return rc;
    }
    in->bytes += (size_t)n;
    in->ended = n == 0;
    if (in->progress)
        in->progress(in->progress_ctx, in->path, in->bytes, in->size);
    *ret = (size_t)n;
    return 0;
}

int input_column(struct input *in, const char *name, size_t length, struct err *e)
{
    size_t n = in->n_columns;
    if (n >= INPUT_COLUMNS)
        return err_set(e, ERR_LIMIT, "more than %d columns", INPUT_COLUMNS);
    if (memchr(name, '\0', length))
        return err_set_at(e, ERR_DATA, "", in->line ? in->line : 1, 1,
                          "the name of a column holds a zero byte");
    if (n == in->columns_capacity) {
        size_t names = n, values = n, wanted = n;
        if (VEC_ROOM(in->names, n, names, 1) < 0 || VEC_ROOM(in->values, n, values, 1) < 0 ||
            VEC_ROOM(in->wanted, n, wanted, 1) < 0)
            return err_set(e, ERR_NOMEM, "out of memory");
        in->columns_capacity = names < values ? names : values;
        in->columns_capacity = wanted < in->columns_capacity ? wanted : in->columns_capacity;
    }
    in->names[n] = strndup(name, length);
    if (!in->names[n])
        return err_set(e, ERR_NOMEM, "out of memory");
    in->values[n] = (struct value){.kind = VALUE_MISSING};
    in->wanted[n] = true;
    in->n_columns++;
    return (int)n;
}

/* Without an ending that says it, as in standard input, an object's brace tells JSON lines from a
 * header. */
static bool looks_json(const char *bytes, size_t n)
{
    size_t i = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < n && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t'))
        i++;
    return i < n && bytes[i] == '{';
}

static bool is_json(const struct input *in, enum compare_format format, size_t n)
{
    if (format != COMPARE_BY_ENDING)
        return format == COMPARE_JSON;
    if (ends_with(in->path, ".csv") || ends_with(in->path, ".tsv"))
        return false;
    return ends_with(in->path, ".json") || ends_with(in->path, ".jsonl") ||
           ends_with(in->path, ".ndjson") || looks_json(in->block, n);
}

static int open_decoder(struct input *in, const struct compare_options *o, size_t n, struct err *e)
{
    char delimiter = o->delimiter;
    in->json = is_json(in, o->format, n);
    if (!delimiter)
        delimiter = ends_with(in->path, ".tsv") ? '\t' : ',';
    struct csv_options csv = {.delimiter = delimiter};
    if (in->json)
        in->ndjson = ndjson_new(NULL);
    else
        in->csv = csv_new(&csv);
    if (!in->ndjson && !in->csv)
        return err_set(e, ERR_NOMEM, "out of memory");
    if (in->json)
        return str_add_bytes(&in->lines, in->block, n);
    csv_feed(in->csv, in->block, n, false);
    return input_csv_open(in, e);
}

int input_open(struct input *in, const char *path, const struct compare_options *options,
               bool twice, struct err *e)
{
    size_t n = 0;
    *in = (struct input){.path = path, .fd = -1};
    in->progress = options->progress;
    in->progress_ctx = options->progress_ctx;
    spool_init(&in->copy, twice);
    str_init(&in->lines, LINES_BYTES);
    map_init(&in->by_name);
    in->block = malloc(INPUT_BLOCK);
    if (!in->block)
        return err_set(e, ERR_NOMEM, "out of memory");
    int rc = open_file(in, e);
    if (rc == 0)
        rc = input_read(in, &n, e);
    if (rc == 0 && n == 0)
        rc = err_set(e, ERR_DATA, "the file is empty, without even a header");
    if (rc == 0)
        rc = open_decoder(in, options, n, e);
    return rc < 0 ? (rc == ERR_ABSENT ? rc : input_fail(in, rc, e)) : 0;
}

void input_done(struct input *in)
{
    if (in->fd >= 0)
        close(in->fd);
    spool_done(&in->copy);
    csv_free(in->csv);
    ndjson_free(in->ndjson);
    str_done(&in->lines);
    map_done(&in->by_name);
    for (size_t i = 0; i < in->n_columns; i++)
        free(in->names[i]);
    free(in->names);
    free(in->values);
    free(in->wanted);
    free(in->block);
    *in = (struct input){.fd = -1, .copy = {.fd = -1}};
}

int input_rewind(struct input *in, struct err *e)
{
    if (in->rewindable && lseek(in->fd, 0, SEEK_SET) != 0)
        return err_set_errno(e, errno, "reading %s again", in->path);
    in->copied = true;
    in->bytes = 0;
    in->ended = false;
    in->line = 0;
    in->pending = false;
    in->line_at = 0;
    str_clear(&in->lines);
    if (in->csv)
        csv_clear(in->csv);
    return 0;
}

int input_next(struct input *in, struct err *e)
{
    int rc = in->json ? input_json_next(in, e) : input_csv_next(in, e);
    return rc < 0 ? input_fail(in, rc, e) : rc;
}

int input_position(const struct input *in, size_t column)
{
    if (in->json || column >= in->row.n_cells)
        return 1;
    const struct span *cells = in->row.cells;
    uint64_t length = in->row.end_offset - in->row.offset;
    uintptr_t first = (uintptr_t)cells[0].data, at = (uintptr_t)cells[column].data;
    /* a cell with doubled quotes lies elsewhere */
    return at >= first && at - first < length ? (int)(at - first) + 1 : 1;
}
