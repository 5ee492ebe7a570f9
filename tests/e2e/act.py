#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Acting on a real HAProxy and a registry: the order of the commands, each exactly once, verified,
undone, refused when the world moved; and nothing at all without --yes or --apply."""
import json

import harness as h
import splitter

READS = ("triage", "ls", "show fraud-score", "drift fraud-score", "alerts", "audit", "doctor",
         "config --origin", "screen triage --size 80x24")


def only_reads(s):
    """No command without --yes and no recorder writes to the network."""
    s.record()
    for command in READS:
        for words in (command.split(), ["--read-only", *command.split()]):
            s.run(*words)
    s.run("rollback", "fraud-score", "--to", "41", "--plan", check=0)
    s.run("rollback", "fraud-score", "--to", "41", check=0)
    s.run("traffic", "fraud-score", "--set", "41=10,42=90", "--plan", "--json", check=0)
    s.run("--read-only", "rollback", "fraud-score", "--to", "41", "--yes", check=4)
    h.expect("commands that are no reads", s.proxy.writes(), [])
    for fake in (s.registry_fake, *s.servers.values()):
        for _, method, path in fake.seen:
            if method not in ("GET", "HEAD") and (method, path) != ("POST", "/v2/repository/index"):
                raise SystemExit(f"{method} {path} was sent")
    s.untouched()


def wrong_words(s):
    """Exit codes of what is never even tried."""
    for status, words in (
            (66, "rollback nobody --to 41"), (66, "rollback fraud-score --to 99"),
            (66, "undo nothing"), (64, "rollback fraud-score"), (64, "rollback"),
            (4, "traffic fraud-score --set 41=60,42=60"), (64, "traffic fraud-score --set 41"),
            (66, "rollback fraud-score --apply no-such-plan"), (64, "frobnicate")):
        s.run(*words.split(), *(["--yes"] if "--apply" not in words else []), check=status)
    # One of the three says what happens; two of them say two things.
    for both in ("--plan --yes", "--yes --apply x", "--plan --apply x"):
        s.run("rollback", "fraud-score", "--to", "41", *both.split(), check=64)
    h.expect("a configuration that is none",
             h.driftop("/nonexistent.yaml", "rollback", "fraud-score", "--to", "41")[0], 78)
    h.expect("commands that are no reads", s.proxy.writes(), [])


def other_words(s):
    """A plan is committed under the words it was made with, or not at all."""
    plan = json.loads(s.run("rollback", "fraud-score", "--to", "41", "--json", check=0)[1])["id"]
    for words in ("rollback somebody-else", "rollback fraud-score --to 42",
                  "traffic fraud-score", "traffic fraud-score --set 41=100",
                  "undo fraud-score", "undo " + plan):
        s.run(*words.split(), "--apply", plan, check=4)
    plan = json.loads(s.run("traffic", "fraud-score", "--set", "41=60,42=40", "--json")[1])["id"]
    for words in ("traffic fraud-score --set 41=40,42=60", "traffic fraud-score --set 41=100",
                  "rollback fraud-score", "rollback fraud-score --to 41"):
        s.run(*words.split(), "--apply", plan, check=4)
    h.expect("commands that are no reads", s.proxy.writes(), [])
    s.untouched()


def rollback(s):
    act = s.act("rollback", "fraud-score", "--to", "41")
    h.expect("state", act["state"], "verified")
    h.expect("champion", s.champion(), "41")
    h.expect("v42", s.weights()["v42"], 0)
    sent = [target for target, _ in commands(s)]
    if sent not in (["v41", "v42"], ["v42"]):
        raise SystemExit(f"commands: {sent}")
    h.expect("writes to the registry", len(s.registry.writes), 1)
    newest = s.audit()[0]
    for key in ("id", "state", "deployment", "reason", "hash"):
        h.expect(key, newest[key], act[key])
    h.expect("audit verify", s.run("audit", "verify", "--head", act["hash"])[0], 0)
    return act


def commands(s):
    """(target, weight) of each command that sets one; there must be no others."""
    writes = [c for c in s.proxy.writes() if c != "set severity-output number"]
    if not all(c.startswith("set weight fraud-score/") for c in writes):
        raise SystemExit(f"commands that set no weight: {writes}")
    return [(c.split()[2].split("/")[1], int(c.split()[3])) for c in writes]


def undo(s, act):
    undone = s.act("undo", act["id"])
    h.expect("state", undone["state"], "verified")
    h.expect("champion", s.champion(), "42")
    weights = s.weights()
    h.expect("v41's share", round(weights["v41"] / sum(weights.values()), 2), 0.25)
    states = {a["id"]: a["state"] for a in s.audit()}
    h.expect("the act that was undone", states[act["id"]], "undone")
    h.expect("a second undo", s.run("undo", act["id"], "--yes")[0], 4)


def order(s):
    """Half to v42: it is raised before v41 is lowered."""
    for receives, shares in (("v41", "41=90,42=10"), ("v42", "41=20,42=80")):
        before, weights = len(commands(s)), s.weights()
        s.act("traffic", "fraud-score", "--set", shares)
        sent = commands(s)[before:]
        lowered = [i for i, (t, n) in enumerate(sent) if n < weights[t]]
        raised = [i for i, (t, n) in enumerate(sent) if n > weights[t]]
        if lowered and raised and min(lowered) < max(raised):
            raise SystemExit(f"from {weights}: lowered before raised: {sent}")
        h.expect("commands to each target", len({t for t, _ in sent}), len(sent))
        after = s.weights()
        if after[receives] / sum(after.values()) < 0.75:
            raise SystemExit(f"{shares}: {after}")


def same_words(s):
    """The other way round: order and spelling of the shares are no difference."""
    plan = json.loads(s.run("traffic", "fraud-score", "--set", "41=30,42=70", "--json")[1])["id"]
    s.run("traffic", "fraud-score", "--set", "42=70,41=30", "--apply", plan, check=0)


def stale_plan(s):
    plan = json.loads(s.run("rollback", "fraud-score", "--to", "41", "--plan", "--json", check=0)[1])
    moved = s.act("traffic", "fraud-score", "--set", "41=50,42=50")
    before, writes = s.weights(), len(s.proxy.writes())
    code, out, err = s.run("rollback", "fraud-score", "--apply", plan["id"], "--json")
    h.expect(f"a stale plan ({out}{err})", code, 6)
    text = json.loads(out)["text"]
    for word in (moved["id"], moved["by"].split(" ")[0], "50 %"):
        if word not in text:
            raise SystemExit(f"{text!r} does not name {word!r}")
    h.expect("weights", s.weights(), before)
    h.expect("writes", len(s.proxy.writes()), writes)


def world_moved(s):
    """Somebody else, past driftop."""
    plan = json.loads(s.run("traffic", "fraud-score", "--set", "41=100", "--plan", "--json")[1])
    s.set_weight("v42", 7)
    code, out, _ = s.run("traffic", "fraud-score", "--apply", plan["id"], "--json")
    h.expect("exit status", code, 6)
    act = json.loads(out)
    listed = json.loads(s.run("audit", "--json")[1])["acts"][0]
    if dict(listed, schema="driftop.act.v1", text=act["text"]) != act:
        raise SystemExit("the act is not the object that the audit lists: " + out)
    if "nobody did that through driftop" not in act["text"]:
        raise SystemExit(out)


def tampering(s):
    path = s.recorder.store + "-audit.jsonl"
    with open(path, "rb") as f:
        good = f.read()
    lines = good.rstrip(b"\n\0").split(b"\n")
    at = good.index(b"a test")
    for what, bad in (("a changed byte", good[:at] + b"A" + good[at + 1:]),
                      ("a line that is gone", b"\n".join(lines[:3] + lines[4:]) + b"\n"),
                      ("two lines exchanged", b"\n".join([lines[1], lines[0]] + lines[2:]) + b"\n")):
        with open(path, "wb") as f:
            f.write(bad)
        h.expect(what, s.run("audit", "verify")[0], 8)
    with open(path, "wb") as f:
        f.write(b"\n".join(lines[:-1]) + b"\n")
    head = s.audit()[0]["hash"]
    with open(path, "wb") as f:
        f.write(good)
    h.expect("the whole log", s.run("audit", "verify", "--head", head)[0], 0)
    newest = json.loads(lines[-1])["hash"]
    with open(path, "wb") as f:
        f.write(b"\n".join(lines[:-1]) + b"\n")
    h.expect("a cut end, against a head", s.run("audit", "verify", "--head", newest)[0], 8)
    with open(path, "wb") as f:
        f.write(good)


def test():
    s = splitter.Splitter("act")
    only_reads(s)
    wrong_words(s)
    other_words(s)
    h.expect("the recorder's end", h.stop(s.recorder.process), 0)
    undo(s, rollback(s))  # with the recorder stopped
    order(s)
    same_words(s)
    stale_plan(s)
    world_moved(s)
    tampering(s)
    print(f"{len(s.audit())} acts, {len(s.proxy.writes())} commands, "
          f"{len(s.registry.writes)} changes of the alias")


h.main(test)
