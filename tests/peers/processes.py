# SPDX-License-Identifier: GPL-3.0-or-later
"""What every part of the journey stands on: lines for the reader, bounded waits, ports, processes.

Whatever is started here is the leader of its own process group, writes to its own file under LOGS,
and is ended by that group's number: nothing is ever looked up by name.
"""
import os
import signal
import socket
import subprocess
import time

BEGAN = time.monotonic()


class Failure(Exception):
    """An expectation that did not hold, said so that a reader knows what was seen instead."""


def say(text):
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {text}", flush=True)


def expect(holds, text, seen=""):
    if not holds:
        raise Failure(f"expected: {text}" + (f"; seen: {seen}" if seen != "" else ""))
    say(f"ok: {text}")


def wait_for(what, seconds, probe, every=0.1):
    """Asks until probe() is true, and returns what it said.

    A probe may raise Failure to say what it still misses; the last such word ends up in the error.
    """
    end, missing = time.monotonic() + seconds, "nothing"
    while time.monotonic() < end:
        try:
            answer = probe()
            if answer:
                return answer
        except Failure as e:
            missing = e
        time.sleep(every)
    raise Failure(f"waited {seconds} s for {what}; last seen: {missing}")


def free_port():
    """A port that the kernel says nobody has. Somebody may take it before the server does, so
    whoever starts a server on one is ready to start it again on another."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    def __init__(self, name, popen, log):
        self.name, self.popen, self.log = name, popen, log

    @property
    def pid(self):
        return self.popen.pid

    def tail(self, lines=15):
        with open(self.log, errors="replace") as file:
            return "".join(file.readlines()[-lines:])

    def must_live(self):
        if self.popen.poll() is not None:
            raise Died(f"{self.name} ended with status {self.popen.returncode}; {self.log} ends:\n"
                       f"{self.tail()}")

    def stop(self, seconds=8):
        """TERM to the group, and KILL to what of it is left when the leader is gone or time is up."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.popen.pid, number)
            except ProcessLookupError:
                break
            try:
                self.popen.wait(seconds)
            except subprocess.TimeoutExpired:
                say(f"{self.name} did not end within {seconds} s")


class Died(Exception):
    """A process that should run has ended: no use in waiting for it any longer."""


class Processes:
    def __init__(self, logs):
        self.logs, self.running = logs, []

    def start(self, name, argv, cwd, env=None, pass_fds=()):
        log = os.path.join(self.logs, f"{name}.log")
        with open(log, "ab") as file:
            popen = subprocess.Popen(argv, cwd=cwd, env={**os.environ, **(env or {})},
                                     stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                                     start_new_session=True, pass_fds=pass_fds)
        process = Process(name, popen, log)
        self.running.append(process)
        return process

    def finish(self, process, seconds):
        """Waits for the end of what does not run for ever; Failure unless it ends well."""
        wait_for(f"{process.name} to end", seconds, lambda: process.popen.poll() is not None, 0.2)
        self.running.remove(process)
        if process.popen.returncode != 0:
            raise Failure(f"{process.name}: status {process.popen.returncode}; {process.log} ends:\n"
                          f"{process.tail()}")

    def stop(self, process):
        process.stop()
        self.running.remove(process)

    def stop_all(self):
        for process in reversed(self.running):
            process.stop()
        self.running.clear()

