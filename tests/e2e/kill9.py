#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorder is killed 20 times at random points while rows arrive by file (rotated, too) and by
the sink. Afterwards every row of the files is counted exactly once, and every row the sink said 200
to is counted; the cells of each feature add up to the rows."""
import http.client
import json
import os
import random
import signal
import threading

import harness as h

KILLS = 20
CONFIG = """
environment: kill9
store: {{path: {dir}/k.db}}
poll: {{interval: 1s}}
sink: {{listen: "127.0.0.1:{port}"}}
deployments:
  - name: scorer
    features: {{type: jsonl, path: "{dir}/logs/rows.jsonl*", time_field: ts, version_field: version, prediction_field: score}}
    reference: {{type: csv, path: {dir}/reference.csv}}
"""


class Writer(threading.Thread):
    """Appends rows in odd pieces, so that half lines lie at the end, and rotates now and then."""

    def __init__(self, folder):
        super().__init__()
        self.folder, self.rows, self.ended = folder, 0, threading.Event()

    def run(self):
        chance, held, n = random.Random(7), "", 0
        path = os.path.join(self.folder, "rows.jsonl")
        while not self.ended.wait(0.005):
            with open(path, "a", encoding="utf-8") as f:
                for _ in range(chance.randrange(1, 40)):
                    held += h.row(chance) + "\n"
                    self.rows += 1
                cut = chance.randrange(len(held))
                f.write(held[:cut])
                held = held[cut:]
                if chance.random() < 0.02:
                    f.write(held)
                    held = ""
                    n += 1
                    os.rename(path, f"{self.folder}/rows.jsonl.{n}")
        with open(path, "a", encoding="utf-8") as f:
            f.write(held)


class Poster(threading.Thread):
    """Posts rows of version 2; remembers how many were sent, and how many were answered by 200."""

    def __init__(self, port):
        super().__init__()
        self.port, self.sent, self.taken, self.ended = port, 0, 0, threading.Event()

    def post(self, chance):
        body = json.dumps(dict(json.loads(h.row(chance, "2")), deployment="scorer"))
        try:
            c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            c.connect()
        except OSError:
            return
        try:
            self.sent += 1
            c.request("POST", "/", body, {"Content-Type": "application/json"})
            self.taken += c.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            pass
        finally:
            c.close()

    def run(self):
        chance = random.Random(8)
        while not self.ended.wait(0.005):
            self.post(chance)


def rows_of(store, version):
    found = h.query(store, f"select rows_total from version where version = '{version}'")
    return found[0][0] if found else 0


def hourly(store):
    """Rows in the hour buckets, by version id: what survives of the counts themselves."""
    return dict(h.query(store, "select s.version_id, sum(c.rows) from counts c"
                               " join series s on s.id = c.key >> 32"
                               " where s.level = 2 group by 1"))


def test():
    folder = h.folder("kill9")
    os.mkdir(folder + "/logs")
    h.write_reference(folder + "/reference.csv")
    port = h.free_port()
    config, store = folder + "/driftop.yaml", folder + "/k.db"
    with open(config, "w", encoding="utf-8") as f:
        f.write(CONFIG.format(dir=folder, port=port))
    writer, poster, chance = Writer(folder + "/logs"), Poster(port), random.Random(9)
    writer.start()
    poster.start()
    record = [h.DRIFTOP, "-c", config, "record", "--log", folder + "/record.log"]
    try:
        for _ in range(KILLS):
            process = h.start(record)
            life = chance.uniform(0.15, 0.6)
            try:
                status = process.wait(life)
                raise SystemExit(f"the recorder ended by itself: {status}\n" +
                                 open(folder + "/record.log", encoding="utf-8").read())
            except h.subprocess.TimeoutExpired:
                h.stop(process, signal.SIGKILL)
    finally:
        writer.ended.set()
        poster.ended.set()
        writer.join()
        poster.join()
    process = h.start(record)
    h.wait_for(f"{writer.rows} rows of the files",
               lambda: rows_of(store, "1") >= writer.rows, 30)
    h.wait_for(f"{poster.taken} rows of the sink", lambda: rows_of(store, "2") >= poster.taken, 30)
    h.stop(process)
    h.expect("rows of the files", rows_of(store, "1"), writer.rows)
    sunk = rows_of(store, "2")
    if not poster.taken <= sunk <= poster.sent:
        raise SystemExit(f"sink: {sunk} rows counted, {poster.taken} taken of {poster.sent} sent")
    if not poster.taken:
        raise SystemExit("the sink never answered 200")
    h.expect("rows in the hour buckets", sum(hourly(store).values()), writer.rows + sunk)
    print(f"{KILLS} kills, {writer.rows} rows by file, {sunk} by the sink: each counted once")


h.main(test)
