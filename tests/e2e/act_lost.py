#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that are lost, commands that never arrive, and a driftop that is killed in between:
nothing is ever sent twice, reading finds out what was done, and what cannot be read is unknown."""
import signal
from concurrent.futures import ThreadPoolExecutor

import harness as h
import splitter


def once(what, *words):
    """Meddles with the first command that holds all the words."""
    left = [what]

    def meddle(command):
        return left.pop() if left and all(w in command for w in words) else None
    return meddle


def sent(s, target):
    """How often a weight was set; more than once is what must not happen."""
    return len([c for c in s.proxy.writes() if c.startswith(f"set weight fraud-score/{target} ")])


def lost_reply():
    s = splitter.Splitter("act-lost")
    s.proxy.meddle = once("lose", "set weight")
    act = s.act("rollback", "fraud-score", "--to", "41")
    h.expect("state", act["state"], "verified")
    h.expect("set weight v42", sent(s, "v42"), 1)
    if sent(s, "v41") > 1:
        raise SystemExit("sent twice")
    h.expect("champion", s.champion(), "41")


def lost_alias():
    """The registry does it and the connection breaks."""
    s = splitter.Splitter("act-alias")
    s.set_weight("v42", 0)
    answer = s.registry_fake.behave

    def behave(r):
        if r.command == "POST":
            r.say = lambda *args, **kwargs: None
            answer(r)
            r.close_connection = True
        else:
            answer(r)
    s.registry_fake.behave = behave
    act = s.act("rollback", "fraud-score", "--to", "41")
    h.expect("state", act["state"], "verified")
    h.expect("writes to the registry", len(s.registry.writes), 1)


def never_arrived():
    s = splitter.Splitter("act-drop", traffic=False)
    s.proxy.meddle = once("drop", "set weight")
    # HAProxy says nothing when it has set a weight: an end without a word is no refusal.
    act = s.act("rollback", "fraud-score", "--to", "41", status=7)
    h.expect("state", act["state"], "stalled")
    h.expect("commands", sent(s, "v41") + sent(s, "v42"), 1)
    if "did not take effect" not in act["text"]:
        raise SystemExit(act["text"])
    s.untouched()


def half_done():
    """The second command never arrives; undo takes the first one back."""
    s = splitter.Splitter("act-half", traffic=False)
    s.proxy.meddle = once("drop", "set weight fraud-score/v41")
    s.set_weight("v41", 128)
    s.set_weight("v42", 128)
    act = s.act("traffic", "fraud-score", "--set", "41=10,42=90", status=11)
    h.expect("state", act["state"], "partial")
    h.expect("commands", [sent(s, "v42"), sent(s, "v41")], [1, 1])
    if "1 of 2" not in act["text"] or "undo" not in act["text"]:
        raise SystemExit(act["text"])


def cannot_be_read():
    """No answer, and then the socket is silent."""
    s = splitter.Splitter("act-blind", traffic=False)
    blind = []

    def meddle(command):
        if "set weight" in command:
            blind.append(True)
            return "lose"
        return "drop" if blind else None
    s.proxy.meddle = meddle
    act = s.act("rollback", "fraud-score", "--to", "41", status=9)
    h.expect("state", act["state"], "unknown")
    h.expect("commands", sent(s, "v41") + sent(s, "v42"), 1)


def killed():
    """kill -9 while the answer is awaited: the act is there, unknown, and can be undone."""
    s = splitter.Splitter("act-killed", traffic=False)
    s.record()
    s.proxy.meddle = once("hold", "set weight")
    process = s.begin("rollback", "fraud-score", "--to", "41")
    h.wait_for("a command", lambda: sent(s, "v41") + sent(s, "v42"))
    h.expect("the end", h.stop(process, signal.SIGKILL), -signal.SIGKILL)
    s.proxy.let_go.set()
    act = h.wait_for("the act to be left", lambda: next(
        (a for a in s.audit() if a["state"] == "unknown"), None))
    h.expect("intent", act["intent"], "rollback")
    h.expect("before", act["before"]["champion"], "42")
    h.expect("commands", sent(s, "v41") + sent(s, "v42"), 1)
    h.expect("audit verify", s.run("audit", "verify")[0], 0)
    s.recorder.alive()
    s.run("undo", act["id"], "--plan", check=0)
    h.stop(s.recorder.process)


def test():
    cases = (lost_reply, lost_alias, never_arrived, half_done, cannot_be_read, killed)
    with ThreadPoolExecutor(len(cases)) as pool:
        for case, done in [(c, pool.submit(c)) for c in cases]:
            try:
                done.result()
            except SystemExit as e:
                raise SystemExit(f"{case.__name__}: {e}") from None
    print(", ".join(c.__name__ for c in cases))


h.main(test)
