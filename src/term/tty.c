/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The device. Output goes to a descriptor that does not block, and what the terminal does not take
 * at once waits here, at most one frame of it. Input is read only when poll() says that there is
 * some.
 */
#include "tty_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/term/key.h"

#define LEAVE_MS   200
#define READ_BYTES 1024

/* Open the terminal once more: a description of our own may be made non-blocking without changing
 * the one that the shell goes on using. */
static int open_output(struct tty *t, struct err *e)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/fd/%d", STDOUT_FILENO);
    t->output_fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (t->output_fd >= 0)
        return 0;
    /* After su the device may belong to somebody else. */
    t->output_fd = STDOUT_FILENO;
    t->shares_output = true;
    t->saved_flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (t->saved_flags < 0)
        return err_set_errno(e, errno, "the terminal's flags");
    return 0;
}

int tty_init(struct tty *t, struct err *e)
{
    *t = (struct tty){.input_fd = STDIN_FILENO, .output_fd = -1};
    str_init(&t->unsent, 0);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(e, ERR_IO, "standard input and output are no terminal");
    if (tcgetattr(t->input_fd, &t->saved) < 0)
        return err_set_errno(e, errno, "the terminal's modes");
    int rc = open_output(t, e);
    if (rc < 0)
        return rc;
    t->decoder = key_decoder_new();
    return t->decoder ? 0 : err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
}

void tty_done(struct tty *t)
{
    if (t->output_fd >= 0)
        tty_drain(t, LEAVE_MS);
    tty_set_raw(t, false);
    if (t->output_fd >= 0 && !t->shares_output)
        close(t->output_fd);
    t->output_fd = -1;
    key_decoder_free(t->decoder);
    t->decoder = NULL;
    str_done(&t->unsent);
}

int tty_set_raw(struct tty *t, bool on)
{
    struct termios modes = t->saved;

    if (on == t->raw)
        return 0;
    if (on) {
        /* No signals by keys, no Ctrl-S, no translation: ncurses is told of a bare line as well. */
        cfmakeraw(&modes);
        modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF | IXANY);
        modes.c_cc[VMIN] = 0;
        modes.c_cc[VTIME] = 0;
    }
    if (t->shares_output)
        fcntl(t->output_fd, F_SETFL, on ? t->saved_flags | O_NONBLOCK : t->saved_flags);
    t->raw = on;
    /* TCSANOW: waiting for the output to drain would wait for a stuck terminal. */
    return tcsetattr(t->input_fd, TCSANOW, &modes) < 0 ? ERR_IO : 0;
}

bool tty_size(const struct tty *t, int *ret_columns, int *ret_rows)
{
    struct winsize size;

    if (ioctl(t->output_fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
        return false;
    *ret_columns = size.ws_col;
    *ret_rows = size.ws_row;
    return true;
}

int tty_write(struct tty *t, const char *bytes, size_t length)
{
    int rc = str_add_bytes(&t->unsent, bytes, length);

    return rc < 0 ? rc : tty_flush(t);
}

int tty_flush(struct tty *t)
{
    while (t->unsent.length > 0) {
        /* Whatever the kernel has room for, 8 KiB at most on a pseudo-terminal. */
        ssize_t n = write(t->output_fd, t->unsent.data, t->unsent.length);

        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0 || (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)))
            return ERR_AGAIN;
        if (n < 0)
            return ERR_IO;
        t->bytes_written += n;
        str_consume(&t->unsent, (size_t)n);
    }
    return 0;
}

void tty_drain(struct tty *t, int timeout_ms)
{
    struct pollfd p = {.fd = t->output_fd, .events = POLLOUT};

    while (tty_flush(t) == ERR_AGAIN)
        if (poll(&p, 1, timeout_ms) <= 0 || (p.revents & (POLLERR | POLLHUP)))
            break;
    /* A terminal that does not read gets no more: leaving must not hang either. */
    str_clear(&t->unsent);
}

void tty_learn(struct tty *t, const char *sequence, const char *key_name)
{
    struct key k;

    if (sequence && key_parse(key_name, &k) == 0)
        key_decoder_learn(t->decoder, sequence, &k);
}

/* 1 when bytes came, 0 when there are none, ERR_IO when the terminal is gone. */
static int read_bytes(struct tty *t, int64_t now_ms)
{
    struct pollfd p = {.fd = t->input_fd, .events = POLLIN};
    char bytes[READ_BYTES];

    /* The descriptor may share its flags with the shell, so it is not made non-blocking: poll()
     * tells. */
    if (poll(&p, 1, 0) <= 0)
        return 0;
    /* What was typed before the line dropped is still read; then comes the end. */
    if (!(p.revents & POLLIN))
        return p.revents & (POLLHUP | POLLERR | POLLNVAL) ? ERR_IO : 0;
    ssize_t n = read(t->input_fd, bytes, sizeof bytes);
    if (n > 0) {
        key_decoder_feed(t->decoder, bytes, (size_t)n, now_ms);
        return 1;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    /* With VMIN 0 a read of nothing is no end of file, unless the line was hung up. */
    return n == 0 && !(p.revents & POLLHUP) ? 0 : ERR_IO;
}

int tty_read_key(struct tty *t, int64_t now_ms, struct key *ret, struct err *e)
{
    for (;;) {
        /* At time 0 nothing is late yet: an ESC whose sequence waits in the kernel is no Esc. */
        if (key_decoder_next(t->decoder, 0, ret))
            return 1;
        int rc = read_bytes(t, now_ms);
        if (rc < 0)
            return err_set(e, ERR_IO, "the terminal is gone");
        if (rc == 0)
            return key_decoder_next(t->decoder, now_ms, ret) ? 1 : 0;
    }
}

int tty_key_wait_ms(const struct tty *t, int64_t now_ms)
{
    return key_decoder_wait_ms(t->decoder, now_ms);
}
