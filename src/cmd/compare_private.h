/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DRIFTOP_CMD_COMPARE_PRIVATE_H
#define DRIFTOP_CMD_COMPARE_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "driftop/cmd/command.h"
#include "driftop/compare/compare.h"

extern const struct command command_compare;

/* What the command line asks for. */
struct compare_request {
    struct compare_options options;
    enum verdict fail_on;
    bool json;
    const char *html;
    /* The progress bar, on a terminal only. */
    const struct command_context *context;
    int64_t started_ms, drawn_ms;
    bool drawn;
};

/* ERR_USAGE. */
int compare_request_read(struct command_context *c, struct compare_request *ret, struct err *e);
/* A compare_progress of a struct compare_request. */
void compare_progress_draw(void *ctx, const char *path, uint64_t bytes, uint64_t size);
/* Wipe the progress bar off. */
void compare_progress_end(struct compare_request *r);

#endif
