/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Options. One row says everything about an option: name, type, range, default, unit, help. The
 * loader, `config --origin`, docs/CONFIGURATION.md, the commented example and the man page are all
 * made from rows. Adapters bring rows of their own; a set holds the values of one list of rows and
 * remembers where each came from. Sets own their values; getters borrow.
 */
#ifndef DRIFTOP_CONFIG_OPTION_H
#define DRIFTOP_CONFIG_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_type {
    OPTION_TEXT,
    OPTION_NAME,     /* letters, digits, _ . - : at most 128 bytes */
    OPTION_BOOL,     /* true, false */
    OPTION_INT,      /* number holds it */
    OPTION_RATIO,    /* "5%" or 0.05; number is 0 to 1 */
    OPTION_DURATION, /* "5s"; number is in milliseconds */
    OPTION_SIZE,     /* "64MiB"; number is in bytes */
    OPTION_CHOICE,   /* one of `choices` */
    OPTION_URL,      /* http:// or https:// with a host */
    OPTION_ADDRESS,  /* HOST:PORT, or the path of a unix socket */
    OPTION_PATH,     /* a leading ~/ is expanded */
    OPTION_TIME,     /* HH:MM, UTC */
    OPTION_SECRET,   /* only as ${ENV}, {file: PATH} or {command: [..]}; never shown */
    OPTION_LIST,     /* of texts: items */
    OPTION_MAP,      /* text to text: items come in pairs */
};

enum option_flag { OPTION_REQUIRED = 1, OPTION_HIDDEN = 2 };

struct option_row {
    const char *name;
    enum option_type type;
    unsigned flags;
    double min, max;      /* for numbers; both 0: no bound */
    const char *fallback; /* as it would be written in the file; NULL: absent */
    const char *choices;  /* "a b c" for OPTION_CHOICE */
    const char *unit;     /* for people: "ms", "rows"; may be NULL */
    const char *help;     /* one sentence */
};

struct option_value {
    bool present;     /* given or defaulted */
    bool given;       /* written in a file, not the default */
    const char *text; /* as written, secrets and ${ENV} not resolved */
    double number;
    char **items; /* OPTION_LIST and OPTION_MAP */
    size_t n_items;
    const char *file; /* origin; "default" when not given */
    int line, column;
};

struct option_set {
    const struct option_row *rows;
    struct option_value *values; /* one for each row */
    size_t n_rows;
};

/* All getters take the row's name; asking for a name that has no row is a programming error and
 * answers "absent". */
const struct option_value *option_get(const struct option_set *set, const char *name);
const char *option_text(const struct option_set *set, const char *name); /* NULL when absent */
double option_number(const struct option_set *set, const char *name, double fallback);
bool option_bool(const struct option_set *set, const char *name);
/* A secret resolved now (environment, 0600 file or helper command): the caller frees and wipes
 * *ret. ERR_ABSENT when the option is not set. */
struct err;
int option_secret(const struct option_set *set, const char *name, char **ret, struct err *e);
void option_wipe(char *secret);

#endif
