# SPDX-License-Identifier: GPL-3.0-or-later
"""A world to put driftop into: HTTP servers that can misbehave in every way, a recorder as a
process with its memory, and what `doctor` says about each source."""
import contextlib
import http.server
import json
import os
import re
import socket
import socketserver
import subprocess
import threading
import time

import harness as h

INTERVAL = 1.0  # poll.interval of these tests
TIMEOUT = 0.6   # poll.timeout
FLUSH = 1.0     # what was seen reaches the store at most so much later


def sanitized():
    """Built with ASan: slower, and its memory is not driftop's."""
    with open(h.DRIFTOP, "rb") as f:
        return b"__asan_init" in f.read()


SANITIZED = sanitized()
PATIENCE = 4 if SANITIZED else 1
NAMED = (2 * INTERVAL + TIMEOUT + FLUSH) * PATIENCE  # a fault is named within two intervals


class Fake(socketserver.ThreadingMixIn, http.server.HTTPServer):
    """An HTTP server on a port of the kernel's. `behave(handler)` answers; it may be exchanged at
    any time. `seen` holds (monotonic time, method, path) of every request that came in."""
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, behave, port=0):
        self.behave, self.seen, self.bodies, self.open = behave, [], [], set()
        # A second socket keeps the port while this one refuses.
        super().__init__(("127.0.0.1", port), _Handler, bind_and_activate=False)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.server_bind()
        self.server_activate()
        self.port = self.server_address[1]
        self.keeper = socket.socket()
        self.keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.keeper.bind(("127.0.0.1", self.port))
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def refuse(self):
        """Connections are refused from here on; start a new one with port=self.port."""
        self.over.set()
        self.shutdown()
        self.server_close()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request, client_address):
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request):
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address):
        pass  # a client that goes away in the middle is what these tests are about

    def times(self, path, since=0.0):
        return [t for t, _, p in list(self.seen) if p.startswith(path) and t >= since]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        self.server.seen.append((time.monotonic(), self.command, self.path))
        if self.command not in ("GET", "HEAD"):
            self.server.bodies.append((self.command, self.path, body))
        self.request_body = body
        self.server.behave(self)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *args):
        pass

    def say(self, body, status=200, kind="application/json", headers=()):
        if not isinstance(body, bytes):
            body = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def raw(self, data):
        """Bytes instead of an answer; the connection ends behind them."""
        self.close_connection = True
        self.wfile.write(data)


PAGE = """\
# TYPE model_infer_request_success counter
model_infer_request_success_total{{model="{model}",version="{version}"}} {requests}
# TYPE model_infer_request_failure counter
model_infer_request_failure_total{{model="{model}",version="{version}"}} {errors}
"""
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def good_server(model, version="1", rate=10.0):
    """A model server as it should be: ready, and counting `rate` requests a second."""
    started = time.monotonic()

    def behave(r):
        if r.path == "/metrics":
            n = int((time.monotonic() - started) * rate) + 1000
            r.say(PAGE.format(model=model, version=version, requests=n, errors=0), kind=TEXT)
        elif r.path == "/v2/repository/index":
            r.say([{"name": model, "version": version, "state": "READY", "reason": ""}])
        elif r.path.endswith("/ready"):
            r.say("")
        else:
            r.say({"error": "nothing there"}, 404)
    return behave


class Registry:
    """MLflow's model registry: aliases and versions of one model."""

    def __init__(self, model, versions=("1", "2"), alias="champion", champion="1"):
        self.model, self.versions, self.aliases = model, list(versions), {alias: champion}
        self.writes = []  # (method, path, body) of everything that is no read

    def __call__(self, r):
        path = r.path.split("?")[0]
        if r.command == "GET" and path.endswith("/registered-models/get"):
            r.say({"registered_model": {"name": self.model, "aliases": [
                {"alias": a, "version": v} for a, v in self.aliases.items()]}})
        elif r.command == "GET" and path.endswith("/model-versions/search"):
            r.say({"model_versions": [{"name": self.model, "version": v, "status": "READY"}
                                      for v in self.versions]})
        elif path.endswith("/registered-models/alias"):
            self.writes.append((r.command, path, r.request_body))
            wish = json.loads(r.request_body or b"{}")
            if r.command == "POST":
                self.aliases[wish["alias"]] = wish["version"]
            r.say({})
        else:
            self.writes.append((r.command, path, r.request_body))
            r.say({"error_code": "ENDPOINT_NOT_FOUND", "message": path}, 404)


class Recorder:
    """`driftop record` on a configuration that is written for it."""

    def __init__(self, folder, config, start=True, **kwargs):
        self.folder = folder
        self.config = os.path.join(folder, "driftop.yaml")
        self.store = os.path.join(folder, "driftop.db")
        self.log = os.path.join(folder, "record.log")
        self.kwargs = kwargs
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(f"environment: e2e\nstore: {{path: {self.store}}}\n"
                    f"poll: {{interval: {INTERVAL:.0f}s, connect_timeout: 500ms, "
                    f"timeout: {TIMEOUT * 1000:.0f}ms}}\n{config}")
        self.process = None
        if start:
            self.start()

    def start(self):
        # An environment without proxies: these servers are here.
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        self.process = h.start([h.DRIFTOP, "-c", self.config, "record", "--log", self.log],
                               env=env, **self.kwargs)
        return self

    def alive(self):
        status = self.process.poll()
        if status is not None:
            raise SystemExit(f"the recorder ended with {status}:\n{self.messages()}")

    def messages(self):
        with contextlib.suppress(OSError), open(self.log, encoding="utf-8") as f:
            return f.read()
        return ""

    def kib(self, field):
        """A figure of /proc/PID/status: VmRSS, VmHWM."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as f:
            return int(re.search(rf"^{field}:\s+(\d+) kB", f.read(), re.M)[1])

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w", encoding="utf-8") as f:
            f.write("5")

    def doctor(self):
        """What doctor says, by the source's name; {} while there is no store yet."""
        p = subprocess.run([h.DRIFTOP, "-c", self.config, "doctor", "--json"],
                           capture_output=True, text=True, timeout=30)
        if p.returncode in (66, 74) or not p.stdout:
            return {}
        found = {s["name"]: s for s in json.loads(p.stdout)["sources"]}
        for s in found.values():
            s["fault"] = s["fault"] or ""
        return found

    def wait_source(self, name, what, condition, timeout=20):
        """Until doctor's line of this source fulfils the condition; returns it."""
        def look():
            self.alive()
            s = self.doctor().get(name)
            return s if s and condition(s) else None
        try:
            return h.wait_for(f"{name}: {what}", look, timeout)
        except SystemExit as e:
            raise SystemExit(f"{e}\n{json.dumps(self.doctor().get(name), indent=1)}") from None

    def ls(self):
        """`ls --json`, by the deployment's name."""
        return {d["name"]: d for d in h.driftop_json(self.config, "ls")["deployments"]}


def clean(text):
    """Nothing in it that a terminal would obey."""
    return not re.search(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]", text)
