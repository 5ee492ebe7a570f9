/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/record/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/base/utf8.h"
#include "follow_private.h"

#define LINE_LIMIT FOLLOW_CHUNK /* a row longer than what is read at once is refused */

int follow_new(const struct config_adapter *adapter, struct ingest *ingest, int deployment,
               struct source_state *source, struct follow **ret, struct err *e)
{
    const struct feature_adapter *type = adapt_feature_find(adapter->type);
    if (!type)
        return err_set(e, ERR_CONFIG, "unknown type of feature log: %s", adapter->type);
    struct follow *f = calloc(1, sizeof *f);
    if (!f)
        return err_set(e, ERR_NOMEM, "no memory to follow %s", source->name);
    f->adapter = type;
    f->options = &adapter->options;
    f->pattern = option_text(&adapter->options, "path");
    f->ingest = ingest;
    f->deployment = deployment;
    f->source = source;
    *ret = f;
    return 0;
}

void follow_free(struct follow *f)
{
    if (!f)
        return;
    while (f->n_files)
        follow_close_file(f, f->n_files - 1);
    free(f->files);
    free(f->restored);
    free(f->dropped);
    free(f);
}

int follow_restore(struct follow *f, struct store *store, struct err *e)
{
    free(f->restored);
    f->restored = NULL;
    f->n_restored = 0;
    return store_positions(store, f->source->name, &f->restored, &f->n_restored, e);
}

static int on_row(void *ctx, const struct feature_row *row)
{
    struct follow *f = ctx;
    enum source_refusal reason;
    int r = ingest_row(f->ingest, f->deployment, row, f->now_ms, &reason);
    /* Out of memory: reading the piece again would count the rows before this one twice. */
    if (r < 0)
        f->source->refused[REFUSED_FULL]++;
    else if (r > 0)
        f->source->refused[reason]++;
    else
        f->source->rows++;
    return 0;
}

static void on_refused(void *ctx, enum source_refusal reason, const char *field)
{
    struct follow *f = ctx;
    (void)field;
    f->source->refused[reason]++;
}

static int discard_row(void *ctx, const struct feature_row *row)
{
    (void)ctx;
    (void)row;
    return 0;
}

static void discard_refusal(void *ctx, enum source_refusal reason, const char *field)
{
    (void)ctx;
    (void)reason;
    (void)field;
}

/* A decoder that resumes in the middle must still see the first line: a CSV header stands there. */
static int open_decoder(struct follow *f, struct followed *file)
{
    if (file->decoder)
        return 0;
    file->decoder = f->adapter->open(f->options, NULL);
    if (!file->decoder)
        return ERR_NOMEM;
    file->fresh = file->position.offset == 0;
    if (file->fresh)
        return 0;
    ssize_t n = pread(file->fd, f->chunk, FOLLOW_CHUNK, 0);
    const char *end = n > 0 ? memchr(f->chunk, '\n', (size_t)n) : NULL;
    if (!end)
        return 0;
    struct feature_sink nobody = {discard_row, discard_refusal, NULL};
    f->adapter->feed(file->decoder, f->chunk, (size_t)(end - f->chunk) + 1, true, &nobody);
    return 0;
}

static size_t whole_lines(const char *bytes, size_t length)
{
    const char *end = memrchr(bytes, '\n', length);
    return end ? (size_t)(end - bytes) + 1 : 0;
}

/* A line that does not fit: refuse it, and skip what is still to come of it. */
static size_t skip_line(struct follow *f, struct followed *file, const char *bytes, size_t length)
{
    const char *end = memchr(bytes, '\n', length);
    if (!file->skipping)
        f->source->refused[REFUSED_SIZE]++;
    file->skipping = !end;
    return end ? (size_t)(end - bytes) + 1 : length;
}

/* What a full chunk without a usable row means, and the ordinary case. Returns the bytes used. */
static int64_t consume(struct follow *f, struct followed *file, size_t length)
{
    size_t lines = whole_lines(f->chunk, length);
    if (file->skipping || (lines == 0 && length >= LINE_LIMIT))
        return (int64_t)skip_line(f, file, f->chunk, length);
    if (lines == 0)
        return 0;
    struct feature_sink sink = {on_row, on_refused, f};
    int64_t used = f->adapter->feed(file->decoder, f->chunk, lines, file->fresh, &sink);
    if (used == 0 && length >= LINE_LIMIT)
        return (int64_t)skip_line(f, file, f->chunk, length);
    if (used > 0)
        file->fresh = false;
    return used;
}

static void fault_errno(struct follow *f, const struct followed *file, const char *what)
{
    struct str text;
    str_init(&text, sizeof f->source->fault);
    str_addf(&text, "%s %.120s: %s", what, file->position.path, strerror(errno));
    utf8_clean(f->source->fault, sizeof f->source->fault, text.data, text.length);
    str_done(&text);
    f->source->health = SOURCE_FAILING;
}

/* One chunk of one file. True when there may be more. */
static bool read_chunk(struct follow *f, struct followed *file)
{
    if (open_decoder(f, file) < 0)
        return false;
    ssize_t n = pread(file->fd, f->chunk, FOLLOW_CHUNK, (off_t)file->position.offset);
    if (n < 0)
        fault_errno(f, file, "cannot read");
    /* Changed in place since the last scan: these bytes do not follow what was read before. */
    if (n <= 0 || follow_past(file) != PAST_KEPT)
        return false;
    int64_t used = consume(f, file, (size_t)n);
    if (used <= 0)
        return false;
    file->position.offset += (uint64_t)used;
    follow_take_head(file);
    file->idle_scans = 0;
    file->dirty = true;
    return n == FOLLOW_CHUNK || used < n;
}

/* Whole files' worth of memory for what is idle most of the time would add up over 200 sources. */
static bool any_news(const struct follow *f)
{
    struct stat st;
    for (size_t i = 0; i < f->n_files; i++)
        if (fstat(f->files[i].fd, &st) == 0 && (uint64_t)st.st_size != f->files[i].position.offset)
            return true;
    return false;
}

static bool read_files(struct follow *f, size_t budget_bytes, int64_t now_ms)
{
    bool more = false;
    size_t spent = 0;

    f->now_ms = now_ms;
    for (size_t i = 0; i < f->n_files; i++) {
        size_t at = (f->next_file + i) % f->n_files;
        uint64_t before = f->files[at].position.offset;
        bool file_more = read_chunk(f, &f->files[at]);
        spent += (size_t)(f->files[at].position.offset - before);
        more = more || (file_more && f->files[at].position.offset != before);
        if (spent >= budget_bytes) {
            f->next_file = (at + 1) % f->n_files;
            return true;
        }
    }
    return more;
}

bool follow_step(struct follow *f, size_t budget_bytes, int64_t now_ms)
{
    if (!any_news(f) || !(f->chunk = malloc(FOLLOW_CHUNK)))
        return false;
    bool more = read_files(f, budget_bytes, now_ms);
    free(f->chunk);
    f->chunk = NULL;
    return more;
}

int follow_flush(struct follow *f, struct store *store, struct err *e)
{
    int r = 0;
    /* Dropping first: the inode of a file that went may be that of one that came. */
    for (size_t i = 0; i < f->n_dropped && r == 0; i++)
        r = store_drop_position(store, f->source->name, f->dropped[i].device, f->dropped[i].inode,
                                e);
    for (size_t i = 0; i < f->n_files && r == 0; i++)
        if (f->files[i].dirty)
            r = store_put_position(store, &f->files[i].position, e);
    return r;
}

void follow_flushed(struct follow *f)
{
    for (size_t i = 0; i < f->n_files; i++)
        f->files[i].dirty = false;
    f->n_dropped = 0;
}
