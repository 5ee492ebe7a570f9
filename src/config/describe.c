/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * docs/CONFIGURATION.md.
 */
#include "driftop/config/describe.h"

#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "scalar.h"
#include "table.h"

static const char introduction[] =
    "# Configuration\n\n"
    "<!-- Made from the option tables in src/config/table.c and src/adapt; do not edit. -->\n\n"
    "driftop reads `$XDG_CONFIG_HOME/driftop/driftop.yaml` (that is, usually,\n"
    "`~/.config/driftop/driftop.yaml`), or the file named by `-c FILE`. `driftop config check`\n"
    "reports every mistake with its place; `driftop config --origin` prints each value and where\n"
    "it came from. A running recorder and dashboard read the file again on SIGHUP. A file that\n"
    "names commands to run must belong to you or to root and not be writable by others.\n"
    "\n"
    "`${NAME}` anywhere in a value is replaced by the environment variable of that name; a\n"
    "variable that is not set is a mistake. `$${` stands for a plain `${`. An option with a dot\n"
    "in its name stands in a map: `poll.interval` is written `poll: {interval: 5s}`.\n\n"
    "| type | how it is written |\n|---|---|\n"
    "| name | letters, digits, `_`, `.` and `-`, at most 128 bytes |\n"
    "| ratio | `5%` or `0.05` |\n"
    "| duration | `500ms`, `5s`, `1m30s`, `2h`, `7d` |\n"
    "| size | a number of bytes, or `64MiB`, `1GB` |\n"
    "| URL | begins with `http://` or `https://`; holds no user or password |\n"
    "| address | `HOST:PORT`, `[::1]:PORT`, or the path of a unix socket |\n"
    "| path | absolute, `~/...`, or relative to the configuration's folder |\n"
    "| time of day | `\"06:30\"`, in UTC |\n"
    "| secret | `${NAME}`, `{file: PATH}` or `{command: [PROGRAM, ...]}` |\n"
    "| list | `[a, b]`; one value needs no brackets |\n"
    "\n"
    "Secrets are looked up when they are needed and never shown. A file that holds one must be\n"
    "readable by you alone; a command prints it, has no shell and 10 seconds.\n";

static void cell(struct str *s, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            str_add_char(s, '\\');
        str_add_char(s, *text);
    }
}

static void row_type(struct str *s, const struct option_row *row)
{
    char range[160];
    scalar_range(row, range, sizeof range);
    if (row->type == OPTION_CHOICE) {
        str_add(s, range);
        return;
    }
    str_add(s, scalar_type_name(row));
    if (row->unit)
        str_addf(s, " of %s", row->unit);
    if (*range && (row->type != OPTION_RATIO || row->max > 0))
        str_addf(s, ", %s", range);
}

static void rows_table(struct str *s, const struct option_row *rows, size_t n)
{
    str_add(s, "\n| option | type | default | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < n; i++) {
        const struct option_row *row = &rows[i];
        if (row->flags & OPTION_HIDDEN)
            continue;
        str_addf(s, "| `%s` | ", row->name);
        row_type(s, row);
        if (row->flags & OPTION_REQUIRED)
            str_add(s, " | required | ");
        else if (row->fallback)
            str_addf(s, " | `%s` | ", row->fallback);
        else
            str_add(s, " | | ");
        cell(s, row->help ? row->help : "");
        str_add(s, " |\n");
    }
}

static void kind(struct str *s, const struct config_types *types, enum config_kind k,
                 const char *heading, const char *help)
{
    str_addf(s, "\n## %s\n\n%s\n", heading, help);
    for (size_t i = 0; i < types->n_types[k]; i++) {
        const struct config_type *type = &types->types[k][i];
        str_addf(s, "\n### %s: `type: %s`\n\n%s\n", heading, type->name, type->help);
        if (type->n_rows)
            rows_table(s, type->rows, type->n_rows);
    }
}

static void deployments(struct str *s, const struct config_types *types)
{
    str_add(s, "\n## deployments\n\n"
               "A list of maps, one for each model in production. Beside the options below it\n"
               "holds `traffic`, `versions`, `features`, `reference` and `rules`.\n");
    rows_table(s, table_deployment.rows, table_deployment.n_rows);
    str_add(s, "\n## versions\n\n"
               "A map from version to map; `\"*\"` stands for every version that is not listed.\n"
               "Beside the option below a version holds `servers`.\n");
    rows_table(s, table_version.rows, table_version.n_rows);
    kind(s, types, CONFIG_SERVER, "servers",
         "One map or a list of maps, each with a `type`: where this version is served.");
    kind(s, types, CONFIG_TRAFFIC, "traffic",
         "A map with a `type`: what splits the deployment's traffic between its versions.");
    kind(s, types, CONFIG_FEATURE, "features",
         "One map or a list of maps, each with a `type`: where the rows come from that are\n"
         "compared with the reference. Rows posted to the sink need no entry.");
    kind(s, types, CONFIG_REFERENCE, "reference",
         "A map with a `type`: the rows that drift is measured against.");
    str_add(s, "\n## rules\n\n"
               "A map: when to raise an alert. `defaults.rules` holds the same options for every\n"
               "deployment that does not set them.\n");
    if (types->n_rules)
        rows_table(s, types->rules, types->n_rules);
}

int config_describe_markdown(const struct config_types *types, struct str *s)
{
    str_add(s, introduction);
    str_add(s, "\n## Top level\n");
    rows_table(s, table_top.rows, table_top.n_rows);
    kind(s, types, CONFIG_REGISTRY, "registries",
         "A map from a name of your choice to a map with a `type`. Deployments refer to the name.");
    deployments(s, types);
    kind(s, types, CONFIG_NOTIFY, "notify",
         "One map or a list of maps, each with a `type`: who is told about alerts.");
    str_add(s,
            "\n## credentials.yaml\n\n"
            "Secrets that acts are sent with stand in `$XDG_CONFIG_HOME/driftop/"
            "credentials.yaml`,\nwhich belongs to you and has mode 0600. The recorder never "
            "reads it. Below `act:` each\nregistry's name, or ENVIRONMENT/REGISTRY where several "
            "environments use the same name,\nholds a map:\n\n"
            "    act:\n      prod-eu/main: {user: sre, password: {command: [/usr/bin/pass, show, "
            "mlflow]}}\n");
    rows_table(s, table_credential.rows, table_credential.n_rows);
    return s->failed ? ERR_LIMIT : 0;
}
