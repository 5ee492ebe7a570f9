/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The documents that are made from the option tables: docs/CONFIGURATION.md and the commented
 * conf/driftop.yaml.example. A test compares the committed copies; hidden options are left out.
 */
#ifndef DRIFTOP_CONFIG_DESCRIBE_H
#define DRIFTOP_CONFIG_DESCRIBE_H

struct config_types;
struct str;

/* Both append, and return 0, ERR_NOMEM or ERR_LIMIT. */
int config_describe_markdown(const struct config_types *types, struct str *ret);
/* It loads as it stands; what is commented out shows the default or an example. */
int config_describe_example(const struct config_types *types, struct str *ret);

#endif
