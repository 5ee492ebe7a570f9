/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * conf/driftop.yaml.example: every option at its place. Only what is required is active, so that
 * the file loads and each line can be uncommented by itself.
 */
#include <stdio.h>
#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"
#include "driftop/config/describe.h"
#include "scalar.h"
#include "table.h"

#define COLUMNS 92

/* Where lines go; `off` comments all of them out. */
struct sheet {
    struct str *s;
    const struct config_types *types;
    bool off;
};

static void line(const struct sheet *sheet, int indent, bool off, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void line(const struct sheet *sheet, int indent, bool off, const char *format, ...)
{
    va_list ap;
    str_addf(sheet->s, "%*s%s", indent, "", off || sheet->off ? "#" : "");
    va_start(ap, format);
    str_addv(sheet->s, format, ap);
    va_end(ap);
    str_add_char(sheet->s, '\n');
}

/* A comment, broken at blanks. */
static void prose(const struct sheet *sheet, int indent, const char *text)
{
    size_t room = (size_t)(COLUMNS - indent);
    while (*text) {
        size_t length = strlen(text);
        if (length > room) {
            length = room;
            while (length > 1 && text[length] != ' ')
                length--;
        }
        str_addf(sheet->s, "%*s# %.*s\n", indent, "", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static const char *list_example(const struct option_row *row)
{
    if (row->flags & OPTION_EXEC)
        return "[/usr/local/bin/program]";
    switch (row->item) {
    case OPTION_URL: return "[\"http://127.0.0.1:8080\"]";
    case OPTION_ADDRESS: return "[\"127.0.0.1:8080\"]";
    case OPTION_PATH: return "[/path/to/file]";
    default: return "[one, two]";
    }
}

/* Something that is valid for the row. */
static const char *example(const struct option_row *row, char buf[SCALAR_TEXT])
{
    static const char *const usual[OPTION_MAP + 1] = {
        [OPTION_BOOL] = "true",
        [OPTION_INT] = "1",
        [OPTION_NUMBER] = "0.5",
        [OPTION_RATIO] = "5%",
        [OPTION_DURATION] = "5s",
        [OPTION_SIZE] = "1MiB",
        [OPTION_URL] = "http://127.0.0.1:8080",
        [OPTION_ADDRESS] = "127.0.0.1:8080",
        [OPTION_PATH] = "/path/to/file",
        [OPTION_TIME] = "\"06:30\"",
        [OPTION_SECRET] = "{file: /path/to/secret}",
        [OPTION_MAP] = "{name: text}",
    };
    if (row->fallback || row->example)
        return row->fallback ? row->fallback : row->example;
    if (row->type == OPTION_LIST)
        return list_example(row);
    if (row->type == OPTION_CHOICE) {
        snprintf(buf, SCALAR_TEXT, "%.*s", (int)strcspn(row->choices, " "), row->choices);
        return buf;
    }
    if (row->min > 0 || row->max > 0 || row->min < 0) /* the usual value may be out of range */
        return scalar_format(row->type, row->min, buf);
    return usual[row->type] ? usual[row->type] : row->name;
}

static void one_row(const struct sheet *sheet, int indent, const struct option_row *row,
                    const char *name)
{
    char buf[SCALAR_TEXT], range[160], about[600];
    scalar_range(row, range, sizeof range);
    snprintf(about, sizeof about, "%s (%s%s%s)", row->help ? row->help : "", scalar_type_name(row),
             *range ? (row->type == OPTION_CHOICE ? " " : ", ") : "", range);
    prose(sheet, indent, about);
    line(sheet, indent, !(row->flags & OPTION_REQUIRED), "%s: %s", name, example(row, buf));
}

/* Rows in groups, as they are nested in the file. */
static void rows(const struct sheet *sheet, int indent, const struct option_row *list, size_t n)
{
    const char *group = "";
    size_t group_length = 0;
    for (size_t i = 0; i < n; i++) {
        const char *dot = strchr(list[i].name, '.');
        if (list[i].flags & OPTION_HIDDEN)
            continue;
        size_t length = dot ? (size_t)(dot - list[i].name) : 0;
        if (dot && (length != group_length || strncmp(group, list[i].name, length)))
            line(sheet, indent, false, "%.*s:", (int)length, list[i].name);
        group = list[i].name;
        group_length = length;
        one_row(sheet, dot ? indent + 2 : indent, &list[i], dot ? dot + 1 : list[i].name);
    }
}

/* A list of one adapter of each type. */
static void adapters(const struct sheet *sheet, int indent, const char *key, enum config_kind kind)
{
    if (!sheet->types->n_types[kind])
        return;
    line(sheet, indent, false, "%s:", key);
    for (size_t i = 0; i < sheet->types->n_types[kind]; i++) {
        const struct config_type *type = &sheet->types->types[kind][i];
        prose(sheet, indent + 2, type->help);
        line(sheet, indent + 2, false, "- type: %s", type->name);
        rows(sheet, indent + 4, type->rows, type->n_rows);
    }
}

/* One map: the first type is active, the others show what could stand there instead. */
static void one_adapter(const struct sheet *sheet, int indent, const char *key,
                        enum config_kind kind)
{
    struct sheet part = *sheet;
    for (size_t i = 0; i < sheet->types->n_types[kind]; i++) {
        const struct config_type *type = &sheet->types->types[kind][i];
        part.off = sheet->off || i > 0;
        prose(&part, indent, type->help);
        line(&part, indent, false, "%s:", key);
        line(&part, indent + 2, false, "type: %s", type->name);
        rows(&part, indent + 2, type->rows, type->n_rows);
    }
}

static void registries(const struct sheet *sheet)
{
    if (!sheet->types->n_types[CONFIG_REGISTRY])
        return;
    line(sheet, 0, false, "\nregistries:");
    for (size_t i = 0; i < sheet->types->n_types[CONFIG_REGISTRY]; i++) {
        const struct config_type *type = &sheet->types->types[CONFIG_REGISTRY][i];
        prose(sheet, 2, type->help);
        line(sheet, 2, false, "%s:", type->name);
        line(sheet, 4, false, "type: %s", type->name);
        rows(sheet, 4, type->rows, type->n_rows);
    }
}

static void deployment(const struct sheet *sheet)
{
    line(sheet, 0, false, "\ndeployments:");
    line(sheet, 2, false, "-");
    rows(sheet, 4, table_deployment.rows, table_deployment.n_rows);
    one_adapter(sheet, 4, "traffic", CONFIG_TRAFFIC);
    line(sheet, 4, false, "versions:");
    prose(sheet, 6, "A version's name; \"*\" stands for every version that is not listed.");
    line(sheet, 6, false, "\"41\":");
    rows(sheet, 8, table_version.rows, table_version.n_rows);
    adapters(sheet, 8, "servers", CONFIG_SERVER);
    adapters(sheet, 4, "features", CONFIG_FEATURE);
    one_adapter(sheet, 4, "reference", CONFIG_REFERENCE);
    if (sheet->types->n_rules) {
        line(sheet, 4, false, "rules:");
        rows(sheet, 6, sheet->types->rules, sheet->types->n_rules);
    }
}

int config_describe_example(const struct config_types *types, struct str *s)
{
    struct sheet sheet = {.s = s, .types = types};
    prose(&sheet, 0,
          "Every option of driftop.yaml at its place, made from the option tables; "
          "docs/CONFIGURATION.md says more. Only what is required is active here: what "
          "is commented out shows the default, or an example where there is none.");
    str_add_char(s, '\n');
    rows(&sheet, 0, table_top.rows, table_top.n_rows); /* ends with those of `defaults:` */
    prose(&sheet, 2, "Rules of every deployment that does not set them. (map, as below)");
    line(&sheet, 2, true, "rules: {}");
    registries(&sheet);
    deployment(&sheet);
    if (types->n_types[CONFIG_NOTIFY])
        str_add_char(s, '\n');
    adapters(&sheet, 0, "notify", CONFIG_NOTIFY);
    return s->failed ? ERR_LIMIT : 0;
}
