#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What docs/ADDING-AN-ADAPTER.md promises: its skeleton, copied to one file, with its row and its
line, builds; `driftop --help` names it and `config check` knows its options."""
import os
import re
import shutil
import subprocess

import harness as h

SOURCE = os.path.abspath(os.environ.get("srcdir", "."))
CONFIG = """
environment: skeleton
store: {{path: {dir}/s.db}}
deployments:
  - name: scorer
    versions:
      "1": {{servers: [{{type: {type}, url: "http://127.0.0.1:1"{more}}}]}}
"""


def edit(path, pattern, replacement):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    changed, n = re.subn(pattern, replacement, text, count=1, flags=re.S)
    if n != 1:
        raise SystemExit(f"{path}: the place for the new row is gone")
    with open(path, "w", encoding="utf-8") as f:
        f.write(changed)


def copy_tree(folder):
    """Sources and the finished build, so that only what the new adapter touches is compiled."""
    build = os.path.abspath(h.BUILD)
    if os.path.dirname(build) != SOURCE or not os.access(SOURCE, os.W_OK):
        print("the build folder is not inside a writable source folder")
        raise SystemExit(h.SKIP)
    name = os.path.basename(build)
    tree = folder + "/tree"
    shutil.copytree(SOURCE, tree, symlinks=True,
                    ignore=lambda d, names: [n for n in names if d == SOURCE and
                                             (n == ".git" or n.startswith("build"))
                                             and n != "build-aux"])
    shutil.copytree(build, f"{tree}/{name}", symlinks=True,
                    ignore=shutil.ignore_patterns("unit", "peers", "e2e", "*.log", "*.trs"))
    return tree, f"{tree}/{name}"


def test():
    folder = h.folder("skeleton")
    tree, build = copy_tree(folder)
    with open(SOURCE + "/docs/ADDING-AN-ADAPTER.md", encoding="utf-8") as f:
        skeleton = re.search(r"^```c\n(.*?)^```$", f.read(), re.S | re.M).group(1)
    with open(tree + "/src/adapt/server/skeleton.c", "w", encoding="utf-8") as f:
        f.write(skeleton)
    name = re.search(r'\.name = "([a-z-]+)",\s*\.help', skeleton.split("struct adapter", 1)[1]).group(1)
    edit(tree + "/src/adapt/lists.c", r"X\(adapter_open_inference\)",
         "X(adapter_open_inference) X(adapter_skeleton)")
    edit(tree + "/src/adapt/local.mk", r"libdriftop_a_SOURCES \+= \\\n",
         "libdriftop_a_SOURCES += \\\n\tsrc/adapt/server/skeleton.c \\\n")
    made = subprocess.run(["make", "-C", build, "driftop"], capture_output=True, text=True,
                          timeout=300)
    if made.returncode:
        raise SystemExit(made.stdout[-3000:] + made.stderr[-3000:])
    h.DRIFTOP = build + "/driftop"
    if name not in h.driftop("/nonexistent", "--help", check=0)[1]:
        raise SystemExit(f"--help does not name {name}")
    config = folder + "/driftop.yaml"
    with open(config, "w", encoding="utf-8") as f:
        f.write(CONFIG.format(dir=folder, type=name, more=""))
    h.driftop(config, "config", "check", check=0)
    with open(config, "w", encoding="utf-8") as f:
        f.write(CONFIG.format(dir=folder, type=name, more=", urk: 1"))
    if "urk" not in h.driftop(config, "config", "check", check=78)[2]:
        raise SystemExit("config check does not name the unknown option")
    print(f"the documented skeleton builds and {name} is known")


h.main(test)
