#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's fleet from outside: its endpoints, traffic that follows the weights, rows, its end."""
import http.client
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

import harness as h

FLEET = os.path.join(h.BUILD, "driftop-fleet")
SPEED = 8  # eta-eu 8 dies after 7.5 seconds


def check(condition, what):
    if not condition:
        sys.exit(f"not so: {what}")


def gone(pid):
    """Ended; a zombie has ended too."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def start(folder, *more):
    fleet = h.start([FLEET, "--state", folder, "--speed", str(SPEED), *more])
    path = os.path.join(folder, "fleet.json")
    h.wait_for("fleet.json is there", lambda: os.path.exists(path) or fleet.poll() is not None)
    check(fleet.poll() is None, "the fleet started")
    with open(path) as manifest:
        return fleet, json.load(manifest)


def ask(url, method="GET", body=None, headers=None):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    path = parts.path + ("?" + parts.query if parts.query else "")
    connection.request(method, path, body, headers or {})
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, text


def say(manifest, command, half_close=True):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(manifest["splitter"])
        s.sendall(command.encode() + b"\n")
        if half_close:
            s.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: s.recv(65536), b"")).decode()


def stats(manifest, backend):
    lines = say(manifest, f"show stat {backend} 4 -1").splitlines()
    names = lines[0][2:].split(",")
    rows = [dict(zip(names, line.split(","))) for line in lines[1:] if line]
    return {row["svname"]: row for row in rows}


def counters(server):
    """What the metrics page counts: successes, failures and requests of the histogram."""
    status, page = ask(server["metrics"])
    check(status == 200, "there is a metrics page")
    values = {line.split("{")[0]: float(line.split()[-1])
              for line in page.splitlines() if not line.startswith("#")}
    return (values["model_infer_request_success_total"],
            values["model_infer_request_failure_total"],
            values["model_infer_request_duration_seconds_count"])


def check_servers(manifest):
    check(len(manifest["servers"]) == 24, "12 deployments, two versions each")
    for name, server in manifest["servers"].items():
        model, version = name.split("/")
        url = server["url"] + "/v2"
        for path in ("/health/live", "/health/ready", f"/models/{model}/ready",
                     f"/models/{model}/versions/{version}/ready", f"/models/{model}"):
            check(ask(url + path)[0] == 200, f"{name} answers {path}")
        check(ask(url + "/models/nobody/ready")[0] == 404, "there is no such model")
        check(ask(f"{url}/models/{model}/versions/0/ready")[0] == 404, "there is no such version")
        status, text = ask(url + "/repository/index", "POST", "{}")
        check(status == 200 and json.loads(text)[0]["state"] == "READY", f"the index of {name}")
        check(ask(url + "/repository/index", "POST", "")[0] == 422, "an index without a body")
        successes, failures, count = counters(server)
        check(successes + failures == count, "the histogram counts every request")


class Registry:
    def __init__(self, manifest):
        self.url = manifest["registry"] + "/api/2.0/mlflow/"

    def get(self, call, **query):
        status, text = ask(self.url + call + "?" + urllib.parse.urlencode(query))
        return status, json.loads(text)

    def send(self, method, call, body, content_type="application/json"):
        return ask(self.url + call, method, json.dumps(body), {"Content-Type": content_type})

    def champion(self, name):
        model = self.get("registered-models/get", name=name)[1]["registered_model"]
        return {a["alias"]: a["version"] for a in model.get("aliases", [])}.get("champion")


def check_registry(manifest):
    r = Registry(manifest)
    names, token = [], {}
    while token is not None:
        page = r.get("registered-models/search", max_results=5, **token)[1]
        names += [m["name"] for m in page["registered_models"]]
        token = {"page_token": page["next_page_token"]} if "next_page_token" in page else None
    check(len(names) == len(set(names)) == 12, "every model once over all pages")
    status, found = r.get("model-versions/search", filter="name='ltv'")
    check(found["model_versions"][0]["version"] == "6", "newest first")
    check(not any("aliases" in v for v in found["model_versions"]), "searches know no aliases")
    check(r.get("model-versions/search", filter="name='nobody'") == (200, {}), "empty is left out")
    check(r.get("registered-models/get", name="nobody")[0] == 404, "an absent model is 404")
    status, why = r.get("registered-models/alias", name="ltv", alias="nope")
    check(status == 400 and why["message"] == "Registered model alias nope not found.",
          "an absent alias is 400")
    alias = {"name": "ltv", "alias": "champion", "version": "5"}
    check(r.send("POST", "registered-models/alias", {**alias, "version": 5})[0] == 400,
          "a version is a string")
    check(r.send("POST", "registered-models/alias", alias, "text/plain")[0] == 400,
          "the content type matters")
    check(r.send("POST", "registered-models/alias", {**alias, "version": "99"})[0] == 404,
          "no alias for an absent version")
    check(r.champion("ltv") == "6", "nothing has moved so far")
    check(r.send("POST", "registered-models/alias", alias) == (200, "{}"), "an alias moves")
    check(r.champion("ltv") == "5", "it moved")
    aliases = r.get("model-versions/get", name="ltv", version="5")[1]["model_version"]["aliases"]
    check(sorted(aliases) ==
          ["challenger", "champion"], "one version knows its aliases")
    gone_alias = {"name": "ltv", "alias": "champion"}
    check(r.send("DELETE", "registered-models/alias", gone_alias) == (200, "{}"), "deleted")
    check(r.send("DELETE", "registered-models/alias", gone_alias) == (200, "{}"), "deleted again")
    check(r.champion("ltv") is None, "it is gone")


def check_weights(manifest):
    """Traffic goes where the weights say, on both sides of the splitter."""
    name, old, new = "ads-ctr", "v77", "v78"
    h.wait_for("there is traffic", lambda: int(stats(manifest, name)[new]["lbtot"]) > 100)
    check(stats(manifest, name)[old]["lbtot"] == "0", "weight 0 gets nothing")
    check(say(manifest, f"set weight {name}/{old} 100", half_close=False) == "\n", "one is set")
    check(say(manifest, f"set weight {name}/{new} 0") == "\n", "another is set")
    stopped = stats(manifest, name)[new]["lbtot"]
    served = counters(manifest["servers"][f"{name}/78"])
    h.wait_for("the other gets traffic", lambda: int(stats(manifest, name)[old]["lbtot"]) > 100)
    check(stats(manifest, name)[new]["lbtot"] == stopped, "it stopped growing")
    check(counters(manifest["servers"][f"{name}/78"]) == served, "its server got nothing more")
    check(counters(manifest["servers"][f"{name}/77"])[2] > 50, "the other one's did")


class Sink(http.server.BaseHTTPRequestHandler):
    rows, events = [], {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.headers["Ce-Id"]:
            kind = self.headers["Ce-Type"].rpartition(".")[2]
            check(self.headers["Ce-Inferenceservicename"] == "spam", "the service's name")
            self.events.setdefault(self.headers["Ce-Id"], {})[kind] = json.loads(body)
        else:
            self.rows.extend(json.loads(line) for line in body.splitlines())
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def check_sink(manifest):
    port = urllib.parse.urlsplit(manifest["sink"]).port
    sink = http.server.ThreadingHTTPServer(("127.0.0.1", port), Sink)
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    h.wait_for("flat rows come", lambda: len(Sink.rows) > 10)
    check(all(r["deployment"] == "geo-eta" and r["version"] in ("21", "22") for r in Sink.rows),
          "whose rows they are")
    pair = h.wait_for("pairs come", lambda: next(
        (e for e in list(Sink.events.values()) if len(e) == 2), None))
    shapes = {tuple(t["shape"]) for t in pair["request"]["inputs"] + pair["response"]["outputs"]}
    check(len(shapes) == 1, "as many answers as rows")
    check(pair["response"]["model_version"] in ("55", "56"), "the version that answered")
    sink.shutdown()


def check_rows(manifest):
    path = os.path.join(manifest["logs"], "fraud-score.jsonl")
    h.wait_for("there are rows", lambda: os.path.exists(path) and os.path.getsize(path) > 10000)
    with open(path) as log:
        rows = [json.loads(line) for line in log.read().splitlines()[:20]]
    check(all({"ts", "version", "amount", "device_os", "prediction"} <= r.keys() for r in rows),
          "what is in a row")
    check(rows[-1]["ts"][:16] <= time.strftime("%Y-%m-%dT%H:%M", time.gmtime()), "times are now")


def refuses(url):
    try:
        ask(url + "/v2/health/live")
    except ConnectionError:  # refused, or closed while it was dying
        return True
    return False


def check_script(manifest):
    h.wait_for("ci-bot has promoted", lambda: Registry(manifest).champion("fraud-score") == "42")
    check(say(manifest, "get weight fraud-score/v42") == "75 (initial 25)\n\n", "and moved weights")
    bad = manifest["servers"]["fraud-score/42"]
    h.wait_for("42 fails", lambda: counters(bad)[1] > 30)
    h.wait_for("a server is dead", lambda: refuses(manifest["servers"]["eta-eu/8"]["url"]))
    h.wait_for("it gets traffic all the same",
               lambda: int(stats(manifest, "eta-eu")["v8"]["econ"]) > 10)


def check_end(fleet):
    began = time.monotonic()
    fleet.send_signal(signal.SIGTERM)
    check(fleet.wait(5) == 0, "it ends well")
    check(time.monotonic() - began < 2, "it ends at once")


def check_orphan(folder):
    """Whoever started it is killed: it ends by itself."""
    code = ("import subprocess, sys; p = subprocess.Popen(sys.argv[1:]); print(p.pid, flush=True); "
            "p.wait()")
    parent = h.start([sys.executable, "-c", code, FLEET, "--state", folder],
                     stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    h.wait_for("it runs", lambda: os.path.exists(os.path.join(folder, "fleet.json")))
    parent.kill()
    parent.wait()
    h.wait_for("the orphan has ended", lambda: gone(pid))


def main():
    folder = h.folder("fleet")
    fleet, manifest = start(folder)
    check_servers(manifest)
    check_registry(manifest)
    check_weights(manifest)
    check_sink(manifest)
    check_rows(manifest)
    check_script(manifest)
    check_end(fleet)
    check(not os.path.exists(manifest["splitter"]), "its socket is gone")
    os.unlink(os.path.join(folder, "fleet.json"))
    check_orphan(folder)
    for arguments in ([], ["--state"], ["--state", folder, "--speed", "0"], ["--nope"]):
        result = subprocess.run([FLEET, *arguments], stderr=subprocess.DEVNULL)
        check(result.returncode == 64, f"usage is 64: {arguments}")


main()
