/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names, URLs and addresses: what is wrong with one, in words that follow it ("has no host"), or
 * NULL when nothing is.
 */
#ifndef DRIFTOP_SRC_CONFIG_PLACE_H
#define DRIFTOP_SRC_CONFIG_PLACE_H

const char *place_name_fault(const char *text);
const char *place_url_fault(const char *text);
const char *place_address_fault(const char *text);

#endif
