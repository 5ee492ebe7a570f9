/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The manual pages. Each is first Markdown, made from the tables of the program (commands, options,
 * errors, keys), then roff. Nothing of it is kept in the tree, so nothing of it can be stale.
 */
#ifndef DRIFTOP_APP_DOCUMENT_PRIVATE_H
#define DRIFTOP_APP_DOCUMENT_PRIVATE_H

struct command_context;
struct str;

/* `driftop document` and `driftop completion`. */
int document_run(struct command_context *c);

struct manual_head {
    const char *name, *section, *about; /* "driftop.yaml", "5", "configuration of driftop" */
};

/* Append the page. Of Markdown it understands what our documents use: headings, paragraphs, lists,
 * tables (the first column becomes the term), code, bold, links. */
void manual_roff(const struct manual_head *head, const char *markdown, struct str *ret);

/* The pages as Markdown; each appends. */
void manual_program(struct str *ret);
void manual_keys(struct str *ret);
/* The completion of a shell: bash. */
void completion_bash(struct str *ret);

#endif
