# SPDX-License-Identifier: GPL-3.0-or-later
"""The real peers: MLflow, two MLServers, HAProxy; and how they are asked directly, past driftop."""
import json
import os
import re
import socket
import time
import urllib.error
import urllib.parse
import urllib.request

from processes import Died, Failure, free_port, say, wait_for

NAME = "housing"
START_SECONDS = 90  # a cold start of Python on a busy machine


def fetch(url, body=None, seconds=5):
    """(status, text) of one request that no proxy may take."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(),
                                     {} if body is None else {"Content-Type": "application/json"})
    try:
        with opener.open(request, timeout=seconds) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode(errors="replace")
    except OSError as e:
        raise Failure(f"{url}: {e}") from e


def started(processes, name, make, ready):
    """A server on fresh ports, asked until it is ready; other ports when it could not bind them."""
    for attempt in (1, 2, 3):
        began = time.monotonic()
        server, process = make()

        def is_ready():
            process.must_live()
            return ready(server)

        try:
            wait_for(f"{name} to be ready", START_SECONDS, is_ready, 0.2)
        except Died as e:
            if attempt == 3 or not re.search("in use|Failed to bind", str(e)):
                raise Failure(str(e)) from e
            processes.stop(process)
            continue
        server.process, server.seconds = process, time.monotonic() - began
        return server
    return None


class MLflow:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path, **arguments):
        url = f"{self.url}/api/2.0/mlflow/{path}?{urllib.parse.urlencode(arguments)}"
        status, text = fetch(url)
        if status != 200:
            raise Failure(f"{url} answers {status}: {text[:200]}")
        return json.loads(text)

    def alias(self, alias="champion"):
        """The version that the alias names, asked over REST."""
        return self.ask("registered-models/alias", name=NAME, alias=alias)["model_version"]["version"]


def start_mlflow(processes, venv, folder):
    def make():
        port = free_port()
        argv = [os.path.join(venv, "bin", "mlflow"), "server", "--host", "127.0.0.1", "--port",
                str(port), "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
                "--artifacts-destination", os.path.join(folder, "artifacts")]
        env = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
               # mlflow starts its server by name, which must be the one beside it
               "PATH": os.path.join(venv, "bin") + os.pathsep + os.environ["PATH"]}
        return MLflow(port), processes.start("mlflow", argv, folder, env)

    server = started(processes, "MLflow", make, lambda s: fetch(f"{s.url}/health")[0] == 200)
    say(f"MLflow {fetch(server.url + '/version')[1]} at {server.url}, pid {server.process.pid}, "
        f"ready in {server.seconds:.1f} s (sqlite, local artifacts)")
    return server


def train(processes, venv, data, folder, mlflow):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "train.py")
    env = {"MLFLOW_TRACKING_URI": mlflow.url, "MLFLOW_DISABLE_TELEMETRY": "true",
           "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    python = os.path.join(venv, "bin", "python")
    training = processes.start("train", [python, script, data, folder], folder, env)
    processes.finish(training, 180)
    for line in training.tail(100).splitlines():
        if line.startswith("version"):
            say(f"registered {NAME} {line}")


class MLServer:
    def __init__(self, version, http, grpc, metrics):
        self.version, self.http, self.grpc, self.metrics_port = version, http, grpc, metrics
        self.url = f"http://127.0.0.1:{http}"
        self.metrics = f"http://127.0.0.1:{metrics}/metrics"

    def ready(self):
        return fetch(f"{self.url}/v2/models/{NAME}/ready")[0] == 200


def start_mlserver(processes, venv, folder, version):
    """One MLServer process that serves one version; its folder is its whole configuration."""
    home = os.path.join(folder, f"mlserver-{version}")
    os.mkdir(home)

    def make():
        server = MLServer(version, free_port(), free_port(), free_port())
        settings = {"host": "127.0.0.1", "http_port": server.http, "grpc_port": server.grpc,
                    "metrics_port": server.metrics_port, "parallel_workers": 0, "debug": False}
        model = {"name": NAME, "implementation": "mlserver_sklearn.SKLearnModel",
                 "parameters": {"uri": os.path.join(folder, f"model-{version}.joblib"),
                                "version": version}}
        for name, content in (("settings", settings), ("model-settings", model)):
            with open(os.path.join(home, f"{name}.json"), "w") as file:
                json.dump(content, file)
        return server, processes.start(f"mlserver-{version}",
                                       [os.path.join(venv, "bin", "mlserver"), "start", home], home,
                                       {"OMP_NUM_THREADS": "1"})

    server = started(processes, f"MLServer {version}", make, MLServer.ready)
    say(f"MLServer for version {version}: rest {server.url}, grpc {server.grpc}, metrics "
        f"{server.metrics_port}, pid {server.process.pid}, ready in {server.seconds:.1f} s")
    return server


HAPROXY_CONFIGURATION = """\
global
    nbthread 1
    maxconn 200
    stats socket {socket} mode 600 level admin
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
    option http-keep-alive
frontend {name}
    bind fd@{fd}
    default_backend {name}
backend {name}
    balance roundrobin
    option httpchk GET /v2/models/{name}/ready
    http-response set-header X-Served-By %s
    server v1 127.0.0.1:{v1} weight 25 check inter 2s
    server v2 127.0.0.1:{v2} weight 75 check inter 2s
"""


class HAProxy:
    """The splitter. Its listening socket is made here and handed over, so no port can be lost."""

    def __init__(self, processes, folder, servers):
        self.socket = os.path.join(folder, "haproxy.sock")
        path = os.path.join(folder, "haproxy.cfg")
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(128)
            self.port = listener.getsockname()[1]
            with open(path, "w") as file:
                file.write(HAPROXY_CONFIGURATION.format(
                    socket=self.socket, name=NAME, fd=listener.fileno(),
                    v1=servers["1"].http, v2=servers["2"].http))
            self.process = processes.start("haproxy", [haproxy_program(), "-db", "-f", path], folder,
                                           pass_fds=(listener.fileno(),))

        def both_up():
            self.process.must_live()
            return all(row["status"].startswith("UP") for row in self.stat().values())

        wait_for("HAProxy to see both servers up", 30, both_up)
        version = self.ask("show info").split("Version: ")[1].split()[0]
        say(f"HAProxy {version} at http://127.0.0.1:{self.port}, runtime API {self.socket}, "
            f"pid {self.process.pid}")

    def ask(self, command):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(self.socket)
                connection.sendall(command.encode() + b"\n")
                return b"".join(iter(lambda: connection.recv(65536), b"")).decode()
            except OSError as e:
                raise Failure(f"{self.socket}: {e}") from e

    def stat(self):
        """{server: its row of `show stat`} of the backend."""
        lines = self.ask("show stat").lstrip("# ").splitlines()
        names = lines[0].split(",")
        rows = [dict(zip(names, line.split(","))) for line in lines[1:] if line]
        found = {r["svname"]: r for r in rows if r["pxname"] == NAME and r["svname"] in ("v1", "v2")}
        if len(found) != 2:
            raise Failure(f"show stat names {sorted(found)}")
        return found

    def shares(self):
        """({"1": share, "2": share} from `show servers state`, {"1": requests so far, ...})."""
        lines = self.ask(f"show servers state {NAME}").splitlines()
        names = lines[1].lstrip("# ").split()
        weights = {}
        for line in lines[2:]:
            if line.strip():
                row = dict(zip(names, line.split()))
                weights[row["srv_name"].lstrip("v")] = int(row["srv_uweight"])
        total = sum(weights.values())
        if not total:
            raise Failure(f"no weights in {lines}")
        requests = {name.lstrip("v"): int(row["hrsp_2xx"]) for name, row in self.stat().items()}
        return {version: weight / total for version, weight in weights.items()}, requests


def haproxy_program():
    # Debian installs it in a folder that is not on everybody's PATH.
    return next((p for p in ("/usr/sbin/haproxy", "/usr/local/sbin/haproxy") if os.path.exists(p)),
                "haproxy")
