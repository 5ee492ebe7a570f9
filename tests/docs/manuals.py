# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages are roff without a warning, and name every command; the completion is bash."""
import glob
import os
import re
import shutil
import subprocess
import sys

BUILD = os.environ.get("builddir", "build")
DRIFTOP = os.path.join(BUILD, "driftop")


def output_of(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def check_page(path):
    run = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-Z", path], check=False,
                         capture_output=True, text=True)
    assert run.returncode == 0 and not run.stderr, f"{path}: {run.stderr}"


def main():
    pages = sorted(glob.glob(os.path.join(BUILD, "docs", "driftop*.[0-9]")))
    assert len(pages) == 4, pages
    if shutil.which("groff"):
        for page in pages:
            check_page(page)
    help_text = output_of(DRIFTOP, "--help")
    commands = re.findall(r"^  (\w+) ", help_text.split("Options:")[0], re.MULTILINE)
    program = output_of(DRIFTOP, "document", "markdown", "driftop")
    missing = [name for name in commands if f"\n### {name}" not in program]
    assert commands and not missing, missing
    completion = output_of(DRIFTOP, "completion", "bash")
    if shutil.which("bash"):
        script = completion + "COMP_WORDS=(driftop con); COMP_CWORD=1; _driftop; echo ${COMPREPLY[@]}"
        assert "config" in output_of("bash", "-c", script).split()
    sys.exit(0)


main()
