#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acts that must not happen or only half happen: no permission, a target that is not ready, somebody
else driving, a registry that says no, nobody there; and one that must: on a full disk."""
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import harness as h
import splitter
from store import fill


def user_level():
    """The socket only lets us look."""
    s = splitter.Splitter("act-user", level="user", traffic=False)
    code, out, err = s.run("rollback", "fraud-score", "--to", "41", "--yes")
    h.expect(f"exit status ({out}{err})", code, 4)
    h.expect("commands", s.proxy.writes(), [])
    s.untouched()


def claims_admin():
    """It says admin and then refuses."""
    s = splitter.Splitter("act-claims", level="user", traffic=False)
    s.proxy.meddle = lambda command: lambda answer: "\nadmin".join(answer.rsplit("\nuser", 1))
    act = s.act("rollback", "fraud-score", "--to", "41", status=10)
    h.expect("state", act["state"], "rejected")
    if "ermission denied" not in act["text"] or "nothing was changed" not in act["text"]:
        raise SystemExit(act["text"])
    s.untouched()


def not_ready():
    """A version that is not ready is warned of; one that the splitter holds for dead is refused."""
    s = splitter.Splitter("act-not-ready", traffic=False)
    s.servers["41"].behave = lambda r: r.say({"error": "loading"}, 400)
    out = s.run("rollback", "fraud-score", "--to", "41", "--plan", check=0)[1]
    if "WARN    v41 does not say it is ready" not in out:
        raise SystemExit(out)
    s.servers["41"].refuse()
    h.wait_for("HAProxy to see it", lambda: "DOWN" in next(
        line for line in splitter.ask(s.folder + "/direct.sock", "show stat\n").splitlines()
        if line.startswith("fraud-score,v41,")))
    code, out, err = s.run("rollback", "fraud-score", "--to", "41", "--yes")
    h.expect(f"a dead server ({out}{err})", code, 4)
    h.expect("commands", s.proxy.writes(), [])
    s.untouched()


def two_at_once():
    """One drives; the other hears who, and since when."""
    s = splitter.Splitter("act-two", traffic=False)
    s.proxy.meddle = lambda c: "hold" if "set weight" in c else None
    first = s.begin("rollback", "fraud-score", "--to", "41")
    h.wait_for("a command", s.proxy.writes)
    code, out, err = s.run("traffic", "fraud-score", "--set", "41=10,42=90", "--yes")
    h.expect(f"the second ({out}{err})", code, 6)
    if "driving" not in err or "since" not in err:
        raise SystemExit(err)
    first.kill()
    first.wait()
    s.proxy.let_go.set()
    h.expect("commands", len([c for c in s.proxy.writes() if "weight" in c]), 1)


def registry_says_no():
    """The traffic moves, the alias does not: half done, and said so."""
    s = splitter.Splitter("act-no-alias", traffic=False)
    answer = s.registry_fake.behave

    def behave(r):
        if r.command == "POST":
            r.say({"error_code": "PERMISSION_DENIED", "message": "not you\x1b[2J"}, 403)
        else:
            answer(r)
    s.registry_fake.behave = behave
    act = s.act("rollback", "fraud-score", "--to", "41", status=11)
    h.expect("state", act["state"], "partial")
    if "not you" not in act["text"] or "\x1b" in act["text"]:
        raise SystemExit(repr(act["text"]))
    h.expect("v42", s.weights()["v42"], 0)
    h.expect("champion", s.champion(), "42")
    posts = [1 for _, method, _ in s.registry_fake.seen if method == "POST"]
    h.expect("tries", len(posts), 1)


def nobody_there():
    """Without the registry the traffic can be moved all the same; without the splitter nothing."""
    s = splitter.Splitter("act-nobody", traffic=False)
    s.registry_fake.refuse()
    out = s.run("rollback", "fraud-score", "--to", "41", "--plan", check=0)[1]
    if "WARN    registry cannot be read, the alias stays" not in out:
        raise SystemExit(out)
    os.unlink(s.folder + "/admin.sock")
    h.expect("no splitter", s.run("rollback", "fraud-score", "--to", "41", "--yes")[0], 74)
    h.expect("commands", s.proxy.writes(), [])
    if os.path.exists(s.recorder.store + "-audit.jsonl"):
        raise SystemExit("an audit of nothing")


def endpoints_changed():
    """The store was recorded with another splitter: whoever looks at it must not act on this one."""
    s = splitter.Splitter("act-endpoints", traffic=False)
    s.record()
    h.stop(s.recorder.process)
    os.link(s.folder + "/admin.sock", s.folder + "/other.sock")
    with open(s.recorder.config, encoding="utf-8") as f:
        text = f.read().replace("/admin.sock", "/other.sock")
    with open(s.recorder.config, "w", encoding="utf-8") as f:
        f.write(text)
    code, out, err = s.run("rollback", "fraud-score", "--to", "41", "--yes")
    h.expect(f"other endpoints ({out}{err})", code, 4)
    s.untouched()


def audit_cannot_be_written():
    """No audit, no act."""
    s = splitter.Splitter("act-audit", traffic=False)
    os.mkdir(s.recorder.store + "-audit.jsonl")
    act = s.act("rollback", "fraud-score", "--to", "41", status=4)
    h.expect("state", act["state"], "refused")
    s.untouched()


def full_disk():
    """A rollback has room kept for its audit; it needs no other."""
    disk = h.folder("act-disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk],
                      capture_output=True, check=False).returncode:
        return "full_disk: no tmpfs (not root)"
    try:
        s = splitter.Splitter("act-full", store_folder=disk)
        s.record()
        h.stop(s.recorder.process)
        fill(disk)
        act = s.act("rollback", "fraud-score", "--to", "41")
        h.expect("state", act["state"], "verified")
        h.expect("v42", s.weights()["v42"], 0)
        h.expect("the audit", s.run("audit", "verify", "--head", act["hash"])[0], 0)
    finally:
        subprocess.run(["umount", "-l", disk], check=False)
    return "full_disk"


def test():
    cases = (user_level, claims_admin, not_ready, two_at_once, registry_says_no, nobody_there,
             endpoints_changed, audit_cannot_be_written, full_disk)
    with ThreadPoolExecutor(len(cases)) as pool:
        for case, done in [(c, pool.submit(c)) for c in cases]:
            try:
                print(done.result() or case.__name__)
            except SystemExit as e:
                raise SystemExit(f"{case.__name__}: {e}") from None


h.main(test)
