#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can go wrong with the store: no more room (a file size limit, and a small tmpfs as root), no
permission, a newer version, not a store at all, two recorders. A clock that jumps and a network
file system are simulated in the unit tests of the store and the recorder."""
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import threading

import harness as h
import world as w

chance = random.Random(6)


class Feed(threading.Thread):
    """Appends rows all the time; `rows` of them so far."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.path, self.rows, self.over = path, 0, threading.Event()

    def run(self):
        with open(self.path, "a", encoding="utf-8", buffering=1) as f:
            while not self.over.wait(0.01):
                f.write(h.row(chance) + "\n")
                self.rows += 1

    def end(self):
        self.over.set()
        self.join()
        return self.rows


def config(folder):
    h.write_reference(folder + "/reference.csv")
    return f"""
deployments:
  - name: scorer
    features: {{type: jsonl, path: "{folder}/rows.log", time_field: ts, version_field: version, prediction_field: score}}
    reference: {{type: csv, path: {folder}/reference.csv}}
"""


def rows(recorder):
    found = h.query(recorder.store, "select rows_total from version")
    return found[0][0] if found else 0


def fault(recorder):
    recorder.alive()
    return h.driftop_json(recorder.config, "doctor")["status"]["recorder"]["fault"] or ""


def lose_and_regain(recorder, feed, take, give):
    """No room for some seconds: it is said at once, and afterwards no row is missing."""
    h.wait_for("the first rows", lambda: rows(recorder) > 0)
    take()
    h.wait_for("the fault to be named", lambda: "not writing since" in fault(recorder),
               w.NAMED)
    kept = rows(recorder)
    fed = feed.rows
    h.wait_for("300 more rows", lambda: feed.rows > fed + 300)
    recorder.alive()
    if rows(recorder) > kept + 100:
        raise SystemExit("it wrote all the same: the test does not test")
    give()
    h.wait_for("the fault to be gone", lambda: fault(recorder) == "")
    total = feed.end()
    h.wait_for(f"{total} rows", lambda: rows(recorder) >= total)
    h.expect("rows after the disk was full", rows(recorder), total)
    h.expect("the end", h.stop(recorder.process), 0)


def file_size_limit():
    folder = h.folder("store-limit")
    recorder = w.Recorder(folder, config(folder))
    feed = Feed(folder + "/rows.log")
    feed.start()
    _, hard = resource.prlimit(recorder.process.pid, resource.RLIMIT_FSIZE)

    def limit(bytes_):
        resource.prlimit(recorder.process.pid, resource.RLIMIT_FSIZE, (bytes_, hard))
    lose_and_regain(recorder, feed, lambda: limit(8192), lambda: limit(hard))


def fill(folder):
    """The last byte of the disk."""
    path = folder + "/filler"
    with open(path, "wb", buffering=0) as f:
        for size in (65536, 4096, 1):
            try:
                while True:
                    f.write(b"x" * size)
            except OSError:
                pass
    return path


def full_disk():
    folder = h.folder("store-full")
    disk = folder + "/disk"
    os.mkdir(disk)
    p = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk],
                       capture_output=True, text=True, check=False)
    if p.returncode:
        return f"no tmpfs: {p.stderr.strip()}"
    try:
        recorder = w.Recorder(folder, config(folder), start=False)
        recorder.store = disk + "/driftop.db"
        with open(recorder.config, encoding="utf-8") as f:
            changed = f.read().replace(folder + "/driftop.db", recorder.store)
        with open(recorder.config, "w", encoding="utf-8") as f:
            f.write(changed)
        recorder.start()
        feed = Feed(folder + "/rows.log")
        feed.start()
        lose_and_regain(recorder, feed, lambda: fill(disk), lambda: os.unlink(disk + "/filler"))
        # A recorder that starts on a full disk says so and ends, or waits: it does not break it.
        fill(disk)
        recorder.start()
        status = None
        try:
            status = recorder.process.wait(2)
        except subprocess.TimeoutExpired:
            h.stop(recorder.process)
        if status not in (None, 74):
            raise SystemExit(f"a start on a full disk ended with {status}")
        os.unlink(disk + "/filler")
        recorder.start()
        h.wait_for("doctor after it", lambda: not fault(recorder))
        h.expect("rows", rows(recorder), feed.rows)
        h.stop(recorder.process)
    finally:
        subprocess.run(["umount", "-l", disk], check=False)
    return "full disk"


def refused(what, recorder, status, word, argv=()):
    """A recorder that may not start: its status and its words; and what a reader says."""
    p = subprocess.run([*argv, h.DRIFTOP, "-c", recorder.config, "record"], capture_output=True,
                       text=True, timeout=20, check=False)
    h.expect(f"{what}: exit status ({p.stderr.strip()})", p.returncode, status)
    if word not in p.stderr.lower() or not p.stderr.startswith("driftop: ") or p.stderr.count("\n") != 1:
        raise SystemExit(f"{what}: {p.stderr!r} does not say {word!r} in one line")


def stopped(name):
    """A store that a recorder has left, and what would start it again."""
    folder = h.folder(name)
    recorder = w.Recorder(folder, config(folder))
    h.wait_for("a store", lambda: recorder.doctor())
    h.expect("the end", h.stop(recorder.process), 0)
    return recorder


def newer_version():
    recorder = stopped("store-newer")
    with sqlite3.connect(recorder.store) as db:
        db.execute("pragma user_version = 99")
    db.close()
    refused("a newer store", recorder, 65, "newer driftop (version 99")
    for command in ("ls", "doctor", "triage"):
        status, _, err = h.driftop(recorder.config, command)
        h.expect(f"{command} on a newer store", status, 65)
        if "newer" not in err:
            raise SystemExit(f"{command}: {err!r}")


def not_a_store():
    recorder = stopped("store-not")
    for name in os.listdir(recorder.folder):
        if name.startswith("driftop.db"):
            os.unlink(f"{recorder.folder}/{name}")
    with open(recorder.store, "w", encoding="utf-8") as f:
        f.write("This is no database.\n" * 100)
    refused("a text file", recorder, 65, "not a")
    h.expect("ls on a text file", h.driftop(recorder.config, "ls")[0], 65)
    os.unlink(recorder.store)
    with sqlite3.connect(recorder.store) as db:
        db.execute("create table other (x)")
    db.close()
    refused("another program's database", recorder, 65, "not a store of driftop")
    with sqlite3.connect(recorder.store) as db:
        h.expect("its tables", db.execute("select name from sqlite_schema").fetchall(),
                 [("other",)])
    db.close()
    os.unlink(recorder.store)
    os.mkdir(recorder.store)
    refused("a folder", recorder, 65, "not a file")


def damaged():
    """Bytes overwritten in the middle: an error in words, or what can still be read; no crash."""
    recorder = stopped("store-damaged")
    size = os.path.getsize(recorder.store)
    with open(recorder.store, "r+b") as f:
        for at in range(4096, size, 4096):
            f.seek(at)
            f.write(random.Random(at).randbytes(200))
    for command in (["ls"], ["doctor"], ["triage"], ["show", "scorer"], ["drift", "scorer"]):
        status, _, err = h.driftop(recorder.config, *command)
        if status not in (0, 3, 65, 66, 74):
            raise SystemExit(f"{command} on a damaged store: {status} {err}")
    p = subprocess.run([h.DRIFTOP, "-c", recorder.config, "record"], capture_output=True,
                       text=True, timeout=20, check=False)
    if p.returncode not in (65, 74) or not p.stderr.startswith("driftop: "):
        raise SystemExit(f"record on a damaged store: {p.returncode} {p.stderr}")


def two_recorders():
    folder = h.folder("store-two")
    recorder = w.Recorder(folder, config(folder))
    h.wait_for("a store", lambda: recorder.doctor())
    refused("a second recorder", recorder, 74, f"held by pid {recorder.process.pid} on ")
    recorder.alive()
    h.expect("the end", h.stop(recorder.process), 0)


def no_permission():
    """Nobody's recorder is refused; nobody's reader reads."""
    if os.geteuid() != 0:
        return "not root: no other user to be"
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if not shutil.which("setpriv"):
        return "no setpriv"
    recorder = stopped("store-read-only")
    binary = shutil.copy(h.DRIFTOP, recorder.folder + "/driftop")
    for path in [recorder.folder] + [f"{recorder.folder}/{n}" for n in os.listdir(recorder.folder)]:
        os.chmod(path, 0o755)
    probe = subprocess.run([*become, binary, "--version"], capture_output=True, check=False)
    if probe.returncode:
        return f"nobody cannot run {binary}"
    refused("a store of somebody else", recorder, 77, "permission", become)
    for command in ("ls", "doctor"):
        p = subprocess.run([*become, binary, "-c", recorder.config, command, "--json"],
                           capture_output=True, text=True, timeout=20, check=False)
        if p.returncode not in (0, 3):
            raise SystemExit(f"{command} as nobody: {p.returncode} {p.stderr}")
    return "read-only"


def test():
    file_size_limit()
    done = [full_disk(), no_permission()]
    newer_version()
    not_a_store()
    damaged()
    two_recorders()
    print("file size limit, newer, not a store, damaged, two recorders;", "; ".join(done))


if __name__ == "__main__":
    h.main(test)
