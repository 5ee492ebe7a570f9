# SPDX-License-Identifier: GPL-3.0-or-later
"""The layer table of docs/ARCHITECTURE.md is the one that tools/check-layers enforces."""
import importlib.machinery
import importlib.util
import os
import re
import sys

TREE = os.environ.get("srcdir", ".")
sys.path.insert(0, os.path.join(TREE, "tools"))
sys.dont_write_bytecode = True


def enforced():
    loader = importlib.machinery.SourceFileLoader(
        "check_layers", os.path.join(TREE, "tools", "check-layers"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return {layer: set(allowed) - {layer} for layer, allowed in module.MAY_INCLUDE.items()}


def documented():
    with open(os.path.join(TREE, "docs", "ARCHITECTURE.md"), encoding="utf-8") as file:
        section = file.read().split("\n## Layers\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \|[^|]*\| ([^|]*)\|$", section, re.MULTILINE)
    return {layer: set(allowed.split()) for layer, allowed in rows if layer != "folder"}


def main():
    tool, text, differ = enforced(), documented(), False
    for layer in sorted(tool.keys() | text.keys()):
        if tool.get(layer) != text.get(layer):
            differ = True
            print(f"{layer}: check-layers says {sorted(tool.get(layer, []))}, "
                  f"docs/ARCHITECTURE.md {sorted(text.get(layer, []))}")
    sys.exit(1 if differ else 0)


main()
