/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "types.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define TYPE(name_, help_, rows)                                                                   \
    {                                                                                              \
        name_, help_, rows, COUNT(rows)                                                            \
    }

static const struct option_row server_rows[] = {
    {.name = "url", .type = OPTION_URL, .flags = OPTION_REQUIRED, .help = "Where it listens."},
    {.name = "model", .type = OPTION_TEXT, .help = "Its name there."},
    {.name = "metrics", .type = OPTION_URL, .help = "Its metrics page."},
    {.name = "headers", .type = OPTION_MAP, .help = "Sent with each request."},
    OPTION_AUTH_ROWS,
};
static const struct option_row registry_rows[] = {
    {.name = "url", .type = OPTION_URL, .flags = OPTION_REQUIRED, .help = "Where it listens."},
    OPTION_AUTH_ROWS,
};
static const struct option_row haproxy_rows[] = {
    {.name = "sockets",
     .type = OPTION_LIST,
     .item = OPTION_ADDRESS,
     .flags = OPTION_REQUIRED,
     .help = "One for each process.",
     .example = "[/run/haproxy/admin.sock]"},
    {.name = "backend", .type = OPTION_NAME, .help = "The backend."},
};
static const struct option_row jsonl_rows[] = {
    {.name = "path", .type = OPTION_PATH, .flags = OPTION_REQUIRED, .help = "A glob."},
    {.name = "time_field", .type = OPTION_TEXT, .fallback = "time", .help = "The row's time."},
    {.name = "version_field", .type = OPTION_TEXT, .help = "The version."},
    {.name = "prediction_field", .type = OPTION_TEXT, .help = "The prediction."},
};
static const struct option_row csv_rows[] = {
    {.name = "path", .type = OPTION_PATH, .flags = OPTION_REQUIRED, .help = "A file."},
};
static const struct option_row every_rows[] = {
    {.name = "text", .type = OPTION_TEXT, .help = "A | text."},
    {.name = "name", .type = OPTION_NAME, .help = "A name."},
    {.name = "bool", .type = OPTION_BOOL, .help = "A truth."},
    {.name = "int", .type = OPTION_INT, .min = -1, .max = 9, .unit = "rows", .help = "An int."},
    {.name = "number", .type = OPTION_NUMBER, .min = 0.5, .max = 2, .help = "A number."},
    {.name = "ratio", .type = OPTION_RATIO, .help = "A ratio."},
    {.name = "half", .type = OPTION_RATIO, .max = 0.5, .fallback = "10%", .help = "Bounded."},
    {.name = "duration",
     .type = OPTION_DURATION,
     .min = 1000,
     .max = 5400000,
     .help = "A duration."},
    {.name = "size", .type = OPTION_SIZE, .min = 1024, .max = 1e9, .help = "A size."},
    {.name = "choice", .type = OPTION_CHOICE, .choices = "red green blue", .help = "A choice."},
    {.name = "url", .type = OPTION_URL, .help = "A URL."},
    {.name = "address", .type = OPTION_ADDRESS, .help = "An address."},
    {.name = "path", .type = OPTION_PATH, .help = "A path."},
    {.name = "time", .type = OPTION_TIME, .help = "A time."},
    {.name = "secret", .type = OPTION_SECRET, .help = "A secret."},
    {.name = "list", .type = OPTION_LIST, .fallback = "[a, b]", .help = "A list."},
    {.name = "names", .type = OPTION_LIST, .item = OPTION_NAME, .help = "A list of names."},
    {.name = "map", .type = OPTION_MAP, .help = "A map."},
    {.name = "group.one", .type = OPTION_TEXT, .help = "In a group."},
    {.name = "group.two", .type = OPTION_TEXT, .fallback = "2", .help = "In a group."},
    {.name = "quiet", .type = OPTION_TEXT, .flags = OPTION_HIDDEN, .help = "Hidden."},
};
static const struct option_row command_rows[] = {
    {.name = "argv",
     .type = OPTION_LIST,
     .flags = OPTION_REQUIRED | OPTION_EXEC,
     .help = "The program and its arguments."},
    {.name = "on",
     .type = OPTION_LIST,
     .item = OPTION_CHOICE,
     .choices = "page ticket",
     .fallback = "[page]",
     .help = "When."},
};
static const struct option_row rule_rows[] = {
    {.name = "error_ratio", .type = OPTION_RATIO, .fallback = "5%", .help = "Errors."},
    {.name = "latency_p99", .type = OPTION_DURATION, .help = "Latency."},
};

static const struct config_type servers[] = {
    TYPE("open-inference", "A server of the Open Inference protocol.", server_rows),
};
static const struct config_type registries[] = {
    TYPE("mlflow", "An MLflow registry.", registry_rows),
};
static const struct config_type splitters[] = {
    TYPE("haproxy", "HAProxy's runtime API.", haproxy_rows),
};
static const struct config_type features[] = {
    TYPE("jsonl", "JSON lines.", jsonl_rows),
    TYPE("csv", "CSV with a header.", csv_rows),
    TYPE("every", "A row of every type.", every_rows),
};
static const struct config_type references[] = {
    TYPE("csv", "CSV with a header.", csv_rows),
    TYPE("jsonl", "JSON lines.", csv_rows),
};
static const struct config_type notifiers[] = {
    TYPE("command", "Runs a program.", command_rows),
    TYPE("alertmanager", "Posts to Alertmanager.", registry_rows),
};

const struct config_types test_types = {
    .types = {servers, registries, splitters, features, references, notifiers},
    .n_types = {COUNT(servers), COUNT(registries), COUNT(splitters), COUNT(features),
                COUNT(references), COUNT(notifiers)},
    .rules = rule_rows,
    .n_rules = COUNT(rule_rows),
};
