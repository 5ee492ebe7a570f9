#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main journey, by key presses in a real terminal of 80x24: driftop demo, fraud-score pages, R, A,
41, Enter, verified, the page resolves as out of service, U takes it back; Ctrl-C ends all of it. It
takes minutes: the demo's script, the rules' minute and driftop's clocks are what they are."""
import re
import time

import harness as h
import terminal_world as t
from demo_processes import processes

PAGE_S = 90    # the issue's own bound, from the start
VERIFY_S = 60
RESOLVE_S = 120


def fraud_pages(screen):
    return re.search(r"^.P1. fraud-score", screen, re.M)


def alerts(config):
    return [a for a in h.driftop_json(config, "alerts")["alerts"]
            if a["deployment"] == "fraud-score" and a["version"] == "42"]


def wait_act(term, config, what):
    """The panel says verified, and so does the audit."""
    term.wait(lambda s: "verified" in s, VERIFY_S)
    act = h.driftop_json(config, "audit")["acts"][0]
    h.expect(what, act["state"], "verified")
    return act


def champion(config):
    return {d["name"]: d for d in h.driftop_json(config, "ls")["deployments"]}[
        "fraud-score"]["champion"]


def journey(term, state, config):
    """Returns after how many seconds it was paged."""
    began = time.monotonic()
    term.run(h.DRIFTOP, "demo", "--state", state)
    term.wait("2Fleet", 30)
    term.wait(fraud_pages, PAGE_S - (time.monotonic() - began))
    paged = time.monotonic() - began
    term.keys("R")
    term.wait("Go to which version", 10)
    term.keys("A")
    term.wait("ARMED", 5)
    term.type("41")
    term.keys("Enter")
    act = wait_act(term, config, "the rollback")
    for step in ("set weight fraud-score/v41 100", "set weight fraud-score/v42 0", "set alias"):
        if f"done and read back: {step}" not in re.sub(r"\s*\u2502\s*", " ", term.screen()):
            raise SystemExit(f"the panel has forgotten: {step}")
    h.wait_for("the champion to be read", lambda: champion(config) == "41")
    term.keys("Escape")
    h.wait_for("the page to resolve", lambda: not [
        a for a in alerts(config) if a["phase"] == "firing" and a["severity"] == "page"],
        RESOLVE_S)
    resolved = [a.get("resolution") for a in alerts(config) if a["phase"] == "resolved"]
    if not any("out of service" in (r or "") for r in resolved):
        raise SystemExit(f"resolved as {resolved}")
    term.wait(lambda s: not fraud_pages(s), 20)
    term.keys("U")
    term.wait(act["id"], 10)
    term.type("u")
    term.keys("Enter")
    undone = wait_act(term, config, "the undo")
    h.expect("intent", undone["intent"], "undo")
    h.wait_for("the champion to be read", lambda: champion(config) == "42")
    h.expect("the rollback", h.driftop_json(config, "audit")["acts"][1]["state"], "undone")
    term.keys("Escape")
    term.wait(lambda s: "Esc closes" not in s)
    return paged


def check_rules(config):
    """The demo's rule for device_os is a ticket, whatever the statistics say."""
    paged = []

    def found():
        features = h.driftop_json(config, "drift")["features"]
        paged[:] = [f for f in features if f["feature"] == "device_os" and f["verdict"] == "page"]
        return paged
    h.wait_for("the new value to be more than a warning", found, 90)
    if any(f["severity"] != "ticket" for f in paged):
        raise SystemExit(f"device_os: {paged}")


def leave(term, state):
    """Ctrl-C ends everything; how long that takes."""
    began = time.monotonic()
    term.keys("C-c")
    h.wait_for("all processes to end", lambda: not processes(state), 15)
    took = time.monotonic() - began
    if took > 10:
        raise SystemExit(f"Ctrl-C took {took:.1f} s")
    return took


def test():
    state = h.folder("journey") + "/state"
    term = t.Tmux("journey")
    try:
        paged = journey(term, state, state + "/driftop.yaml")
        check_rules(state + "/driftop.yaml")
        print(f"paged after {paged:.0f} s; Ctrl-C took {leave(term, state):.1f} s")
    except SystemExit as e:
        raise SystemExit(f"{e}\n{term.screen()}") from None
    finally:
        term.end()
    h.wait_for("all processes to end", lambda: not processes(state), 15)


h.main(test)
