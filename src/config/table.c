/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Adding an option: a row here, a field in config/config.h when code reads it often, and
 * GENERATE=1 on the test that compares docs/CONFIGURATION.md.
 */
#include "table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SECOND       1000.0
#define MINUTE       (60 * SECOND)
#define HOUR         (60 * MINUTE)
#define MEBIBYTE     1048576.0

static const struct option_row top_rows[] = {
    {.name = "environment",
     .type = OPTION_NAME,
     .fallback = "default",
     .help = "Name of what this configuration watches; one store holds one environment."},
    {.name = "store.path",
     .type = OPTION_PATH,
     .help = "The store's file, on a local disk; without it "
             "$XDG_STATE_HOME/driftop/ENVIRONMENT.db.",
     .example = "/var/lib/driftop/default.db"},
    {.name = "poll.interval",
     .type = OPTION_DURATION,
     .min = SECOND,
     .max = HOUR,
     .fallback = "5s",
     .help = "How often each source is asked."},
    {.name = "poll.connect_timeout",
     .type = OPTION_DURATION,
     .min = 50,
     .max = MINUTE,
     .fallback = "1s",
     .help = "How long connecting may take."},
    {.name = "poll.timeout",
     .type = OPTION_DURATION,
     .min = 100,
     .max = 5 * MINUTE,
     .fallback = "3s",
     .help = "How long a whole answer may take, connecting included."},
    {.name = "sink.listen",
     .type = OPTION_ADDRESS,
     .help = "Where rows may be posted; without it there is no sink.",
     .example = "127.0.0.1:9465"},
    {.name = "sink.spool",
     .type = OPTION_SIZE,
     .min = MEBIBYTE,
     .max = 1024 * 1024 * MEBIBYTE,
     .fallback = "64MiB",
     .help = "Rows taken and not yet counted; when it is full the sink answers 503."},
    {.name = "read_only",
     .type = OPTION_BOOL,
     .fallback = "false",
     .help = "Never act, not even when armed."},
    {.name = "theme",
     .type = OPTION_TEXT,
     .fallback = "default",
     .help = "Colours of the dashboard: a theme's name, or the path of a theme file."},
    {.name = "glyphs",
     .type = OPTION_CHOICE,
     .choices = "auto utf8-braille utf8-block acs ascii",
     .fallback = "auto",
     .help = "Characters the dashboard draws with; auto asks the locale and the terminal."},
    {.name = "defaults.owner",
     .type = OPTION_TEXT,
     .help = "Owner of every deployment that names none.",
     .example = "ml-platform"},
    {.name = "defaults.runbook",
     .type = OPTION_URL,
     .help = "Runbook of every deployment that names none.",
     .example = "https://wiki.example/runbooks/models"},
};
static const char *const top_nested[] = {"registries", "deployments", "notify", "defaults.rules"};

static const struct option_row deployment_rows[] = {
    {.name = "name",
     .type = OPTION_NAME,
     .flags = OPTION_REQUIRED,
     .help = "What engineers call it; unique.",
     .example = "fraud-score"},
    {.name = "owner", .type = OPTION_TEXT, .help = "Who is responsible.", .example = "risk-ml"},
    {.name = "runbook",
     .type = OPTION_URL,
     .help = "What to do when it pages.",
     .example = "https://wiki.example/runbooks/fraud-score"},
    {.name = "importance",
     .type = OPTION_MAP,
     .item = OPTION_RATIO,
     .help =
         "How much the prediction depends on features, by which drift is ranked; one that is not "
         "named has its association with the prediction in the reference.",
     .example = "{amount: 90%, country: 0.4}"},
    {.name = "registry.use",
     .type = OPTION_NAME,
     .help = "A name under `registries`.",
     .example = "mlflow"},
    {.name = "registry.model",
     .type = OPTION_TEXT,
     .help = "The model's name in the registry; without it the deployment's name.",
     .example = "fraud-score"},
    {.name = "registry.champion",
     .type = OPTION_NAME,
     .fallback = "champion",
     .help = "The alias that names the champion."},
};
static const char *const deployment_nested[] = {"traffic", "versions", "features", "reference",
                                                "rules"};

static const struct option_row version_rows[] = {
    {.name = "target",
     .type = OPTION_TEXT,
     .help = "Its name in the splitter; `{version}` stands for the version. Without it that of "
             "\"*\", else v{version}.",
     .example = "\"v{version}\""},
};
static const char *const version_nested[] = {"servers"};
static const char *const adapter_nested[] = {"type"};

static const struct option_row credential_rows[] = {OPTION_AUTH_ROWS};

const struct table table_top = {top_rows, COUNT(top_rows), top_nested, COUNT(top_nested)};
const struct table table_deployment = {deployment_rows, COUNT(deployment_rows), deployment_nested,
                                       COUNT(deployment_nested)};
const struct table table_version = {version_rows, COUNT(version_rows), version_nested,
                                    COUNT(version_nested)};
const struct table table_adapter = {NULL, 0, adapter_nested, COUNT(adapter_nested)};
const struct table table_credential = {credential_rows, COUNT(credential_rows), NULL, 0};

const char *table_kind_name(enum config_kind kind)
{
    switch (kind) {
    case CONFIG_SERVER: return "server";
    case CONFIG_REGISTRY: return "registry";
    case CONFIG_TRAFFIC: return "traffic";
    case CONFIG_FEATURE: return "features";
    case CONFIG_REFERENCE: return "reference";
    case CONFIG_NOTIFY: return "notify";
    case CONFIG_KINDS: break;
    }
    return "?";
}
