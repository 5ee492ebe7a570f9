# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/json.md has every member that the JSON writers write, and no schema that is gone."""
import glob
import os
import re
import sys

TREE = os.environ.get("srcdir", ".")
WRITERS = ["src/stats/feature_json.c", "src/query/*.c", "src/compare/*.c", "src/act/plan*.c",
           "src/act/world*.c", "src/cmd/*.c"]
MEMBER = re.compile(r'\b(?:member_\w+|json_put(?:_\w+)?|put_(?:text|real|count|time))\(\s*\w+,\s*"(\w+)"')
INNER = {"driftop.sources.v1"}  # doctor prints it under its own name
SCHEMA = re.compile(r'driftop\.[a-z]+\.v\d+')


def main():
    members, schemas = set(), set()
    for pattern in WRITERS:
        for path in glob.glob(os.path.join(TREE, pattern)):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            members.update(MEMBER.findall(text))
            schemas.update(set(SCHEMA.findall(text)) - INNER)
    with open(os.path.join(TREE, "docs", "json.md"), encoding="utf-8") as file:
        text = file.read()
    missing = sorted(members - set(re.findall(r"`(\w+)`", text)))
    gone, absent = sorted(set(SCHEMA.findall(text)) - schemas), sorted(schemas - set(
        SCHEMA.findall(text)))
    for what, names in (("not in docs/json.md", missing + absent), ("no longer written", gone)):
        if names:
            print(f"{what}: {', '.join(names)}")
    sys.exit(1 if missing or gone or absent else 0)


main()
