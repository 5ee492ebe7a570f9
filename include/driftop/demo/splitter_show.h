/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The splitter's state as HAProxy 2.6 prints it. Each function appends its answer with the empty
 * line that ends it.
 */
#ifndef DRIFTOP_DEMO_SPLITTER_SHOW_H
#define DRIFTOP_DEMO_SPLITTER_SHOW_H

struct splitter;
struct str;

/* Kinds of lines for `show stat`, to be added. */
enum splitter_rows { SPLITTER_ROWS_BACKEND = 2, SPLITTER_ROWS_SERVER = 4 };

/* backend NULL: all; a name or its number. server -1: all, else its number. */
void splitter_show_stat(const struct splitter *s, const char *backend, int rows, int server,
                        struct str *ret);
void splitter_show_servers(const struct splitter *s, const char *backend, struct str *ret);
void splitter_show_info(const struct splitter *s, struct str *ret);
void splitter_show_backends(const struct splitter *s, struct str *ret);

#endif
