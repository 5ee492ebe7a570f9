# SPDX-License-Identifier: GPL-3.0-or-later
"""For the tests of tools/check-*: a small sound tree, and a change to it that the tool must see."""
import os
import re
import shutil
import subprocess
import tempfile

TOP = os.environ.get("srcdir", ".")

SOUND = {
    "src/base/str.c": '#include "driftop/base/str.h"\n\n'
                      "int str_add(struct str *s, int c)\n{\n    return s->length += c;\n}\n",
    "include/driftop/base/str.h": "struct str {\n    int length;\n};\n"
                                  "int str_add(struct str *s, int c);\n",
    "src/net/http.c": '#include <curl/curl.h>\n#include "driftop/base/str.h"\n\n'
                      "static const char *const names[] = {\"a\"};\n\n"
                      "const char *http_name(void)\n{\n    return names[0];\n}\n",
    "tests/unit/base/str.c": "int main(void)\n{\n    return 0;\n}\n",
}


class Tree:
    """A copy of the sound tree in a temporary folder."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="driftop-tree-")
        shutil.copy(os.path.join(TOP, ".clang-format"), self.folder)
        for path, text in SOUND.items():
            self.put(path, text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def put(self, path, text):
        path = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, tool, *arguments, **environment):
        """(exit status, what it printed)"""
        done = subprocess.run([os.path.join(TOP, "tools", tool), self.folder, *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              env={**os.environ, "builddir": "", **environment})
        return done.returncode, done.stdout


def passes(tool, path=None, text=""):
    """The sound tree, with this file beside it, is fine."""
    with Tree() as tree:
        if path:
            tree.put(path, text)
        status, output = tree.run(tool)
        assert status == 0, f"{tool} refuses {path}: {output}"


def fails(tool, path, text, line, words):
    """With this file the tool exits 1 and names its line and what is wrong."""
    with Tree() as tree:
        tree.put(path, text)
        status, output = tree.run(tool)
        assert status == 1, f"{tool} takes {path} ({words}), exit {status}: {output}"
        assert re.search(rf"^{re.escape(path)}:{line}:.*{re.escape(words)}", output, re.M), output
