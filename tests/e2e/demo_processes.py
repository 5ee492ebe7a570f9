# SPDX-License-Identifier: GPL-3.0-or-later
"""Which processes a demo has."""
import glob
import os


def processes(folder):
    """Those that name the folder on their command line."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as f:
                line = f.read()
        except OSError:
            continue
        if os.fsencode(folder) in line:
            found.append(int(path.split("/")[2]))
    return found
