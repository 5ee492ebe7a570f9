# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration in README.md loads, and so does the example of all options."""
import os
import re
import subprocess
import sys

TREE, BUILD = os.environ.get("srcdir", "."), os.environ.get("builddir", "build")


def loads(text):
    driftop = os.path.join(BUILD, "driftop")
    run = subprocess.run([driftop, "-c", "-", "config", "check"], input=text, text=True,
                         check=False)
    return run.returncode == 0


def main():
    with open(os.path.join(TREE, "README.md"), encoding="utf-8") as file:
        short = re.search(r"```yaml\n(.*?)```", file.read(), re.DOTALL).group(1)
    with open(os.path.join(TREE, "conf", "driftop.yaml.example"), encoding="utf-8") as file:
        full = file.read()
    sys.exit(0 if loads(short) and loads(full) else 1)


main()
