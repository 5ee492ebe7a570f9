/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Options. One row says everything about an option: name, type, range, default, unit, help. The
 * loader, `config --origin`, docs/CONFIGURATION.md, the commented example and the man page are all
 * made from rows. Adapters bring rows of their own; a set holds the values of one list of rows and
 * remembers where each came from. Values belong to whoever loaded the set; getters borrow.
 */
#ifndef DRIFTOP_CONFIG_OPTION_H
#define DRIFTOP_CONFIG_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;

enum option_type {
    OPTION_TEXT,
    OPTION_NAME,     /* letters, digits, _ . - : at most 128 bytes, not beginning with . or - */
    OPTION_BOOL,     /* true, false */
    OPTION_INT,      /* number holds it */
    OPTION_NUMBER,   /* finite */
    OPTION_RATIO,    /* "5%" or 0.05; number is 0 to 1 */
    OPTION_DURATION, /* "5s"; number is in milliseconds */
    OPTION_SIZE,     /* "64MiB"; number is in bytes */
    OPTION_CHOICE,   /* one of `choices` */
    OPTION_URL,      /* http:// or https:// with a host, without a password */
    OPTION_ADDRESS,  /* HOST:PORT, or the path of a unix socket (one with a slash) */
    OPTION_PATH,     /* ~/ is expanded; a relative one starts at the configuration's folder */
    OPTION_TIME,     /* HH:MM, UTC; number is minutes since midnight */
    OPTION_SECRET,   /* only as ${ENV}, {file: PATH} or {command: [..]}; never shown */
    OPTION_LIST,     /* items, each of the row's `item` type; one alone needs no brackets */
    OPTION_MAP,      /* text to `item`, TEXT or RATIO (0 to 1, decimal): items come in pairs */
};

/* OPTION_EXEC: a list that is run as a program; its first item is an absolute path, and the file
 * that holds it must be safe from other users. */
enum option_flag { OPTION_REQUIRED = 1, OPTION_HIDDEN = 2, OPTION_EXEC = 4 };

struct option_row {
    const char *name; /* "poll.interval" stands in the group `poll:` */
    enum option_type type;
    unsigned flags;
    double min, max;       /* for numbers, in the number's unit; both 0: no bound */
    const char *fallback;  /* as it would be written in the file; NULL: absent */
    const char *choices;   /* "a b c" for OPTION_CHOICE */
    const char *unit;      /* for people: "ms", "rows"; may be NULL */
    const char *help;      /* one sentence */
    enum option_type item; /* LIST: TEXT, NAME, URL, ADDRESS, PATH, CHOICE; MAP: TEXT, RATIO */
    const char *example;   /* for the documents, where there is no fallback; may be NULL */
};

/* Rows that an adapter with HTTP credentials lists among its own; credentials.yaml uses them too. */
/* clang-format off */
#define OPTION_AUTH_ROWS                                                                           \
    {.name = "user", .type = OPTION_TEXT, .help = "Name for basic authentication."},               \
    {.name = "password", .type = OPTION_SECRET, .help = "Password for basic authentication."},     \
    {.name = "token", .type = OPTION_SECRET, .help = "Sent as bearer token, or in `header`."},     \
    {.name = "header", .type = OPTION_NAME, .help = "Header that carries the token instead.",      \
     .example = "X-Api-Key"}
/* clang-format on */

/* What stands in an OPTION_SECRET. */
enum option_source { OPTION_PLAIN, OPTION_ENV, OPTION_FILE, OPTION_COMMAND };

struct option_value {
    bool present;        /* given or defaulted */
    bool given;          /* written in a file, not the default */
    const char *text;    /* ${ENV} and ~/ expanded; of a secret: the variable or the path */
    const char *written; /* as it stands in the file, for people; "****" for a secret */
    double number;
    enum option_source source; /* OPTION_PLAIN unless the row is a secret */
    char **items;              /* LIST, MAP and the argv of OPTION_COMMAND; NULL-ended */
    size_t n_items;
    const char *file; /* origin; "default" when not given */
    int line, column;
};

struct option_set {
    const struct option_row *rows;
    struct option_value *values; /* one for each row */
    size_t n_rows;
    struct arena *memory; /* of a set that option_set_parse() made, else NULL */
};

/* All getters take the row's name; asking for a name that has no row is a programming error and
 * answers "absent". */
const struct option_value *option_get(const struct option_set *set, const char *name);
const char *option_text(const struct option_set *set, const char *name); /* NULL when absent */
double option_number(const struct option_set *set, const char *name, double fallback);
bool option_bool(const struct option_set *set, const char *name);

/* A secret resolved now (environment, 0600 file or helper command; blocks at most 10 s, so not for
 * a loop): the caller wipes *ret. ERR_ABSENT when the option is not set. Refuses control
 * characters and more than 64 KiB. */
int option_secret(const struct option_set *set, const char *name, char **ret, struct err *e);
/* Overwrites and frees; NULL is fine. */
void option_wipe(char *secret);

/* A set from the YAML text of one map, for tests and the demo: the first mistake is the error. The
 * caller ends it with option_set_done(). */
int option_set_parse(const char *yaml, const struct option_row *rows, size_t n_rows,
                     struct option_set *ret, struct err *e);
void option_set_done(struct option_set *set);

#endif
