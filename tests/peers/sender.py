# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the housing rows through the splitter, and writes down what was asked and answered.

The log is what a service in production would write: the features of each request, when it was sent,
which version answered, and what it said.
"""
import collections
import http.client
import json
import threading
import time

from environment import FEATURES
from processes import Failure, say, wait_for
from servers import NAME

ROWS_PER_SECOND = 60  # month 1, 720 rows, takes 12 seconds


class Sender(threading.Thread):
    """Month 1, a halt until go_on(), then month after month, around and around, until stop()."""

    def __init__(self, port, months, log):
        super().__init__(daemon=True)
        self.port, self.months, self.log = port, months, log
        self.answered = collections.Counter()  # {version: rows}
        self.failed, self.failure = 0, None
        self.first_month = {}  # {version: rows of month 1}
        self.first_month_done, self.released = threading.Event(), threading.Event()
        self.ended = threading.Event()
        self.connection = None

    def ask(self, row):
        """(version, prediction) of one V2 inference request; the splitter must name the same."""
        body = {"inputs": [{"name": "predict", "shape": [1, len(row)], "datatype": "FP64",
                            "data": row}],
                "outputs": [{"name": "predict_proba"}]}
        if not self.connection:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self.connection.request("POST", f"/v2/models/{NAME}/infer", json.dumps(body),
                                {"Content-Type": "application/json"})
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise OSError(f"status {reply.status}: {text[:200]}")
        answer = json.loads(text)
        if reply.getheader("X-Served-By") != f"v{answer['model_version']}":
            raise OSError(f"{reply.getheader('X-Served-By')} answered as {answer['model_version']}")
        return answer["model_version"], answer["outputs"][0]["data"][1]

    def send(self, row, file):
        sent = time.time()
        try:
            version, prediction = self.ask(row)
        except (OSError, http.client.HTTPException, ValueError, KeyError) as e:
            self.failed, self.failure = self.failed + 1, e
            if self.connection:
                self.connection.close()
            self.connection = None
            return
        line = {"ts": round(sent, 3), "version": version, "prediction": prediction}
        file.write(json.dumps({**line, **dict(zip(FEATURES, row))}) + "\n")
        file.flush()
        self.answered[version] += 1

    def send_month(self, rows, file):
        """At an even pace. A machine that cannot keep up is slower, it does not hurry afterwards."""
        due = time.monotonic()
        for row in rows:
            if self.ended.wait(max(0, due - time.monotonic())):
                return
            due = max(due, time.monotonic() - 0.5) + 1 / ROWS_PER_SECOND
            self.send(row, file)

    def run(self):
        with open(self.log, "w") as file:
            month, rows = self.months[0]
            began = time.monotonic()
            self.send_month(rows, file)
            self.first_month = dict(self.answered)
            say(f"sent month 1 ({month}): {sum(self.answered.values())} rows in "
                f"{time.monotonic() - began:.1f} s, {counted(self.answered)}")
            self.first_month_done.set()
            self.released.wait()
            while not self.ended.is_set():
                for month, rows in self.months[1:]:
                    self.send_month(rows, file)
                    if self.ended.is_set():
                        break
                    say(f"sent {month}: {sum(self.answered.values())} rows so far")

    def go_on(self):
        self.released.set()

    def stop(self):
        self.ended.set()
        self.released.set()
        if self.is_alive():
            self.join(15)

    def must_answer(self, rows, seconds):
        """Waits until so many more rows were answered: the traffic flows."""
        goal = sum(self.answered.values()) + rows

        def enough():
            if sum(self.answered.values()) < goal:
                raise Failure(f"{counted(self.answered)}, {self.failed} failed: {self.failure}")
            return True

        wait_for(f"{rows} more rows to be answered", seconds, enough)


def counted(rows):
    return ", ".join(f"version {version} {n}" for version, n in sorted(rows.items())) or "none"
