# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests share: a folder of one's own, driftop as a process, waiting for a
condition, and a kernel-chosen port. Nothing sleeps for a fixed time hoping that it is enough."""
import atexit
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("builddir", "build")
DRIFTOP = os.path.join(BUILD, "driftop")
SKIP = 77

_processes = []


def folder(name):
    """A temporary folder that goes with the test."""
    path = tempfile.mkdtemp(prefix="driftop-" + name + "-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def start(argv, **kwargs):
    """A process in a session of its own that is ended with the test, by its id."""
    process = subprocess.Popen(argv, start_new_session=True, **kwargs)
    _processes.append(process)
    return process


def stop(process, number=signal.SIGTERM, timeout=10):
    if process.poll() is None:
        process.send_signal(number)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


@atexit.register
def _end_all():
    for process in _processes:
        if process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


def wait_for(what, condition, timeout=20):
    """Polls until the condition gives something true, and returns that."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise SystemExit(f"gave up after {timeout} s waiting for: {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def driftop(config, *args, check=None, timeout=90):
    """Run a command to its end; returns (status, standard output, standard error)."""
    p = subprocess.run([DRIFTOP, "-c", config, *args], capture_output=True, text=True,
                       timeout=timeout)
    if check is not None and p.returncode != check:
        raise SystemExit(f"driftop {' '.join(args)}: {p.returncode}, expected {check}\n"
                         f"{p.stdout}{p.stderr}")
    return p.returncode, p.stdout, p.stderr


def driftop_json(config, *args):
    return json.loads(driftop(config, *args, "--json")[1])


def query(store, sql):
    """Rows of the store, or [] while it is not there yet."""
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=1) as db:
            return db.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []


def expect(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: got {got!r}, expected {wanted!r}")


def write_reference(path, rows=2000, seed=1):
    """Two numbers, a category and a score; the rows of row() follow the same law."""
    chance = random.Random(seed)
    with open(path, "w", encoding="utf-8") as f:
        f.write("amount,device,score\n")
        for _ in range(rows):
            f.write(f"{chance.gauss(0, 1)!r},{chance.choice('abc')},{chance.random()!r}\n")


def row(chance, version="1", at=None, **changes):
    values = {"ts": at if at is not None else time.time(), "version": version,
              "amount": chance.gauss(0, 1), "device": chance.choice("abc"),
              "score": chance.random()}
    values.update(changes)
    return json.dumps(values)


def main(test):
    try:
        test()
    except SystemExit as e:
        if e.code not in (0, None, SKIP):
            print(e.code)
            sys.exit(1)
        raise
