#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP sink: rows in their three shapes, pairs of events in any order, what is refused and why,
the bound on halves that wait, a full spool (503), and kill -9: what was answered 200 is counted,
once."""
import http.client
import json
import random
import signal
import socket

import harness as h
import world as w

MIB = 1 << 20
KINDS = {True: "org.kubeflow.serving.inference.response",
         False: "org.kubeflow.serving.inference.request"}
chance = random.Random(5)


def row(**changes):
    return {**json.loads(h.row(chance)), "deployment": "scorer", **changes}


class Sink:
    """A recorder with a sink, and what must have been counted so far."""

    def __init__(self, name, spool):
        folder = h.folder(name)
        self.port = h.free_port()
        h.write_reference(folder + "/reference.csv")
        self.recorder = w.Recorder(folder, f"""
sink: {{listen: "127.0.0.1:{self.port}", spool: {spool}}}
deployments:
  - name: scorer
    reference: {{type: csv, path: {folder}/reference.csv}}
""")
        self.rows, self.refused = 0, {}
        self.ready()

    def ready(self):
        def connects():
            self.recorder.alive()
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return True
            except OSError:
                return False
        h.wait_for("the sink to listen", connects)

    def send(self, body, kind="application/json", method="POST", **headers):
        """The status of the answer."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        try:
            c.request(method, "/", body, {"Content-Type": kind, **headers})
            return c.getresponse().status
        finally:
            c.close()

    def post(self, body, status=200, rows=0, **refused):
        kind = refused.pop("kind", "application/json")
        headers = refused.pop("headers", {})
        h.expect(f"answer to {str(body)[:60]}", self.send(body, kind, **headers), status)
        self.rows += rows
        for reason, n in refused.items():
            self.refused[reason] = self.refused.get(reason, 0) + n

    def half(self, key, response, n=1, rows=0, size=0, **refused):
        """One half of a pair of n rows, as KServe's logger sends it."""
        if response:
            body = {"model_name": "m", "model_version": "2", "outputs": [
                {"name": "score", "shape": [n], "datatype": "FP64", "data": [0.5] * n}]}
        else:
            body = {"inputs": [
                {"name": "amount", "shape": [n], "datatype": "FP64", "data": [1.5] * n},
                {"name": "device", "shape": [n], "datatype": "BYTES", "data": ["a"] * n}]}
        if size:
            body["pad"] = "x" * size
        self.post(body, rows=rows, headers=attributes(key, response), **refused)

    def settled(self):
        """Rows and refusals are what they must be, and nothing else."""
        s = self.recorder.wait_source("sink", f"{self.rows} rows and {self.refused}",
                                      lambda s: s["rows"] >= self.rows and
                                      sum(s["refused"].values()) >= sum(self.refused.values()))
        h.expect("rows", s["rows"], self.rows)
        h.expect("refused", s["refused"], self.refused)

    def counted(self, version):
        found = h.query(self.recorder.store,
                        f"select rows_total from version where version = '{version}'")
        return found[0][0] if found else 0


def attributes(key, response):
    return {"Ce-Specversion": "1.0", "Ce-Id": key, "Ce-Type": KINDS[response],
            "Ce-Source": "http://localhost/", "Ce-Inferenceservicename": "scorer",
            "Ce-Namespace": "ns"}


def event(key, response=False):
    data = {"predictions": [0.5]} if response else {"instances": [{"amount": 1, "device": "a"}]}
    return {"specversion": "1.0", "id": key, "type": KINDS[response], "source": "x",
            "inferenceservicename": "scorer", "namespace": "ns", "endpoint": "3", "data": data}


BATCH = "application/cloudevents-batch+json"


def shapes(s):
    s.post(row(), rows=1)
    s.post(json.dumps(row(), indent=2), rows=1)
    s.post([row() for _ in range(5)], rows=5)
    s.post("\n".join(json.dumps(row()) for _ in range(4)), rows=4)
    s.post({"deployment": "scorer", "version": "1", "timestamp": row()["ts"], "prediction": 0.5,
            "features": {"amount": 1, "device": "a"}}, rows=1)
    s.post([row(), {k: v for k, v in row().items() if k != "ts"}, 7, row(version=None),
            row(deployment="nobody"), row(ts=0), row(ts=row()["ts"] + 900)],
           rows=1, time=1, syntax=1, version=1, field=1, late=1, ahead=1)
    s.post("\n".join([json.dumps(row()), "{", json.dumps(row())]), rows=2, syntax=1)


def pairs(s):
    s.half("request-first", False)
    s.half("request-first", True, rows=1)
    s.half("response-first", True, n=3)
    s.half("response-first", False, n=3, rows=3)
    s.half("twice", False)
    s.half("twice", False)  # a sender that tried again
    s.half("twice", True, rows=1)
    s.half("unequal", False, n=2)
    s.half("unequal", True, n=3, unpaired=1)
    s.post([event("b1"), event("b1", True), event("b2", True), event("b2")], kind=BATCH, rows=2)
    s.post([event("b3"), {"no": "event"}, event("b4")], kind=BATCH, syntax=1)
    s.post([event("b4", True), event("b3", True)], kind=BATCH, rows=2)
    s.post(event("structured"), kind="application/cloudevents+json")
    s.half("structured", True, rows=1)


def refusals(s):
    for garbage in ("", "garbage", b"\x00\xff\x01", "[1, 2", "7", '"text"', "[" * 100000):
        s.post(garbage, 400, syntax=1)
    s.post('{"a":' * 100000, syntax=1)  # one line that is no row
    s.post("{]", 400, syntax=1, kind="application/cloudevents+json")
    s.post("x", 400, syntax=1, headers={"Ce-Specversion": "1.0"})
    s.post(b"[" + b" " * (9 * MIB) + b"]", 413, size=1)
    for method in ("GET", "DELETE", "PATCH"):
        h.expect(method, s.send("", method=method), 405)
    for raw in (b"\x00" * 100, b"GET\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"):
        with socket.create_connection(("127.0.0.1", s.port), 5) as c:
            c.sendall(raw)
    s.post(row(), rows=1)


def bound(s):
    """Halves that wait are bounded in number, and a batch of them in memory."""
    for i in range(9):
        s.post([event(f"left-{i}-{k}") for k in range(1000)], kind=BATCH)
    s.recorder.forget_peak()
    before = s.recorder.kib("VmHWM")
    s.post([event(f"much-{k}") for k in range(1050)], kind=BATCH, unpaired=50)
    s.post([event(f"much-{k}") for k in range(1000)], kind=BATCH)
    grown = s.recorder.kib("VmHWM") - before
    if grown > 32 * 1024 and not w.SANITIZED:
        raise SystemExit(f"a batch of 1050 events took {grown} KiB")
    s.post([event(f"left-{i}-{k}", True) for i in range(9) for k in range(1000)], kind=BATCH,
           rows=9000)
    s.half("afterwards", False)
    s.half("afterwards", True, rows=1)
    s.settled()


def killed(s):
    """kill -9 between the answer and the next flush, again and again; halves included."""
    for i in range(5):
        s.post([row() for _ in range(100)], rows=100)
        s.half(f"kill-{i}", i % 2 == 0)
        h.stop(s.recorder.process, signal.SIGKILL)
        s.recorder.start()
        s.ready()
        s.half(f"kill-{i}", i % 2 == 1, rows=1)
    s.post([event(f"much-{k}", True) for k in range(1000)], kind=BATCH, rows=1000)
    want = s.counted("1")

    def all_there():
        s.recorder.alive()
        return s.counted("1") + s.counted("2") + s.counted("3") >= s.rows
    h.wait_for(f"{s.rows} rows, {want} so far", all_there)
    h.expect("rows in the store", s.counted("1") + s.counted("2") + s.counted("3"), s.rows)


def full(s):
    s.half("large", False, size=MIB - 200000)
    rows = [row() for _ in range(2000)]
    s.post(rows, 503, full=1)
    s.post(row(), rows=1)
    s.settled()
    s.recorder.wait_source("sink", "advice", lambda x: "spool" in x["advice"])
    s.half("large", True, rows=1)
    s.settled()
    s.post(rows, rows=2000)
    s.settled()


def test():
    s = Sink("sink", "16MiB")
    for part in (shapes, pairs, refusals):
        part(s)
        s.settled()
    bound(s)
    killed(s)
    h.expect("the end", h.stop(s.recorder.process), 0)
    small = Sink("sink-full", "1MiB")
    full(small)
    h.expect("the end", h.stop(small.recorder.process), 0)
    print(f"{s.rows + small.rows} rows by the sink, refused {s.refused}")


h.main(test)
