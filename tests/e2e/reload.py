#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGHUP: the recorder goes on with the new configuration, says which one is in force, keeps what it
had counted, and stays with the old one when the new one has a mistake. SIGTERM ends it with
everything written."""
import os
import random
import signal

import harness as h

HEAD = """
environment: reload
store: {{path: {dir}/r.db}}
deployments:
"""
DEPLOYMENT = """
  - name: {name}
    features: {{type: jsonl, path: "{dir}/{name}.jsonl", time_field: ts, version_field: version, prediction_field: score}}
    reference: {{type: csv, path: {dir}/reference.csv}}
"""


def write_config(folder, *names, tail=""):
    with open(folder + "/driftop.yaml", "w", encoding="utf-8") as f:
        f.write(HEAD.format(dir=folder))
        for name in names:
            f.write(DEPLOYMENT.format(dir=folder, name=name))
        f.write(tail)


def add_rows(folder, name, n, chance):
    with open(f"{folder}/{name}.jsonl", "a", encoding="utf-8") as f:
        f.writelines(h.row(chance) + "\n" for _ in range(n))


def rows(store, name):
    found = h.query(store, "select v.rows_total from version v join deployment d"
                           f" on d.id = v.deployment_id where d.name = '{name}'")
    return found[0][0] if found else 0


def in_force(store):
    found = h.query(store, "select value from meta where key = 'config_hash'")
    return found[0][0] if found else ""


def test():
    folder, chance = h.folder("reload"), random.Random(3)
    store, config, log = folder + "/r.db", folder + "/driftop.yaml", folder + "/log"
    h.write_reference(folder + "/reference.csv")
    write_config(folder, "first")
    add_rows(folder, "first", 300, chance)
    process = h.start([h.DRIFTOP, "-c", config, "record", "--log", log])
    h.wait_for("the first rows", lambda: rows(store, "first") == 300)
    before = in_force(store)

    write_config(folder, "first", "second")
    add_rows(folder, "second", 40, chance)
    process.send_signal(signal.SIGHUP)
    h.wait_for("the second deployment", lambda: rows(store, "second") == 40)
    after = h.wait_for("another configuration in force",
                       lambda: in_force(store) != before and in_force(store))
    add_rows(folder, "first", 25, chance)
    h.wait_for("rows behind the reload", lambda: rows(store, "first") == 325)

    write_config(folder, "first", "second", tail="polll: {interval: 1s}\n")
    process.send_signal(signal.SIGHUP)
    h.wait_for("the mistake in the log",
               lambda: "polll" in open(log, encoding="utf-8").read())
    add_rows(folder, "second", 5, chance)
    h.wait_for("rows behind the failed reload", lambda: rows(store, "second") == 45)
    h.expect("configuration in force", in_force(store), after)

    write_config(folder, "second")
    process.send_signal(signal.SIGHUP)
    h.wait_for("only one deployment left", lambda: h.query(
        store, "select count(*) from source where name like 'first%'") == [(0,)])
    add_rows(folder, "second", 7, chance)
    os.sync()
    h.expect("exit status", h.stop(process), 0)
    process = h.start([h.DRIFTOP, "-c", config, "record", "--log", log])
    h.wait_for("the recorder to be ready for a signal", lambda: "recording reload" in
               open(log, encoding="utf-8").read().split("ending on signal")[-1])
    h.wait_for("every row once after the restart", lambda: rows(store, "second") == 52)
    h.expect("exit status", h.stop(process), 0)
    print("reloaded three times; nothing lost, nothing twice")


h.main(test)
