#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drift page reaches a real Alertmanager and a command: the Alertmanager is away at first, the
recorder is killed meanwhile, and the outbox delivers all the same; when the alert ends, both hear
of it."""
import json
import os
import random
import shutil
import signal
import urllib.error
import urllib.request

import harness as h

CONFIG = """
environment: notify
store: {{path: {dir}/n.db}}
deployments:
{deployments}
notify:
  - {{type: command, argv: [{dir}/page-me], on: [page]}}
  - {{type: alertmanager, url: "http://127.0.0.1:{port}"}}
"""
DEPLOYMENT = """  - name: {name}
    owner: risk-ml
    runbook: https://wiki.example/rb/1
    features: {{type: jsonl, path: "{dir}/{name}.jsonl", time_field: ts, version_field: version, prediction_field: score}}
    reference: {{type: csv, path: {dir}/reference.csv}}
"""
PAGE_ME = """#!/bin/sh
cat >>{dir}/told
echo >>{dir}/told
"""


def write_config(folder, port, *names):
    with open(folder + "/driftop.yaml", "w", encoding="utf-8") as f:
        f.write(CONFIG.format(dir=folder, port=port, deployments="".join(
            DEPLOYMENT.format(dir=folder, name=name) for name in names)))


def add_rows(folder, n, chance):
    with open(folder + "/scorer.jsonl", "a", encoding="utf-8") as f:
        f.writelines(h.row(chance, amount=chance.gauss(2, 1)) + "\n" for _ in range(n))


def told(folder):
    try:
        with open(folder + "/told", encoding="utf-8") as f:
            return [json.loads(line) for line in f if line.strip()]
    except (FileNotFoundError, json.JSONDecodeError):
        return []


def alerts(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/alerts", timeout=2) as r:
            return [a for a in json.load(r) if a["labels"].get("environment") == "notify"]
    except (urllib.error.URLError, OSError):
        return []


def start_alertmanager(program, folder, port):
    with open(folder + "/alertmanager.yml", "w", encoding="utf-8") as f:
        f.write("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    return h.start([program, "--config.file=" + folder + "/alertmanager.yml",
                    "--storage.path=" + folder + "/alertmanager", "--cluster.listen-address=",
                    f"--web.listen-address=127.0.0.1:{port}"],
                   stdout=h.subprocess.DEVNULL, stderr=h.subprocess.DEVNULL)


def has_fired(store):
    return h.query(store, "select count(*) from outbox") not in ([], [(0,)])


def test():
    program = shutil.which("prometheus-alertmanager")
    if not program:
        print("prometheus-alertmanager is not installed")
        raise SystemExit(h.SKIP)
    folder, port, chance = h.folder("notify"), h.free_port(), random.Random(5)
    store, config = folder + "/n.db", folder + "/driftop.yaml"
    h.write_reference(folder + "/reference.csv")
    with open(folder + "/page-me", "w", encoding="utf-8") as f:
        f.write(PAGE_ME.format(dir=folder))
    os.chmod(folder + "/page-me", 0o700)
    write_config(folder, port, "calm", "scorer")
    add_rows(folder, 600, chance)

    record = [h.DRIFTOP, "-c", config, "record", "--log", folder + "/log"]
    process = h.start(record)
    h.wait_for("the command is told", lambda: told(folder))
    h.wait_for("the other letter in the outbox", lambda: has_fired(store))
    h.stop(process, signal.SIGKILL)

    start_alertmanager(program, folder, port)
    h.wait_for("the Alertmanager answers", lambda: port_open(port), 30)
    process = h.start(record)
    alert = h.wait_for("the page in the Alertmanager", lambda: alerts(port), 60)[0]
    for name, value in (("deployment", "scorer"), ("version", "1"), ("feature", "amount"),
                        ("rule", "drift"), ("severity", "page")):
        h.expect("label " + name, alert["labels"].get(name), value)
    if "PSI" not in alert["annotations"].get("summary", ""):
        raise SystemExit(f"no number in the summary: {alert['annotations']}")

    # An alert that was taken up is let go at once only after it was looked at again.
    add_rows(folder, 50, chance)
    h.wait_for("a new look", lambda: "n=650" in str(h.query(store, "select summary from alert")))
    write_config(folder, port, "calm")
    process.send_signal(signal.SIGHUP)
    h.wait_for("the end in the Alertmanager", lambda: port_open(port) and not alerts(port), 30)
    h.wait_for("the end at the command", lambda: told(folder)[-1]["phase"] == "resolved")
    h.expect("exit status", h.stop(process), 0)
    # A kill between the delivery and its record makes it be told again: once more at most.
    phases = [t["phase"] for t in told(folder)]
    if phases not in (["firing", "resolved"], ["firing", "firing", "resolved"]):
        raise SystemExit(f"the command heard {phases}")
    print("kept over a kill, delivered when the other side was there, ended at both")


def port_open(port):
    with h.socket.socket() as s:
        s.settimeout(1)
        return s.connect_ex(("127.0.0.1", port)) == 0


h.main(test)
