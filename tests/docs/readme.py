# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration in README.md loads."""
import os
import re
import subprocess
import sys

TREE, BUILD = os.environ.get("srcdir", "."), os.environ.get("builddir", "build")


def main():
    with open(os.path.join(TREE, "README.md"), encoding="utf-8") as file:
        example = re.search(r"```yaml\n(.*?)```", file.read(), re.DOTALL).group(1)
    driftop = os.path.join(BUILD, "driftop")
    sys.exit(subprocess.run([driftop, "-c", "-", "config", "check"], input=example, text=True,
                            check=False).returncode)


main()
