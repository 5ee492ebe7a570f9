#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dashboard on terminals that change size, close, stop reading, know little, or paste: it stays
alive or ends cleanly, and nothing is written to the network."""
import base64
import os
import random
import re
import signal
import time

import harness as h
import splitter
import terminal_world as t
import world as w

chance = random.Random(10)
SIZES = [(1, 1), (2, 2), (5, 1), (1, 50), (20, 5), (40, 10), (79, 23), (80, 24), (120, 40),
         (200, 60), (500, 200)]


def fleet(argv, **kwargs):
    """A dashboard whose view 2 stands."""
    p = t.Pty(argv, **kwargs)
    p.wait_text("Fleet")
    p.send("2")
    p.wait_text("fraud-score")
    return p


def end(p):
    """Back from wherever it is, and out."""
    def over():
        if p.process.poll() is None:
            p.escape()
            p.send("q")
        return p.process.poll() is not None
    h.wait_for("the end", over)
    h.expect("exit status", p.process.returncode, 0)


def resize_storm(argv):
    p = fleet(argv)
    for i in range(150):
        p.size(*chance.choice(SIZES))
        p.send(chance.choice("123457?j/\x1b\t\r"))
        if i % 10 == 0:
            h.wait_for("a frame", lambda n=len(p.bytes): len(p.bytes) > n or p.process.poll())
        p.alive()
    p.escape()
    p.escape()
    p.size(80, 24)
    at = len(p.bytes)
    p.send("2\x0c")
    p.wait_text("fraud-score", at)
    end(p)
    # What it said last may still be on its way here.
    for ending in (b"\x1b[?1049l", b"\x1b[?2004l"):
        h.wait_for(f"the terminal to be given back: {ending!r}", lambda e=ending: e in p.bytes[at:])


def stopped_and_back(recorder):
    term = t.Tmux("stop")
    try:
        term.run(h.DRIFTOP, "-c", recorder.config)
        term.wait("2Fleet")
        term.keys("2")
        term.wait("fraud-score")
        term.keys("C-z")
        term.wait("Stopped")
        term.run("stty", "-a", "|", "grep", "-o", "' icanon'", ";", "echo", "still-a-shell")
        term.wait(lambda s: "\n icanon" in s and "\nstill-a-shell" in s)
        term.run("fg")
        term.wait(lambda s: "fraud-score" in s and "shell:" not in s)
        term.keys("2")
        term.wait(lambda s: "fraud-score" in s)
        term.keys("q")
        term.wait("shell:")
        term.run("echo", "status=$?")
        term.wait("status=0")
    finally:
        term.end()


def closed(argv):
    p = fleet(argv)
    p.close()
    status = p.process.wait(5)
    if status not in (0, 74, -signal.SIGHUP):
        raise SystemExit(f"a terminal that closes: {status}")


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stops_reading(argv):
    """Frames are dropped, not queued; it answers signals; when read again the screen is current."""
    p = fleet(argv, columns=200, lines=60)
    p.flow.clear()
    p.send("\x0c")  # the reader's last piece
    before, began = cpu_s(p.process.pid), time.monotonic()
    keys = 0
    while time.monotonic() - began < 4:
        p.send(chance.choice("12345\x0c"))
        keys += 1
        p.process.poll()
        h.wait_for("a moment", lambda n=time.monotonic(): time.monotonic() - n > 0.01)
    p.alive()
    used = (cpu_s(p.process.pid) - before) / (time.monotonic() - began)
    if used > 0.5:
        raise SystemExit(f"it runs hot on a terminal that does not read: {used:.2f} of a core")
    at = len(p.bytes)
    p.flow.set()
    p.send("2\x0c")
    p.wait_text("fraud-score", at)
    if len(p.bytes) - at > 200000:
        raise SystemExit(f"{len(p.bytes) - at} bytes were queued for {keys} keys")
    p.flow.clear()
    for _ in range(50):
        p.send("\x0c2")
    p.process.terminate()
    try:
        p.process.wait(5)
    except t.subprocess.TimeoutExpired:
        raise SystemExit("a terminal that does not read keeps it from ending") from None
    p.flow.set()
    return keys


def kinds(argv):
    """Every TERM: drawn cleanly, or one line that says why not."""
    for term in ("vt100", "linux", "screen", "tmux-256color", "xterm", "ansi"):
        p = fleet(argv, env=t.environment(TERM=term))
        end(p)
    for term in ("dumb", "nosuchterm", ""):
        # terminfo itself keeps what it had got of a terminal that it does not know.
        p = t.Pty(argv, env=t.environment(TERM=term, ASAN_OPTIONS="detect_leaks=0"))
        h.wait_for(f"TERM={term}", lambda p=p: p.process.poll() is not None or
                   "Fleet" in p.text())
        if p.process.poll() is None:
            end(p)
            continue
        said = p.bytes.decode().strip()
        if p.process.returncode == 0 or "\n" in said or not said.startswith("driftop: "):
            raise SystemExit(f"TERM={term}: {p.process.returncode} {said!r}")


def plain(argv):
    """The C locale gets ASCII only; NO_COLOR and a mono terminal get no colours."""
    for name, env in (("C locale", {"LC_ALL": "C"}), ("NO_COLOR", {"NO_COLOR": "1"}),
                      ("vt100", {"TERM": "vt100", "LC_ALL": "C"})):
        p = fleet(argv, env=t.environment(**env), columns=120, lines=40)
        for key in "2345719?":
            at = len(p.bytes)
            p.send(key + "\x0c")
            h.wait_for("a frame", lambda: len(p.bytes) > at)
        end(p)
        if "LC_ALL" in env and any(b > 126 for b in p.bytes):
            raise SystemExit(f"{name}: {[hex(b) for b in p.bytes if b > 126][:10]}")
        colours = re.findall(rb"\x1b\[(?:[0-9]+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|[34]8;[0-9;]+)m",
                             p.bytes)
        if name != "C locale" and colours:
            raise SystemExit(f"{name}: {colours[:5]}")


def copied(argv):
    """y puts the row into the clipboard of a terminal that has one, and shows it on any other."""
    p = fleet(argv)
    p.send("y")
    h.wait_for("the clipboard", lambda: re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", p.bytes))
    row = base64.b64decode(re.search(rb"\x1b\]52;c;([^\x07]*)", p.bytes).group(1)).decode()
    if "fraud-score" not in row or "\n" in row:
        raise SystemExit(f"copied: {row!r}")
    p.wait_text("copied: ")
    end(p)
    p = fleet(argv, env=t.environment(TERM="vt100"))
    at = len(p.bytes)
    p.send("y")
    p.wait_text(row[:20], at)
    end(p)
    if b"\x1b]" in p.bytes:
        raise SystemExit("a VT100 was told about a clipboard")


def pasted(s, argv):
    """Pasted text never acts: with and without a terminal that marks it, armed or not."""
    p = fleet(argv)
    p.send("2")
    for paste in ("R41\n", "R41\r", "\x1b[200~R41\n\x1b[201~", "\x1b[200~R41\r\x1b[201~"):
        p.send(paste)
        p.escape()
        p.escape()
        p.alive()
    at = len(p.bytes)
    p.send("2A")
    p.wait_text("ARMED", at)
    for paste in ("R41\r", "R41\n", "\x1b[200~R41\r\x1b[201~"):
        at = len(p.bytes)
        p.send(paste)
        if not paste.startswith("\x1b"):
            p.wait_text("PLAN", at)
            p.send("\x1b[200~41\r\x1b[201~")
            p.send("\r")
        p.escape()
        p.escape()
        p.alive()
    at = len(p.bytes)
    p.send("2\x0c")
    p.wait_text("fraud-score", at)
    s.untouched()
    h.expect("commands", s.proxy.writes(), [])
    end(p)


def test():
    s = splitter.Splitter("terminal", traffic=False)
    s.record()
    argv = [h.DRIFTOP, "-c", s.recorder.config]
    resize_storm(argv)
    stopped_and_back(s.recorder)
    closed(argv)
    keys = stops_reading(argv)
    kinds(argv)
    plain(argv)
    copied(argv)
    pasted(s, argv)
    s.recorder.alive()
    s.untouched()
    times = s.servers["41"].times("/v2/models")
    gap = max(b - a for a, b in zip(times, times[1:]))
    if gap > 2 * w.INTERVAL * w.PATIENCE:
        raise SystemExit(f"a terminal kept the recorder from its interval: {gap:.2f} s")
    print(f"{keys} keys into a terminal that did not read; longest gap between polls {gap:.2f} s")


h.main(test)
