# SPDX-License-Identifier: GPL-3.0-or-later
"""A real terminal of 80x24, held by a tmux server of our own: keys in, text out."""
import os
import re
import shlex
import subprocess

from processes import Failure, say, wait_for

COLUMNS, LINES = 80, 24


class Terminal:
    def __init__(self, processes, folder, argv, env):
        """Starts argv in the terminal. The server stays in the foreground, so it ends with us."""
        self.socket = os.path.join(folder, "tmux.sock")
        self.server = processes.start("tmux", ["tmux", "-S", self.socket, "-f", "/dev/null", "-D"],
                                      folder, {"TMUX": "", "LC_ALL": "C.UTF-8"})
        wait_for("tmux to listen", 10, lambda: self.tmux("set", "-g", "remain-on-exit", "on"))
        words = " ".join(f"{name}={shlex.quote(value)}" for name, value in env.items())
        self.tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES),
                  f"exec env {words} {shlex.join(argv)}")

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-S", self.socket, *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=10, check=False)
        if done.returncode != 0:
            raise Failure(f"tmux {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout or " "

    def press(self, *keys):
        """Keys by tmux's names: R, 1, Enter, Escape."""
        say(f"keys: {' '.join(keys)}")
        self.tmux("send-keys", *keys)

    def screen(self):
        return self.tmux("capture-pane", "-p").rstrip("\n")

    def wait(self, seconds, *patterns):
        """Waits for a screen that holds all the patterns; returns it."""
        def holds():
            screen = self.screen()
            missing = [pattern for pattern in patterns if not re.search(pattern, screen)]
            if missing:
                raise Failure(f"no {missing} on\n{framed(screen)}")
            return screen

        return wait_for(f"{list(patterns)} on the screen", seconds, holds, 0.2)


def framed(screen):
    return "\n".join(f"    |{line:{COLUMNS}}|" for line in screen.split("\n"))


def show(title, screen):
    say(title)
    print(framed(screen), flush=True)
