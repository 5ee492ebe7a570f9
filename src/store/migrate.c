/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The schema, as the steps that led to it. Step n brings a store of version n - 1 to version n; a
 * step that has been released is never changed, only followed by another.
 *
 * The state of the fleet stands in small tables of their own, so that the first screen reads a few
 * pages of a large file. History is large: its rows are found by one integer key that holds both the
 * series and the time, which keeps a series together and needs no second index.
 */
#include "store_private.h"

#include <string.h>

#include "driftop/base/err.h"
#include "driftop/base/str.h"

static const char step_1[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"

    "CREATE TABLE deployment ("
    " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, owner TEXT, runbook TEXT,"
    " registry_model TEXT, champion_alias TEXT, champion TEXT, champion_at_ms INTEGER,"
    " has_traffic INTEGER, has_registry INTEGER, has_features INTEGER, n_features INTEGER,"
    " layout_id INTEGER,"                /* the current one */
    " gone INTEGER NOT NULL DEFAULT 0);" /* no longer configured */

    "CREATE TABLE version ("
    " id INTEGER PRIMARY KEY, deployment_id INTEGER NOT NULL, version TEXT NOT NULL, target TEXT,"
    " has INTEGER, ready INTEGER, up INTEGER, state TEXT,"
    " desired_ratio REAL, effective_ratio REAL, observed_ratio REAL,"
    " request_rate REAL, error_ratio REAL, queue REAL,"
    " latency_p50_s REAL, latency_p99_s REAL, latency_mean_s REAL,"
    " latency_p99_low_s REAL, latency_p99_high_s REAL, requests_minute REAL,"
    " registered_ms INTEGER, ready_at_ms INTEGER, traffic_at_ms INTEGER, metrics_at_ms INTEGER,"
    " rows_at_ms INTEGER, rows_total INTEGER, UNIQUE (deployment_id, version));"

    "CREATE TABLE source ("
    " id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, deployment TEXT,"
    " version TEXT, type TEXT, endpoint TEXT, health INTEGER, fault TEXT, tried_ms INTEGER,"
    " ok_ms INTEGER, interval_ms INTEGER, timeout_ms INTEGER, latency_ms REAL, failures INTEGER,"
    " rows_per_s REAL, rows INTEGER, bytes_behind INTEGER,"
    " refused BLOB," /* 8 bytes a reason, little-endian */
    " gone INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, name));"

    "CREATE TABLE champion ("
    " id INTEGER PRIMARY KEY, deployment_id INTEGER NOT NULL, version TEXT NOT NULL,"
    " at_ms INTEGER NOT NULL);"
    "CREATE INDEX champion_of ON champion (deployment_id, id);"

    "CREATE TABLE alert ("
    " id INTEGER PRIMARY KEY, deployment TEXT NOT NULL, version TEXT, feature TEXT,"
    " rule INTEGER NOT NULL, severity INTEGER NOT NULL, phase INTEGER NOT NULL, summary TEXT,"
    " resolution TEXT, value REAL, threshold REAL, since_ms INTEGER, fired_ms INTEGER,"
    " resolved_ms INTEGER, changed_ms INTEGER);"
    "CREATE INDEX alert_open ON alert (phase) WHERE phase < 2;"
    "CREATE INDEX alert_resolved ON alert (resolved_ms) WHERE phase = 2;"
    "CREATE TABLE mark (" /* what people said of an alert */
    " id INTEGER PRIMARY KEY, alert_id INTEGER NOT NULL, is_ack INTEGER NOT NULL,"
    " severity INTEGER NOT NULL," /* the alert's, when it was acknowledged */
    " by TEXT NOT NULL, at_ms INTEGER NOT NULL, note TEXT);"
    "CREATE INDEX mark_of ON mark (alert_id, id);"

    "CREATE TABLE outbox ("
    " id INTEGER PRIMARY KEY, alert_id INTEGER NOT NULL, channel TEXT NOT NULL, body TEXT,"
    " attempts INTEGER, next_ms INTEGER NOT NULL, fault TEXT);"
    "CREATE INDEX outbox_due ON outbox (next_ms);"
    "CREATE TABLE plan ("
    " id TEXT PRIMARY KEY, text TEXT NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;"

    "CREATE TABLE codebook (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, bytes BLOB);"
    "CREATE TABLE layout ("
    " id INTEGER PRIMARY KEY, deployment_id INTEGER NOT NULL, hash TEXT NOT NULL,"
    " prediction TEXT, n_cells INTEGER, UNIQUE (deployment_id, hash));"
    "CREATE TABLE layout_feature ("
    " layout_id INTEGER, place INTEGER, name TEXT NOT NULL, codebook_id INTEGER NOT NULL,"
    " first_cell INTEGER, n_cells INTEGER, PRIMARY KEY (layout_id, place)) WITHOUT ROWID;"
    "CREATE TABLE summary ("
    " version_id INTEGER PRIMARY KEY, layout_id INTEGER, at_ms INTEGER, items BLOB);"
    "CREATE TABLE position ("
    " source TEXT, device INTEGER, inode INTEGER, path TEXT, head_hash TEXT, head_length INTEGER,"
    " offset INTEGER, lines INTEGER, PRIMARY KEY (source, device, inode)) WITHOUT ROWID;"

    /* counts.key is series.id << 32 | start in seconds */
    "CREATE TABLE series ("
    " id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL, layout_id INTEGER NOT NULL,"
    " level INTEGER NOT NULL, UNIQUE (version_id, layout_id, level));"
    "CREATE TABLE counts (key INTEGER PRIMARY KEY, rows INTEGER, packed BLOB);"

    /* The current hour's points, one row for every 10 s; ended hours are packed into one blob for each
     * (version, metric, hour): 10 s apart in metric_fine, a minute in metric_hour. Their key is
     * (version_id << 3 | metric) << 24 | hours since 1970. */
    "CREATE TABLE metric_recent ("
    " version_id INTEGER, slot INTEGER, rate REAL, errors REAL, p50 REAL, p99 REAL, share REAL,"
    " PRIMARY KEY (version_id, slot)) WITHOUT ROWID;"
    "CREATE TABLE metric_fine (key INTEGER PRIMARY KEY, points BLOB);"
    "CREATE TABLE metric_hour (key INTEGER PRIMARY KEY, points BLOB);";

/* Names in one row: a list of the fleet needs them all, and nothing else of a layout. Summaries are
 * written anew within seconds. */
static const char step_2[] =
    "ALTER TABLE deployment ADD COLUMN false_pages REAL;"
    "ALTER TABLE layout ADD COLUMN names TEXT;"      /* in order, each ended by U+001F */
    "ALTER TABLE layout ADD COLUMN importance BLOB;" /* a float a feature */
    "UPDATE layout SET names = (SELECT group_concat(name || char(31), '') FROM"
    " (SELECT name FROM layout_feature WHERE layout_id = layout.id ORDER BY place));"
    "DROP TABLE summary;"
    "CREATE TABLE summary (" /* id is version_id << 2 | span */
    " id INTEGER PRIMARY KEY, layout_id INTEGER, at_ms INTEGER, rows INTEGER, items BLOB);"
    "CREATE TABLE design (" /* of every feature: the four floats of struct design */
    " version_id INTEGER PRIMARY KEY, layout_id INTEGER, items BLOB);"
    "CREATE TABLE drift_note ("
    " version_id INTEGER, feature INTEGER, onset_ms INTEGER, onset_width_ms INTEGER,"
    " shape INTEGER, shape_by REAL, value TEXT, sentence TEXT,"
    " PRIMARY KEY (version_id, feature)) WITHOUT ROWID;";

static const char *const steps[] = {step_1, step_2};

const char *const *migrate_steps(int *ret_n)
{
    *ret_n = (int)(sizeof steps / sizeof *steps);
    return steps;
}

static int read_int(struct store *s, const char *text, int *ret, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, text, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    int code = rc == SQLITE_ROW ? 0 : sql_fail(s, rc, e);
    *ret = rc == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    return code;
}

int migrate_version(struct store *s, int *ret_version, struct err *e)
{
    int application = 0, version = 0, tables = 0, n;
    migrate_steps(&n);
    int rc = read_int(s, "SELECT count(*) FROM sqlite_schema", &tables, e);
    if (rc == 0)
        rc = read_int(s, "PRAGMA application_id", &application, e);
    if (rc == 0)
        rc = read_int(s, "PRAGMA user_version", &version, e);
    if (rc < 0)
        return rc;
    bool empty = tables == 0 && application == 0 && version == 0;
    if (!empty && (application != STORE_APPLICATION_ID || version < 1))
        return err_set_at(e, ERR_DATA, s->path, 0, 0, "a database, but not a store of driftop");
    if (version > n)
        return err_set_at(e, ERR_VERSION, s->path, 0, 0,
                          "the store is of a newer driftop (version %d, this one knows %d)",
                          version, n);
    *ret_version = version;
    return 0;
}

static int run_step(struct store *s, const char *text, int version, struct err *e)
{
    struct str marks;
    str_init(&marks, 0);
    str_addf(&marks, "PRAGMA application_id = %d; PRAGMA user_version = %d", STORE_APPLICATION_ID,
             version);
    int rc = marks.failed ? ERR_NOMEM : sql_script(s, text, e);
    if (rc == 0)
        rc = sql_script(s, marks.data, e);
    str_done(&marks);
    return rc;
}

int migrate_run(struct store *s, const char *const *table, int n, struct err *e)
{
    int version = 0;
    int rc = migrate_version(s, &version, e);
    if (rc < 0 || version >= n)
        return rc;
    rc = store_begin(s, e);
    if (rc < 0)
        return rc;
    /* Again, now that nobody else can be at it. */
    rc = migrate_version(s, &version, e);
    while (rc == 0 && version < n) {
        rc = run_step(s, table[version], version + 1, e);
        version++;
    }
    int ended = store_end(s, rc == 0, rc == 0 ? e : NULL);
    return rc < 0 ? rc : ended;
}
