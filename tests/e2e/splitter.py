# SPDX-License-Identifier: GPL-3.0-or-later
"""A real HAProxy with two versions behind it, traffic, a registry, and a proxy in front of its
runtime API that notes every command and can lose or hold answers."""
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time

import harness as h
import world as w

CONFIG = """
global
    stats socket {dir}/real.sock mode 600 level {level}
    stats socket {dir}/direct.sock mode 600 level admin
defaults
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s
frontend in
    bind 127.0.0.1:{port}
    default_backend fraud-score
backend fraud-score
    balance roundrobin
    server v41 127.0.0.1:{a} weight 64 check inter 200ms fall 1 rise 1
    server v42 127.0.0.1:{b} weight 192 check inter 200ms fall 1 rise 1
"""


class Proxy(threading.Thread):
    """Notes each dialogue. `meddle(command)` may say "lose" (the answer: the splitter did it),
    "drop" (the command never arrives), "hold" (neither an answer nor an end until `let_go`), or be
    a function of the answer."""

    def __init__(self, path, real):
        super().__init__(daemon=True)
        self.real, self.log, self.meddle = real, [], None
        self.let_go = threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        self.start()

    def run(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client:
            command = b""
            while not command.endswith(b"\n"):
                piece = client.recv(65536)
                if not piece:
                    break
                command += piece
            if not command:
                return  # somebody changed their mind
            text = command.decode()
            what = self.meddle(text) if self.meddle else None
            if what == "drop":
                self.log.append(text)
                return
            reply = ask(self.real, text)
            self.log.append(text)
            if what == "hold":
                self.let_go.wait(60)
            if what in ("lose", "hold"):
                return
            try:
                client.sendall((what(reply) if callable(what) else reply).encode())
            except OSError:
                pass

    def writes(self):
        """Every command that is no show and no get, in order."""
        return [c.strip() for line in list(self.log) for c in line.split(";")
                if not c.strip().startswith(("show ", "get "))]


def ask(path, command):
    """A dialogue with a runtime API, without driftop."""
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(10)
        s.connect(path)
        s.sendall(command.encode())
        reply = b""
        while piece := s.recv(65536):
            reply += piece
        return reply.decode()


class Traffic(threading.Thread):
    """Requests through the splitter, about a hundred a second."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.over = port, threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(0.008):
            try:
                c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                c.request("GET", "/v2/models/fraud-score/infer")
                c.getresponse().read()
                c.close()
            except (OSError, http.client.HTTPException):
                self.over.wait(0.05)


class Splitter:
    def __init__(self, name, level="admin", traffic=True, store_folder=None):
        if not shutil.which("haproxy"):
            print("no haproxy")
            sys.exit(h.SKIP)
        self.folder = folder = h.folder(name)
        self.registry = w.Registry("fraud-score", ("41", "42"), champion="42")
        self.registry_fake = w.Fake(self.registry)
        self.servers = {v: w.Fake(w.good_server("fraud-score", v)) for v in ("41", "42")}
        port = h.free_port()
        with open(folder + "/haproxy.cfg", "w", encoding="utf-8") as f:
            f.write(CONFIG.format(dir=folder, level=level, port=port, a=self.servers["41"].port,
                                  b=self.servers["42"].port))
        self.process = h.start(["haproxy", "-db", "-q", "-f", folder + "/haproxy.cfg"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        h.wait_for("HAProxy", lambda: os.path.exists(folder + "/direct.sock") and
                   os.path.exists(folder + "/real.sock"))
        self.proxy = Proxy(folder + "/admin.sock", folder + "/real.sock")
        if traffic:
            self.traffic = Traffic(port)
        self.recorder = w.Recorder(folder, self.config(), start=False)
        if store_folder:
            self.move_store(store_folder)

    def move_store(self, folder):
        with open(self.recorder.config, encoding="utf-8") as f:
            text = f.read().replace(self.recorder.store, folder + "/driftop.db")
        with open(self.recorder.config, "w", encoding="utf-8") as f:
            f.write(text)
        self.recorder.store = folder + "/driftop.db"

    def config(self):
        versions = "".join(
            f'      "{v}": {{servers: [{{type: open-inference, url: "{s.url}", '
            f'metrics: "{s.url}/metrics"}}]}}\n' for v, s in self.servers.items())
        return (f'registries:\n  main: {{type: mlflow, url: "{self.registry_fake.url}"}}\n'
                f"deployments:\n  - name: fraud-score\n"
                f"    registry: {{use: main, champion: champion}}\n"
                f"    traffic: {{type: haproxy, sockets: [{self.folder}/admin.sock]}}\n"
                f"    versions:\n{versions}")

    def weights(self):
        """As HAProxy itself says."""
        rows = ask(self.folder + "/direct.sock", "show servers state fraud-score\n").splitlines()
        return {r.split()[3]: int(r.split()[7]) for r in rows[2:] if r.strip()}

    def set_weight(self, target, weight):
        ask(self.folder + "/direct.sock", f"set weight fraud-score/{target} {weight}\n")

    def champion(self):
        return self.registry.aliases["champion"]

    def run(self, *args, check=None):
        return h.driftop(self.recorder.config, *args, check=check)

    def act(self, *args, status=0):
        """A command that acts, with --yes and as JSON."""
        code, out, err = self.run(*args, "--yes", "--json", "--reason", "a test")
        h.expect(f"driftop {' '.join(args)} ({out}{err})", code, status)
        return json.loads(out) if out.strip() else err

    def begin(self, *args):
        """The same in the background."""
        return h.start([h.DRIFTOP, "-c", self.recorder.config, *args, "--yes", "--json"],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def record(self):
        """A recorder beside it, until the store knows both versions."""
        self.recorder.start()
        def known():
            self.recorder.alive()
            return len(h.query(self.recorder.store, "select 1 from version where has <> 0")) == 2
        h.wait_for("the recorder to know both versions", known)

    def audit(self):
        return h.driftop_json(self.recorder.config, "audit")["acts"]

    def untouched(self):
        h.expect("weights", self.weights(), {"v41": 64, "v42": 192})
        h.expect("champion", self.champion(), "42")
        h.expect("writes to the registry", self.registry.writes, [])
