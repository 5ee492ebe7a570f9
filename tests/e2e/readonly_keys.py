#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""100,000 random keys into `driftop --read-only`, against a HAProxy, a registry and servers that are
asked afterwards what they saw: nothing but GET, HEAD, the index, show and get."""
import os
import random
import time

import harness as h
import splitter
import terminal_world as t
import world as w

KEYS = 100000
SEED = int(os.environ.get("SEED", "11"))
# Often what leads somewhere, sometimes anything; what ends the dashboard is rare, or little else
# would be tried.
LIKELY = list("123456789RTUAPHXVacobnNsS<>wzgGjkhlyY[]{}=p!?:/ \t\r\x7f0123456789=,%") + [
    "\x1b", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F",
    "\x1b[Z", "\x1bOP", "R41\r", "T41=100,42=0\r", "A", "AR41\r", "\x1b[200~R41\r\x1b[201~", "U\r",
    "fraud-score", "\x0c", "\x1b[M !!", "\x1b[<0;5;5M", "é", "\x01", "\x02", "\x0b", "\x13", "\x11"]


def key(chance):
    if chance.random() < 0.85:
        return chance.choice(LIKELY).encode()
    while True:
        byte = chance.randrange(256)
        if byte not in (3, 26, 28, ord("q")):
            return bytes([byte])


def begin(argv, chance):
    """A dashboard in a view from which there is something to plan."""
    p = t.Pty(argv, *chance.choice([(80, 24), (80, 24), (40, 10), (120, 40), (200, 60)]))
    p.wait_text("[RO]")
    p.send(chance.choice("2345"))
    return p


def storm(p, chance, n):
    """n random keys, in bursts so short that dialogs are open while some of them come."""
    sent = 0
    while sent < n and p.process.poll() is None:
        burst = [key(chance) for _ in range(chance.randrange(1, 120))]
        if chance.random() < 0.1:  # out of whatever was opened, and into a plan
            p.escape()
            p.escape()
            p.send(chance.choice(["2R", "2T", "R", "T", "U", "3R", "2jR"]))
            p.taken()
        p.send(b"".join(burst))
        p.taken()
        sent += len(burst)
    if p.process.poll() is None:
        p.escape()
        if "ARMED" in p.text():
            raise SystemExit("armed in spite of --read-only")
        p.process.terminate()
    if p.process.wait(10) != 0:
        raise SystemExit(f"ended with {p.process.returncode}: {p.text()[-300:]}")
    p.close()
    return sent


def check(s):
    h.expect("commands that are no reads", s.proxy.writes(), [])
    for fake in (s.registry_fake, *s.servers.values()):
        for _, method, path in fake.seen:
            if method not in ("GET", "HEAD") and (method, path) != ("POST", "/v2/repository/index"):
                raise SystemExit(f"{method} {path} was sent")
    s.untouched()
    if os.path.exists(s.recorder.store + "-audit.jsonl") and s.audit():
        raise SystemExit(f"acts: {s.audit()}")


def test():
    s = splitter.Splitter("readonly", traffic=False)
    s.record()
    s.run("rollback", "fraud-score", "--to", "41", "--plan", check=0)  # a plan that one could apply
    before, began = len(s.proxy.log), time.monotonic()
    argv = [h.DRIFTOP, "--read-only", "-c", s.recorder.config]
    chance, sent, starts = random.Random(SEED), 0, 0
    try:
        while sent < KEYS:
            sent += storm(begin(argv, chance), chance, 2500)
            starts += 1
        check(s)
    except SystemExit as e:
        raise SystemExit(f"SEED={SEED}, after {sent} keys: {e}") from None
    plans = len(s.proxy.log) - before - int(1.2 * (time.monotonic() - began) / w.INTERVAL)
    if plans < 20:
        raise SystemExit(f"only {plans} plans were made: the keys do not try much")
    print(f"{sent} keys, {starts} starts, about {plans} plans made")


h.main(test)
