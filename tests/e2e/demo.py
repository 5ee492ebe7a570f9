#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""driftop demo without a screen: what it starts, what it leaves behind, and that all of it ends."""
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import harness as h
from demo_processes import processes


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def start(environment, *more):
    demo = h.start([h.DRIFTOP, "demo", "--no-screen", "--speed", "50", *more],
                   env=environment, stdout=subprocess.PIPE, text=True)
    line = demo.stdout.readline()
    match = re.match(r"driftop demo in ([^:]+):", line)
    check(match, f"it says where things are: {line!r}")
    folder = match.group(1)
    h.wait_for("the recorder has made the store",
               lambda: os.path.exists(os.path.join(folder, "driftop.db")))
    check(len(processes(folder)) >= 2, "fleet and recorder run")
    return demo, folder


def end(demo):
    began = time.monotonic()
    demo.send_signal(signal.SIGINT)
    check(demo.wait(15) == 0, "it ends well")
    check(time.monotonic() - began < 10, "it ends within 10 s")


def check_temporary(environment):
    first, one = start(environment)
    second, two = start(environment)
    check(one != two and os.path.isdir(one), "a living one is left alone")
    end(first)
    check(not os.path.exists(one) and not processes(one), "nothing is left of it")
    second.kill()
    second.wait()
    h.wait_for("its processes have ended by themselves", lambda: not processes(two))
    check(os.path.isdir(two), "killed, it could not tidy up")
    third, three = start(environment)
    check(not os.path.exists(two), "the next one did")
    end(third)
    check(not os.path.exists(three), "and went away itself")


def check_kept(environment, folder):
    demo, where = start(environment, "--state", folder)
    check(where == os.path.realpath(folder), "it is where it was told to be")
    other = subprocess.run([h.DRIFTOP, "demo", "--no-screen", "--state", folder], env=environment,
                           stderr=subprocess.PIPE, text=True)
    check(other.returncode == 74 and "another demo" in other.stderr, "one demo a folder")
    end(demo)
    for name in ("driftop.db", "driftop.yaml", "fleet.json", "logs/fraud-score.jsonl"):
        check(os.path.exists(os.path.join(folder, name)), f"{name} stays")
    check(not processes(folder), "no process stays")


def check_mistakes(environment, folder):
    wrong = subprocess.run([h.DRIFTOP, "demo", "--no-screen", "--speed", "fast", "--state", folder],
                           env=environment, stderr=subprocess.PIPE, text=True)
    check(wrong.returncode == 64 and "--speed" in wrong.stderr, f"a bad option: {wrong.stderr}")


def check_not_ours(environment, folder):
    """Somebody's own files are not written over."""
    for name in ("driftop.yaml", "driftop.db"):
        os.makedirs(folder)
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write("environment: prod\n")
        demo = subprocess.run([h.DRIFTOP, "demo", "--no-screen", "--state", folder],
                              env=environment, stderr=subprocess.PIPE, text=True, timeout=20)
        check(demo.returncode == 4 and name in demo.stderr, f"{name}: {demo.stderr}")
        check(os.listdir(folder) == [name], f"nothing was added: {os.listdir(folder)}")
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            check(f.read() == "environment: prod\n", f"{name} is as it was")
        shutil.rmtree(folder)


def main():
    folder = h.folder("demo")
    environment = {**os.environ, "TMPDIR": folder}
    environment.pop("XDG_RUNTIME_DIR", None)
    check_temporary(environment)
    check_kept(environment, os.path.join(folder, "kept"))
    check_kept(environment, os.path.join(folder, "kept"))  # its own it takes up again
    check_not_ours(environment, os.path.join(folder, "own"))
    check_mistakes(environment, os.path.join(folder, "wrong"))


main()
