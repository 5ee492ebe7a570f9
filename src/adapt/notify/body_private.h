/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What notifications share.
 */
#ifndef DRIFTOP_ADAPT_NOTIFY_BODY_PRIVATE_H
#define DRIFTOP_ADAPT_NOTIFY_BODY_PRIVATE_H

/* The rows every notification has: which alerts it is told. */
/* clang-format off */
#define NOTIFY_ROWS                                                                                \
    {.name = "on", .type = OPTION_LIST, .item = OPTION_CHOICE, .fallback = "page",                 \
     .choices = "page ticket",                                                                      \
     .help = "Severities it is told: page, ticket.", .example = "[page, ticket]"}
/* clang-format on */

#endif
