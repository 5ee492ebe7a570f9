# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents name only what is there: each `function()` is defined, each `path` exists."""
import glob
import os
import re
import sys

TREE = os.environ.get("srcdir", ".")
sys.path.insert(0, os.path.join(TREE, "tools"))
import csource  # noqa: E402

NAME = re.compile(r"`(\w+)\(\)`")
PATH = re.compile(r"`((?:src|include|tools|docs|themes|conf|tests(?=/[^`]*\.))/[\w./-]+)`")
PLACEHOLDER = re.compile(r"/[A-Z]+(/|\.|$)")  # src/LAYER/module.c


def defined():
    """Every name that a line of C at the left margin follows with a parenthesis."""
    names = set()
    for _, text in csource.files(TREE, ["src", "include"], (".c", ".h")):
        for line in csource.blank(text).split("\n"):
            if re.match(r"[A-Za-z#]", line):
                names.update(re.findall(r"\b(\w+)\(", line))
    return names


def main():
    known, problems = defined(), []
    for document in sorted(glob.glob(os.path.join(TREE, "docs", "*.md"))
                           + glob.glob(os.path.join(TREE, "*.md"))):
        where = os.path.relpath(document, TREE)
        with open(document, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                problems += [(where, number, f"there is no function {name}()")
                             for name in NAME.findall(line) if name not in known]
                problems += [(where, number, f"there is no {path}")
                             for path in PATH.findall(line)
                             if not os.path.exists(os.path.join(TREE, path))
                             and not PLACEHOLDER.search(path)]
    csource.finish(problems)


main()
