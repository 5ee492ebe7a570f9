# SPDX-License-Identifier: GPL-3.0-or-later
"""driftop itself: its configuration for this world, its recorder, its commands."""
import json
import os
import subprocess

from processes import Failure, wait_for
from servers import NAME

CONFIGURATION = """\
environment: peers
store: {{path: {folder}/driftop.db}}
poll: {{interval: 1s, connect_timeout: 1s, timeout: 5s}}
registries:
  main: {{type: mlflow, url: "{mlflow}"}}
deployments:
  - name: {name}
    owner: peers
    registry: {{use: main, model: {name}, champion: champion}}
    traffic: {{type: haproxy, sockets: [{socket}], backend: {name}}}
    versions:
      "*": {{target: "v{{version}}"}}
      "1": {{servers: [{{type: open-inference, url: "{v1.url}", metrics: "{v1.metrics}"}}]}}
      "2": {{servers: [{{type: open-inference, url: "{v2.url}", metrics: "{v2.metrics}"}}]}}
    features: {{type: jsonl, path: {folder}/features-*.jsonl, time_field: ts}}
    reference: {{type: csv, path: {folder}/reference.csv}}
"""


class Driftop:
    def __init__(self, program, folder, mlflow, haproxy, servers):
        self.program, self.folder = program, folder
        self.config = os.path.join(folder, "driftop.yaml")
        # Nothing of the caller's own driftop may be read or written.
        self.env = {name: os.path.join(folder, name.lower())
                    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")}
        for path in self.env.values():
            os.mkdir(path, 0o700)
        with open(self.config, "w") as file:
            file.write(CONFIGURATION.format(name=NAME, folder=folder, mlflow=mlflow.url,
                                            socket=haproxy.socket, v1=servers["1"],
                                            v2=servers["2"]))
        os.chmod(self.config, 0o600)

    def argv(self, *words):
        return [self.program, "-c", self.config, *words]

    def run(self, *words, seconds=90):
        """(exit status, standard output, standard error)"""
        try:
            done = subprocess.run(self.argv(*words), env={**os.environ, **self.env}, text=True,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds,
                                  check=False)
        except subprocess.TimeoutExpired as e:
            raise Failure(f"driftop {' '.join(words)}: no end within {seconds} s") from e
        return done.returncode, done.stdout, done.stderr

    def json(self, *words):
        """The object that a command prints; readings may end with 0 to 3."""
        status, out, error = self.run(*words, "--json")
        if status not in (0, 1, 2, 3):
            raise Failure(f"driftop {' '.join(words)}: status {status}: {error.strip()}")
        try:
            return json.loads(out)
        except ValueError as e:
            raise Failure(f"driftop {' '.join(words)}: {e}: {out[:300]}") from e

    def versions(self):
        """{version: its object in `ls --json`}"""
        for deployment in self.json("ls")["deployments"]:
            if deployment["name"] == NAME:
                return {v["version"]: v for v in deployment["versions"]}
        return {}

    def record(self, processes):
        recorder = processes.start("driftop-record", self.argv("record"), self.folder, self.env)

        def reads_the_store():
            recorder.must_live()
            return self.versions()

        wait_for("the recorder's first readings", 20, reads_the_store, 0.3)
        return recorder
