#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers and registries that misbehave in every way of which we know, all at once: the recorder
lives, names each fault within two intervals, goes on asking the good server in its interval, and
takes the next good answer of each without a restart. Before that one server sends a body of 1 GB,
and a compressed one: memory grows by less than the ceiling and 4 MiB."""
import time
import zlib

import harness as h
import world as w

ESC = "\x1b[2J\x1b]0;owned\x07\u009b31m"
CEILING_KIB = 8192
GIGABYTE = 1 << 30


def pages(route):
    """A misbehaviour of some paths; the others are answered as ever."""
    def wrap(bad):
        def behave(good):
            return lambda r: bad(r) if route in r.path else good(r)
        return behave
    return wrap


every = pages("/")
metrics = pages("/metrics")
index = pages("/v2/repository/index")
ready = pages("/ready")


def hang(r):
    r.server.over.wait(20)


def trickle(r):
    r.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not r.server.over.wait(0.1):
        r.wfile.write(b" ")


def half(r):
    r.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n"
          b"# TYPE model_infer_request_success counter\n")


def half_chunked(r):
    r.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n# TYPE model_infer")


def huge(r):
    r.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
    r.close_connection = True
    line = b'model_infer_request_success_total{model="m",version="1"} 1\n'
    for _ in range(GIGABYTE // (1 << 20)):
        r.wfile.write(line * ((1 << 20) // len(line)))


def bomb():
    """64 MiB of one byte, far less on the wire."""
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join([z.compress(b"#" * (1 << 20)) for _ in range(64)] + [z.flush()])
    return lambda r: r.say(body, kind=w.TEXT, headers=[("Content-Encoding", "gzip")])


def samples(text):
    return lambda r: r.say(text.format(m="m"), kind=w.TEXT)


NAN = """# TYPE model_infer_request_success counter
model_infer_request_success_total{{model="{m}",version="1"}} NaN
model_infer_request_failure_total{{model="{m}",version="1"}} +Inf
"""
GARBAGE = bytes(range(256)) * 400

# name -> (how it misbehaves, a word of the fault). A deployment and a server each.
SERVERS = {
    "refuse": (None, "connect"),
    "hang": (every(hang), "time"),
    "trickle": (every(trickle), "time"),
    "closes": (every(lambda r: r.raw(b"")), ""),
    "no-http": (every(lambda r: r.raw(b"220 mail ESMTP\r\n")), ""),
    "endless-header": (every(lambda r: r.raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 400000)), ""),
    "redirect": (every(lambda r: r.say("", 302, headers=[("Location", r.path)])), "302"),
    "status-500": (every(lambda r: r.say({"error": "boom " + ESC}, 500)), "500"),
    "status-401": (every(lambda r: r.say({"error": "who?"}, 401)), "401"),
    "half": (metrics(half), "metrics"),
    "half-chunked": (metrics(half_chunked), "metrics"),
    "bad-json": (index(lambda r: r.say('[{"name": "x",')), "index"),
    "deep-json": (index(lambda r: r.say("[" * 200000)), "index"),
    "binary-json": (index(lambda r: r.say(GARBAGE)), "index"),
    "garbage": (metrics(lambda r: r.say(GARBAGE, kind=w.TEXT)), "metrics"),
    "html": (metrics(lambda r: r.say("<html>" + ESC, kind="text/html")), "metrics"),
    "nan": (metrics(samples(NAN)), "metrics"),
    "escapes": (every(lambda r: r.say({"error": ESC * 20}, 400)), "400"),
    "long-error": (every(lambda r: r.say({"error": "e" * 500000}, 404)), ""),
    "bomb": (metrics(bomb()), "metrics"),
}


def registry_page(r, versions, token=None):
    page = {"model_versions": [{"name": "m", "version": v, "status": "READY"} for v in versions]}
    if token:
        page["next_page_token"] = token
    r.say(page)


class Endless:
    """Each page names a next one, by another token."""

    def __init__(self):
        self.n = 0

    def __call__(self, r):
        self.n += 1
        registry_page(r, [str(self.n)], f"page-{self.n}")


search = pages("/model-versions/search")
aliases = pages("/registered-models/get")
REGISTRIES = {
    "r-endless": (search(Endless()), "no end"),
    "r-circle": (search(lambda r: registry_page(r, ["1"], "again")), "no end"),
    "r-bad-json": (every(lambda r: r.say("{]")), ""),
    "r-deep": (every(lambda r: r.say('{"a":' * 100000)), ""),
    "r-types": (every(lambda r: r.say({"registered_model": 7, "model_versions": "x"})), ""),
    "r-hang": (every(hang), "time"),
    "r-long-token": (search(lambda r: registry_page(r, ["1"], "t" * 100000)), "token"),
    "r-names": (search(lambda r: registry_page(r, ["v" * 10240, ESC, "", "3"])), None),
    "r-alias": (aliases(lambda r: r.say({"registered_model": {"name": "m", "aliases": [
        {"alias": "champion", "version": ESC}, {"alias": "x" * 10240, "version": "y" * 10240}]}})),
        None),
}


def deployment(name, server=None, registry=None):
    text = f"  - name: {name}\n"
    if server:
        text += (f'    versions: {{"1": {{servers: [{{type: open-inference, url: "{server.url}", '
                 f'model: m, index: true, metrics: "{server.url}/metrics"}}]}}}}\n')
    if registry:
        text += f"    registry: {{use: {name}, model: m, champion: champion}}\n"
    return text


# Nothing ever came back from these; whatever the others say, they are there.
UNREACHED = ("refuse", "hang", "closes", "r-hang")


class Case:
    def __init__(self, name, bad, word):
        self.name, self.word = name, word
        self.registry = name.startswith("r-")
        self.good = w.Registry("m") if self.registry else w.good_server("m")
        self.bad = bad(self.good) if bad else None
        self.fake = w.Fake(self.good)
        self.source = f"{name} mlflow" if self.registry else f"{name}/1 open-inference"
        self.named_after = None

    def turn_bad(self):
        self.bad_at = time.monotonic()
        if self.bad:
            self.fake.behave = self.bad
        else:
            self.fake.refuse()

    def turn_good(self):
        self.fake.over.set()
        if self.bad:
            self.fake.behave = self.good
        else:
            self.fake = w.Fake(self.good, port=self.fake.port)

    def look(self, source):
        """Notes when its fault was first named, and that what is shown is harmless."""
        if not w.clean(source["fault"]):
            raise SystemExit(f"{self.name}: control characters in {source['fault']!r}")
        if self.named_after is None and source["fault"]:
            self.named_after = time.monotonic() - self.bad_at
            wanted = self.name in UNREACHED
            if self.word is not None and source["reachable"] == wanted:
                raise SystemExit(f"{self.name}: {source['health']} ({source['fault']!r})")
            if (source["authenticated"] and source["health"] != "ok") or not source["advice"]:
                raise SystemExit(f"{self.name}: {source}")
            if (self.word or "") not in source["fault"]:
                raise SystemExit(f"{self.name}: {source['fault']!r} does not say {self.word!r}")


def config(cases, steady):
    text = "registries:\n"
    for c in cases:
        if c.registry:
            text += f'  {c.name}: {{type: mlflow, url: "{c.fake.url}"}}\n'
    text += "deployments:\n" + deployment("steady", server=steady)
    for c in cases:
        text += deployment(c.name, registry=c.fake) if c.registry \
            else deployment(c.name, server=c.fake)
    return text


def all_good(recorder, cases):
    found = recorder.doctor()
    recorder.alive()
    return all(found.get(c.source, {}).get("fresh") and not found[c.source]["fault"]
               for c in cases)


def name_faults(recorder, cases):
    """Until every fault that must be named is; each in its time."""
    def look():
        recorder.alive()
        found = recorder.doctor()
        for c in cases:
            c.look(found[c.source])
        return all(c.named_after is not None or c.word is None for c in cases)
    try:
        h.wait_for("every fault to be named", look, w.NAMED + 5)
    except SystemExit as e:
        raise SystemExit(f"{e}: {[c.name for c in cases if c.named_after is None]}") from None
    late = {c.name: c.named_after for c in cases if c.word is not None and c.named_after > w.NAMED}
    if late:
        raise SystemExit(f"named later than {w.NAMED} s: {late}")


def check_interval(steady, since):
    # The faults may all be named before the good server was asked for the second time.
    h.wait_for("the good server to be asked three times",
               lambda: len(steady.times("/v2/models", since)) >= 3)
    times = steady.times("/v2/models", since)
    gaps = [b - a for a, b in zip(times, times[1:])]
    if max(gaps) > 1.8 * w.INTERVAL * w.PATIENCE:
        raise SystemExit(f"the good server lost its interval: {[round(g, 2) for g in gaps]}")
    return max(gaps)


def check_memory(recorder, case, bad):
    """The peak while bodies of 1 GB come in, above what the recorder needed before."""
    recorder.forget_peak()
    before = recorder.kib("VmHWM")
    asked = len(case.fake.times("/metrics"))
    case.fake.behave = metrics(bad)(case.good)
    recorder.wait_source(case.source, "a body without end to be named", lambda s: s["fault"])
    h.wait_for("two tries", lambda: len(case.fake.times("/metrics")) >= asked + 2)
    grown = recorder.kib("VmHWM") - before
    if grown >= CEILING_KIB + 4096 and not w.SANITIZED:
        raise SystemExit(f"memory grew by {grown} KiB")
    case.fake.behave = case.good
    recorder.wait_source(case.source, "a good page", lambda s: not s["fault"])
    return grown


def test():
    cases = [Case(n, *what) for n, what in {**SERVERS, **REGISTRIES}.items()]
    steady = w.Fake(w.good_server("m"))
    recorder = w.Recorder(h.folder("badserver"), config(cases, steady))
    h.wait_for("every source to be well", lambda: all_good(recorder, cases))
    grown = max(check_memory(recorder, cases[0], bad) for bad in (huge, bomb()))
    since = time.monotonic()
    for c in cases:
        c.turn_bad()
    name_faults(recorder, cases)
    gap = check_interval(steady, since)
    for command in ("doctor", "ls", "triage"):
        if not w.clean(h.driftop(recorder.config, command)[1]):
            raise SystemExit(f"control characters in what {command} prints")
    rates = [v["request_rate"] for d in recorder.ls().values() for v in d["versions"]]
    if max(r for r in rates if r is not None) > 100:
        raise SystemExit(f"a rate out of nothing: {rates}")
    for c in cases:
        c.turn_good()
    h.wait_for("every source to be well again", lambda: all_good(recorder, cases), 15)
    recorder.alive()
    h.expect("the end", h.stop(recorder.process), 0)
    slowest = max((c.named_after or 0, c.name) for c in cases)
    print(f"{len(cases)} misbehaviours, the slowest named after {slowest[0]:.1f} s; the good "
          f"server's longest gap {gap:.2f} s; 1 GB: {grown} KiB")


h.main(test)
