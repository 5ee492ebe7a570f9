#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line as a script meets it: each command's exit status with right and with wrong words,
without a configuration, without a store, with one; and JSON wherever it is promised."""
import json
import os
import random
import subprocess

import harness as h
import world as w

CONFIG = """
deployments:
  - name: scorer
    versions: {{"1": {{servers: [{{type: open-inference, url: "{url}", model: m, metrics: "{url}/metrics"}}]}}}}
    features: {{type: jsonl, path: "{folder}/rows.log", time_field: ts, version_field: version, prediction_field: score}}
    reference: {{type: csv, path: {folder}/reference.csv}}
"""
READINGS = ("triage", "ls", "show scorer", "drift", "drift scorer", "drift scorer/amount", "alerts",
            "doctor")

# words -> exit status, with a store
WORDS = {
    "ack 7": 66, "ack": 64, "show nobody": 66, "show": 64, "drift nobody": 66,
    "drift scorer/nothing": 66, "drift scorer --window 2h": 64, "triage --limit none": 64,
    "audit --since soon": 64, "audit nothing": 64, "ls more": 64, "ls --json=yes": 64,
    "ls --nothing": 64, "--nothing ls": 64, "nothing": 64, "undo nothing": 66,
    "rollback nobody --to 1": 66, "rollback scorer": 64, "traffic scorer --set 1=x": 64,
    "screen": 64, "screen nothing": 66, "screen triage --size 80": 64, "screen triage --size 0x9": 64,
    "screen triage": 0, "screen triage --size 1x1": 0, "--glyphs ascii screen fleet": 0,
    "screen fleet --theme mono": 0, "screen model --deployment scorer": 0,
    "screen feature --deployment scorer --feature amount": 0,
    "screen feature --deployment scorer --feature amount --version 1": 0,
    # A picture of nothing looks like one of a fleet that is well.
    "screen triage --deployment nobody": 66, "screen model --deployment nobody": 66,
    "screen feature --deployment scorer --feature nothing": 66,
    "screen feature --deployment scorer --feature amount --version 9": 66,
    "screen triage --theme nothing": 66, "--theme nothing screen triage --ansi": 66,
    "screen triage --glyphs nothing": 64, "--linear --glyphs nothing": 64,
    "--linear": 0, "--linear @P1-8841": 0, "--linear @nothing": 64, "@": 64,
    "config check": 0, "config --origin": 0, "config example": 0, "config nothing": 64,
    "completion bash": 0, "completion nothing": 64, "--version": 0, "--help": 0, "ls --help": 0,
    "-c": 64, "ls -c": 64, "compare here there": 66,
}


def expect(config, words, status):
    code, out, err = h.driftop(config, *words.split())
    h.expect(f"driftop {words} ({out[:200]}{err})", code, status)
    if status >= 64 and (not err.startswith("driftop: ") or err.count("\n") != 1):
        raise SystemExit(f"driftop {words} does not say in one line what is wrong: {err!r}")
    return out


def expect_json(config, words, status, schema):
    answer = json.loads(expect(config, words + " --json", status))
    h.expect(f"the schema of {words}", answer["schema"].split(".")[:2], ["driftop", schema])


def bare(*words):
    """Without -c, in a home without a configuration."""
    home = h.folder("commands-home")
    env = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
    return subprocess.run([h.DRIFTOP, *words], env={**env, "HOME": home}, capture_output=True,
                          text=True, timeout=30)


def no_configuration():
    for words in (*READINGS, "audit", "audit verify", "config check", "config --origin", "record",
                  "rollback scorer --to 1", "screen triage"):
        p = bare(*words.split())
        h.expect(f"{words} without a configuration ({p.stderr})", p.returncode, 78)
        h.expect(f"{words} names the file", p.stderr.split("\n")[0].count("driftop.yaml"), 1)
    for words in ("--version", "--help", "ls --help", "config example", "completion bash"):
        p = bare(*words.split())
        h.expect(f"{words} without a configuration ({p.stderr})", p.returncode, 0)


def no_store(config):
    """Nothing is known, which is no wrong name; and nothing was done, which is fine."""
    for words in READINGS:
        code, out, err = h.driftop(config, *words.split())
        h.expect(f"{words} without a store ({err})", (code, out), (3, ""))
        if "driftop record" not in err:
            raise SystemExit(f"{words}: {err!r} does not say what to do")
    expect(config, "ack 1", 66)
    expect_json(config, "audit", 0, "audit")
    expect_json(config, "audit verify", 0, "chain")
    expect(config, "audit", 0)
    expect(config, "audit verify", 0)


def placed(config):
    """-c before and behind the command, with a blank and with an equal sign."""
    for argv in (["-c", config, "ls"], ["ls", "-c", config], ["--config", config, "ls"],
                 ["ls", "--json", f"--config={config}"], ["config", "check", "-c", config],
                 ["config", "-c", config, "check"], ["screen", "-c", config, "fleet"]):
        p = bare(*argv)
        h.expect(f"{argv} ({p.stderr})", p.returncode, 0)


def themes(folder):
    """A theme that is not there is a mistake in the file, with its place."""
    path = folder + "/theme.yaml"
    for theme, status in (("mono", 0), ("nothing", 78)):
        with open(path, "w", encoding="utf-8") as f:
            f.write(f"environment: x\ntheme: {theme}\n")
        p = bare("config", "check", path)
        h.expect(f"theme {theme} ({p.stderr})", p.returncode, status)
    h.expect("its place", p.stderr.startswith(f"{path}:2:1: theme: "), True)


def test():
    no_configuration()
    folder = h.folder("commands")
    themes(folder)
    server = w.Fake(w.good_server("m"))
    h.write_reference(folder + "/reference.csv")
    chance = random.Random(3)
    with open(folder + "/rows.log", "w", encoding="utf-8") as f:
        f.writelines(h.row(chance) + "\n" for _ in range(1000))
    recorder = w.Recorder(folder, CONFIG.format(url=server.url, folder=folder), start=False)
    no_store(recorder.config)
    recorder.start()
    h.wait_for("a fleet that is well", lambda: [0] * len(READINGS) == [
        h.driftop(recorder.config, *words.split())[0] for words in READINGS])
    placed(recorder.config)
    for words in READINGS:
        expect_json(recorder.config, words, 0,
                    "feature" if "/" in words else words.split()[0])
    for words, status in WORDS.items():
        expect(recorder.config, words, status)
    recorder.alive()
    h.expect("the end", h.stop(recorder.process), 0)
    print(f"{len(WORDS)} lines of words, {len(READINGS)} readings")


h.main(test)
