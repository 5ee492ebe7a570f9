/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What adapters say, as JSON, for the fixture folders. Absent things are left out.
 */
#ifndef DRIFTOP_TESTS_ADAPT_PRINTING_H
#define DRIFTOP_TESTS_ADAPT_PRINTING_H

#include "driftop/adapt/controller.h"
#include "driftop/adapt/feature.h"

struct json;

struct json *print_request(const struct net_request *request);
struct json *print_observation(const struct observation *o);
struct json *print_step(const struct control_step *step);
struct json *print_row(const struct feature_row *row);
const char *truth_name(enum control_truth truth);

#endif
