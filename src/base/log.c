/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driftop/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/clock.h"
#include "driftop/base/err.h"
#include "driftop/base/utf8.h"

#define TEXT_BYTES 2048

/* One sink for the process: a message must find its way out from wherever it is written. */
static struct {
    int fd;
    enum log_level level;
} sink = {.fd = STDERR_FILENO, .level = LOG_LEVEL_INFO};

int log_open(const char *path, struct err *e)
{
    int fd = STDERR_FILENO;

    if (path) {
        fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
        if (fd < 0)
            return err_set_errno(e, errno, "%s", path);
    }
    if (sink.fd != STDERR_FILENO)
        close(sink.fd);
    sink.fd = fd;
    return 0;
}

void log_set_level(enum log_level level)
{
    sink.level = level;
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_ERROR: return "error";
    case LOG_LEVEL_WARN: return "warn";
    case LOG_LEVEL_INFO: return "info";
    case LOG_LEVEL_DEBUG: return "debug";
    }
    return "log";
}

void log_line(enum log_level level, const char *format, ...)
{
    const struct clock clock = clock_system();
    char text[TEXT_BYTES], clean[TEXT_BYTES], time[CLOCK_TEXT_SIZE];
    char line[TEXT_BYTES + CLOCK_TEXT_SIZE + 16];
    int saved_errno = errno;
    va_list ap;

    if (level > sink.level)
        return;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    utf8_clean(clean, sizeof clean, text, strlen(text));
    snprintf(line, sizeof line, "%s %s: %s\n", clock_format_s(clock_wall(&clock), time),
             level_name(level), clean);
    /* One write a line keeps the lines of two processes whole. Nobody is left to be told when it
     * fails. */
    ssize_t written = write(sink.fd, line, strlen(line));
    (void)written;
    errno = saved_errno;
}
