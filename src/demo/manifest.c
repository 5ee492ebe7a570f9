/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files that tell others about the fleet: the configuration with which driftop watches it, the
 * reference rows, and last of all fleet.json, whose being there says that everything answers.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "driftop/base/err.h"
#include "driftop/base/json.h"
#include "driftop/base/json_build.h"
#include "driftop/base/path.h"
#include "driftop/base/str.h"
#include "driftop/demo/fleet.h"
#include "driftop/demo/rows.h"
#include "driftop/net/listen.h"

#define REFERENCE_ROWS 5000

static int write_file(const struct fleet *f, const char *name, const struct str *text,
                      struct err *e)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", f->options.folder, name);
    if (text->failed)
        return err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    return path_write(path, text->data, text->length, 0600, e);
}

static int write_references(const struct fleet *f, struct err *e)
{
    struct str text;
    int result = 0;

    str_init(&text, 0);
    for (size_t i = 0; result == 0 && i < CATALOG_DEPLOYMENTS; i++) {
        const struct fleet_deployment *d = &f->deployments[i];
        char name[128];
        snprintf(name, sizeof name, "reference/%s.csv", d->catalog->name);
        str_clear(&text);
        if (rows_write_reference(&text, &d->population, f->options.seed, REFERENCE_ROWS) < 0)
            result = err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
        else
            result = write_file(f, name, &text, e);
    }
    str_done(&text);
    return result;
}

/* A folder may be called anything; the rest of what is quoted is ours. */
static void add_quoted(struct str *s, const char *folder, const char *rest)
{
    str_add_char(s, '"');
    for (; *folder; folder++) {
        if (*folder == '"' || *folder == '\\')
            str_add_char(s, '\\');
        str_add_char(s, *folder);
        if (*folder == '$' && folder[1] == '{')
            str_add_char(s, '$');
    }
    str_addf(s, "%s\"", rest);
}

static void add_deployment(struct str *s, const struct fleet *f, const struct fleet_deployment *d)
{
    const struct catalog_deployment *c = d->catalog;
    char rest[128];

    str_addf(s, "  - name: %s\n    owner: %s\n", c->name, c->owner);
    str_addf(s, "    runbook: https://wiki.example/rb/%s\n", c->name);
    str_add(s, "    registry: {use: main}\n    traffic: {type: haproxy, sockets: [");
    add_quoted(s, f->options.folder, "/splitter.sock");
    str_add(s, "]}\n    versions:\n");
    for (size_t v = 0; v < CATALOG_VERSIONS; v++) {
        int port = d->servers[v].port;
        str_addf(s,
                 "      \"%s\": {servers: [{type: open-inference, url: \"http://127.0.0.1:%d\", "
                 "metrics: \"http://127.0.0.1:%d/metrics\"}]}\n",
                 c->versions[v], port, port);
    }
    if (c->delivery == DELIVER_FILE) {
        snprintf(rest, sizeof rest, "/logs/%s.jsonl", c->name);
        str_add(s, "    features: {type: jsonl, path: ");
        add_quoted(s, f->options.folder, rest);
        str_add(s, "}\n");
    }
    snprintf(rest, sizeof rest, "/reference/%s.csv", c->name);
    str_add(s, "    reference: {type: csv, path: ");
    add_quoted(s, f->options.folder, rest);
    str_add(s, "}\n");
    if (c->rules)
        str_addf(s, "    rules: %s\n", c->rules);
}

static int write_configuration(const struct fleet *f, struct err *e)
{
    struct str s;
    int result;

    str_init(&s, 0);
    str_add(&s, "# Made by driftop-fleet; written anew at each start.\nenvironment: demo\n"
                "store: {path: ");
    add_quoted(&s, f->options.folder, "/driftop.db");
    str_add(&s, "}\npoll: {interval: 2s, connect_timeout: 500ms, timeout: 2s}\n");
    str_addf(&s, "sink: {listen: \"127.0.0.1:%d\"}\n", f->sink_port);
    str_addf(&s, "registries:\n  main: {type: mlflow, url: \"http://127.0.0.1:%d\"}\n",
             listen_port(f->registry.listener));
    str_add(&s, "deployments:\n");
    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++)
        add_deployment(&s, f, &f->deployments[i]);
    result = write_file(f, "driftop.yaml", &s, e);
    str_done(&s);
    return result;
}

__attribute__((format(printf, 3, 4))) static void put_text(struct json *object, const char *key,
                                                           const char *format, ...)
{
    struct str text;
    va_list ap;

    str_init(&text, 0);
    va_start(ap, format);
    str_addv(&text, format, ap);
    va_end(ap);
    json_put(object, key, json_new_text(text.data));
    str_done(&text);
}

static struct json *describe_servers(const struct fleet *f)
{
    struct json *servers = json_new_object();

    for (size_t i = 0; i < CATALOG_DEPLOYMENTS; i++)
        for (size_t v = 0; v < CATALOG_VERSIONS; v++) {
            const struct server *server = &f->deployments[i].servers[v];
            struct json *one = json_new_object();
            char name[128];
            snprintf(name, sizeof name, "%s/%s", server->model, server->version);
            put_text(one, "url", "http://127.0.0.1:%d", server->port);
            put_text(one, "metrics", "http://127.0.0.1:%d/metrics", server->port);
            json_put(servers, name, one);
        }
    return servers;
}

static struct json *describe_script(const struct fleet *f)
{
    struct json *script = json_new_array();
    const char *text;
    double at_s;

    for (size_t i = 0; script_event(i, &at_s, &text); i++) {
        struct json *event = json_new_object();
        json_put(event, "at_s", json_new_real(at_s / f->options.speed));
        json_put(event, "what", json_new_text(text));
        json_append(script, event);
    }
    return script;
}

static int write_manifest(const struct fleet *f, struct err *e)
{
    const char *folder = f->options.folder;
    struct json *root = json_new_object();
    struct str text;
    int result;

    str_init(&text, 0);
    json_put(root, "schema", json_new_text("driftop.fleet/1"));
    json_put(root, "pid", json_new_int(getpid()));
    json_put(root, "seed", json_new_int((int64_t)f->options.seed));
    json_put(root, "speed", json_new_real(f->options.speed));
    json_put(root, "servers", describe_servers(f));
    put_text(root, "registry", "http://127.0.0.1:%d", listen_port(f->registry.listener));
    put_text(root, "sink", "http://127.0.0.1:%d/", f->sink_port);
    put_text(root, "splitter", "%s/splitter.sock", folder);
    put_text(root, "logs", "%s/logs", folder);
    put_text(root, "reference", "%s/reference", folder);
    put_text(root, "config", "%s/driftop.yaml", folder);
    json_put(root, "script", describe_script(f));
    if (json_write(root, 2, &text) < 0)
        result = err_set(e, ERR_NOMEM, "%s", err_message(ERR_NOMEM));
    else
        result = write_file(f, "fleet.json", &text, e);
    json_drop(root);
    str_done(&text);
    return result;
}

int fleet_write_files(const struct fleet *f, struct err *e)
{
    int result = write_references(f, e);

    if (result == 0)
        result = write_configuration(f, e);
    return result < 0 ? result : write_manifest(f, e);
}
