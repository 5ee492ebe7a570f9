#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Feature logs with every kind of bad row, and logs that are rotated, truncated, cut, removed and
come back: good rows are counted exactly, refused ones by their reason, and what is wrong with a
file is named in time."""
import json
import os
import random
import shutil
import time

import harness as h
import world as w

MIB = 1 << 20
chance = random.Random(4)


def good(**changes):
    return h.row(chance, **changes)


def without(field):
    values = json.loads(good())
    del values[field]
    return json.dumps(values)


def later(seconds):
    return time.time() + seconds


# reason ("" counted) -> [(how many, line)]. Different numbers, so that a mix-up shows.
LINES = {
    "": [
        (3, good), (2, lambda: without("amount")), (2, lambda: without("device")),
        (1, lambda: good(more=1, also="x")), (2, lambda: good(amount="abc")),
        (1, lambda: good(amount=True)), (1, lambda: good(amount=None)),
        (2, lambda: good(amount={"deep": [1]})), (1, lambda: good(amount=[1, 2])),
        (1, lambda: good(amount=1e308)), (1, lambda: good(amount=-1e308)),
        (1, lambda: good(device=7)), (1, lambda: good(device="x" * 100000)),
        (1, lambda: good(device="\x1b[2J\x00")), (1, lambda: good(version=1)),
        (1, lambda: good(at=str(time.time()))),
        (1, lambda: good(at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))),
        (1, lambda: good(at=int(time.time() * 1e9))), (1, lambda: good(at=later(-3600 * 12))),
        (1, lambda: good() + "\r"), (1, lambda: "  " + good() + "  "),
    ],
    "syntax": [
        (1, lambda: "{"), (1, lambda: "not json"), (1, lambda: "[1, 2]"), (1, lambda: "7"),
        (1, lambda: good() + good()), (1, lambda: good()[:-5]), (1, lambda: "\x00\x01\x02"),
        (2, lambda: good(amount=1).replace('"amount": 1', '"amount": 01')),
        (1, lambda: "[" * 100000), (1, lambda: good()[:-1] + ', "x": ' + '{"a":' * 2000 + "1"),
        (1, lambda: "\ufeff" + good()),
    ],
    "field": [
        (2, lambda: good(amount=float("nan"))), (1, lambda: good(amount=float("-inf"))),
        (1, lambda: json.dumps({f"f{i}": i for i in range(5000)})),
    ],
    "time": [
        (2, lambda: without("ts")), (1, lambda: good(at="yesterday")), (1, lambda: good(at="")),
        (1, lambda: good(at=[1])), (1, lambda: good(at="2026-13-45T99:00:00Z")),
        (1, lambda: good(at=1e300)),
    ],
    "late": [(4, lambda: good(at=later(-3 * 86400))), (1, lambda: good(at=0))],
    "ahead": [(3, lambda: good(at=later(600)))],
    "version": [
        (2, lambda: without("version")), (1, lambda: good(version="")),
        (1, lambda: good(version=None)), (1, lambda: good(version="v" * 500)),
        (1, lambda: good(version="\x1b[2J")), (1, lambda: good(version={"a": 1})),
    ],
    "size": [
        (1, lambda: good(device="x" * (MIB + 10))), (1, lambda: "y" * (3 * MIB)),
    ],
}


def cells(amount="1.5", device="a", score="0.5", ts=None, version="1"):
    return f"{ts or time.time()},{version},{amount},{device},{score}"


CSV = {
    "": [
        (3, cells), (1, lambda: cells(amount="")), (2, lambda: cells(amount="abc")),
        (1, lambda: cells(amount="NaN")), (1, lambda: cells(amount="inf")),
        (1, lambda: cells(amount="1e400")), (1, lambda: cells(device='"a, ""b"""')),
        (1, lambda: cells(device='"two\nlines"')), (1, lambda: cells() + "\r"),
        (1, lambda: cells(device="\x1b[2J")),
    ],
    "syntax": [
        (2, lambda: cells() + ",more"), (3, lambda: "1,2"), (1, lambda: cells(device='"a"b')),
        (1, lambda: "\x00\x01"),
    ],
    "time": [(2, lambda: cells(ts="yesterday")), (1, lambda: cells(ts=" "))],
    "late": [(1, lambda: cells(ts=later(-3 * 86400)))],
    "ahead": [(2, lambda: cells(ts=later(600)))],
    "version": [(2, lambda: cells(version="")), (1, lambda: cells(version="v" * 500))],
    "size": [(1, lambda: cells(device="x" * 70000))],
}


def flat(table):
    """All of it in a mixed order, each line between two good ones, and what is to be counted."""
    lines = [line() for kinds in table.values() for n, line in kinds for _ in range(n)]
    counts = {reason: sum(n for n, _ in kinds) for reason, kinds in table.items()}
    chance.shuffle(lines)
    return lines, counts


class Log:
    """A deployment of one log, and what of it was to be counted so far."""

    def __init__(self, folder, name, kind="jsonl", pattern=None):
        self.name, self.kind = name, kind
        self.path = f"{folder}/{name}.log"
        self.pattern = pattern or self.path
        self.source = f"{name} {kind}"
        self.rows, self.refused = 0, {}

    def config(self, folder):
        return (f"  - name: {self.name}\n"
                f'    features: {{type: {self.kind}, path: "{self.pattern}", time_field: ts, '
                f"version_field: version, prediction_field: score}}\n"
                f"    reference: {{type: csv, path: {folder}/reference.csv}}\n")

    def write(self, lines, **counts):
        with open(self.path, "ab") as f:
            for line in lines:
                f.write(line.encode("utf-8", "surrogateescape") + b"\n")
        self.rows += counts.pop("rows", 0)
        for reason, n in counts.items():
            self.refused[reason] = self.refused.get(reason, 0) + n

    def good(self, n):
        self.write([good() if self.kind == "jsonl" else cells() for _ in range(n)], rows=n)


def settled(recorder, logs):
    """Each log's rows and refusals are what they must be, and nothing else."""
    def look():
        recorder.alive()
        found = recorder.doctor()
        return all(found[l.source]["rows"] >= l.rows for l in logs) and found
    try:
        found = h.wait_for("all rows", look, 15)
    except SystemExit as e:
        found = recorder.doctor()
        wrong = [(l.name, found[l.source]["rows"], l.rows, found[l.source]["refused"])
                 for l in logs if found[l.source]["rows"] < l.rows]
        raise SystemExit(f"{e}: {wrong}") from None
    for l in logs:
        h.expect(f"{l.name}: rows", found[l.source]["rows"], l.rows)
        h.expect(f"{l.name}: refused", found[l.source]["refused"], l.refused)


def named(recorder, log, what, word):
    """The fault is named within two intervals and a flush."""
    began = time.monotonic()
    recorder.wait_source(log.source, what, lambda s: word in s["fault"])
    took = time.monotonic() - began
    if took > w.NAMED:
        raise SystemExit(f"{what}: named after {took:.1f} s")


def bad_lines(log, table, head=()):
    lines, counts = flat(table)
    log.write(list(head))
    for line in lines:
        log.good(1)
        log.write([line])
    log.good(1)
    log.write(["", "   "] if log.kind == "jsonl" else [""])
    log.write([], rows=counts.pop(""), **counts)


def half_lines(recorder, log):
    """A row that comes in pieces is one row, and none before its end."""
    text = good().encode() + b"\n"
    with open(log.path, "ab", buffering=0) as f:
        for i in range(0, len(text) - 1, 20):
            f.write(text[i:min(i + 20, len(text) - 1)])
        log.good(0)
        settled(recorder, [log])
        f.write(text[-1:])
    log.rows += 1


def rotate(log, n):
    os.rename(log.path, f"{log.path}.{n}")
    log.good(7)


def copytruncate(log):
    shutil.copy(log.path, log.path + "-copy")
    os.truncate(log.path, 0)
    log.good(5)


def test():
    folder = h.folder("badrows")
    os.mkdir(folder + "/logs")
    h.write_reference(folder + "/reference.csv")
    names = ("lines", "halves", "copied", "cut", "gone", "anew", "away")
    logs = {n: Log(folder + "/logs", n) for n in names}
    logs["table"] = Log(folder + "/logs", "table", "csv")
    logs["renamed"] = Log(folder + "/logs", "renamed")
    logs["globbed"] = Log(folder + "/logs", "globbed", pattern=f"{folder}/logs/globbed.log*")
    for log in logs.values():
        if log.kind == "jsonl":
            log.good(20)
    head = "ts,version,amount,device,score"
    bad_lines(logs["lines"], LINES)
    bad_lines(logs["table"], CSV, [head])
    recorder = w.Recorder(folder, "deployments:\n" +
                          "".join(l.config(folder) for l in logs.values()))
    h.wait_for("doctor", lambda: len(recorder.doctor()) >= len(logs))
    settled(recorder, list(logs.values()))

    half_lines(recorder, logs["halves"])
    rotate(logs["renamed"], 1)
    for n in (1, 2):
        rotate(logs["globbed"], n)
    copytruncate(logs["copied"])
    os.truncate(logs["cut"].path, os.path.getsize(logs["cut"].path) // 2)
    logs["cut"].refused["lost"] = 1
    os.unlink(logs["gone"].path)
    with open(logs["anew"].path, "w", encoding="utf-8"):
        pass
    logs["anew"].good(40)
    named(recorder, logs["gone"], "a log that is gone", "no file matches")
    named(recorder, logs["cut"], "a log that was cut", "shrank")
    settled(recorder, list(logs.values()))

    logs["gone"].good(6)
    logs["cut"].write(["rest of a line"], syntax=1)
    rotate(logs["renamed"], 2)
    for log in logs.values():
        log.good(3)
    settled(recorder, list(logs.values()))
    recorder.wait_source("gone jsonl", "no fault", lambda s: not s["fault"])

    h.wait_for("a removed file's position to be forgotten", lambda: len(h.query(
        recorder.store, "select 1 from position where source = 'gone jsonl'")) == 1)
    h.stop(recorder.process)
    rotate(logs["renamed"], 3)
    os.rename(logs["away"].path, folder + "/elsewhere")
    logs["away"].refused["lost"] = 1
    recorder.start()
    settled(recorder, list(logs.values()))
    h.expect("the end", h.stop(recorder.process), 0)
    print(f"{sum(l.rows for l in logs.values())} rows counted, "
          f"{sum(sum(l.refused.values()) for l in logs.values())} refused, each by its reason")


h.main(test)
