# SPDX-License-Identifier: GPL-3.0-or-later
"""Terminals for the tests: a pseudo-terminal of which every byte is seen, and tmux, which understands
what is drawn."""
import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time

import harness as h


def environment(**changes):
    """Nothing of whoever runs the tests; a home of the test's own."""
    env = {"PATH": os.environ["PATH"], "HOME": h.folder("home"), "TERM": "xterm-256color",
           "LC_ALL": "C.UTF-8"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    env.update(changes)
    return env


class Pty:
    """driftop on a pseudo-terminal. A thread drains it, unless it is paused."""

    def __init__(self, argv, columns=80, lines=24, env=None):
        self.master, self.slave = pty.openpty()
        self.size(columns, lines, tell=False)
        attributes = termios.tcgetattr(self.slave)
        attributes[3] &= ~termios.ECHO  # keys sent before it runs are not for the screen
        termios.tcsetattr(self.slave, termios.TCSANOW, attributes)
        self.process = h.start(argv, stdin=self.slave, stdout=self.slave,
                               stderr=self.slave,
                               env=env or environment(), preexec_fn=self.own_terminal)
        self.bytes, self.flow, self.over = b"", threading.Event(), False
        self.flow.set()
        self.reader = threading.Thread(target=self.drain, daemon=True)
        self.reader.start()

    @staticmethod
    def own_terminal():
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def drain(self):
        while not self.over:
            self.flow.wait()
            if not select.select([self.master], [], [], 0.05)[0]:
                continue
            try:
                self.bytes += os.read(self.master, 65536)
            except OSError:
                return

    def send(self, keys):
        """All of it, or as much as somebody is there to read."""
        data = keys.encode() if isinstance(keys, str) else keys
        end = time.monotonic() + 20
        while data and self.process.poll() is None:
            if select.select([], [self.master], [], 0.1)[1]:
                data = data[os.write(self.master, data[:256]):]
            elif time.monotonic() > end:
                raise SystemExit("it does not read its keys")

    def taken(self):
        """Every key was read."""
        def none_left():
            left = fcntl.ioctl(self.slave, termios.FIONREAD, b"\0" * 4)
            return self.process.poll() is not None or left == b"\0" * 4
        h.wait_for("the keys to be read", none_left)

    def escape(self):
        """The key Esc: with something right behind it, it would be another key."""
        self.send("\x1b")
        began = time.monotonic()
        h.wait_for("longer than ESCDELAY", lambda: time.monotonic() - began > 0.04)

    def size(self, columns, lines, tell=True):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        if tell:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGWINCH)

    def text(self, since=0):
        """What was drawn, without the sequences that place it."""
        shown = self.bytes[since:].decode("utf-8", "replace")
        return re.sub(r"\x1b(\[[0-9;?<=>!]*[@-~]|[()][0-9A-Za-z]|\][^\x07]*\x07|[=>78cMHDE])",
                      " ", shown)

    def wait_text(self, word, since=0, timeout=10):
        def look():
            self.alive()
            return word in self.text(since)
        try:
            h.wait_for(f"{word!r} on the screen", look, timeout)
        except SystemExit as e:
            raise SystemExit(f"{e}\n{self.text(since)[-3000:]}") from None

    def alive(self):
        if self.process.poll() is not None:
            raise SystemExit(f"driftop ended with {self.process.returncode}: {self.text()[-500:]}")

    def close(self):
        """The terminal goes. Its reader first: the number of a closed file is soon another's."""
        self.over = True
        self.flow.set()
        self.reader.join()
        os.close(self.slave)
        os.close(self.master)

    def end(self, keys="q", status=0):
        self.send(keys)
        h.expect("exit status", self.process.wait(10), status)


class Tmux:
    """A real terminal of 80x24 in which a shell runs."""

    def __init__(self, name, env=None, columns=80, lines=24):
        if not shutil.which("tmux"):
            print("no tmux")
            sys.exit(h.SKIP)
        self.socket = h.folder("tmux") + "/" + name
        env = env or environment()
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines),
                  "env", "-i", *[f"{k}={v}" for k, v in env.items() if k != "TERM"],
                  "TERM=screen", "PS1=shell: ", "bash", "--norc", "--noprofile")
        self.wait("shell:")

    def tmux(self, *args):
        env = {k: v for k, v in os.environ.items() if k != "TMUX"}
        return subprocess.run(["tmux", "-u", "-S", self.socket, *args], capture_output=True,
                              text=True, check=False, timeout=20, env=env).stdout

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def keys(self, *keys):
        """Names as tmux knows them ("Enter", "Escape", "C-z"), or characters."""
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def wait(self, word, timeout=20):
        def look():
            screen = self.screen()
            return screen if (word(screen) if callable(word) else word in screen) else None
        try:
            return h.wait_for(f"{word!r} on the screen", look, timeout)
        except SystemExit as e:
            raise SystemExit(f"{e}\n{self.screen()}") from None

    def run(self, *words):
        self.type(" ".join(words))
        self.keys("Enter")

    def end(self):
        self.tmux("kill-server")
