# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/check-format sees a file that is laid out otherwise, and says when it cannot look."""
import os
import shutil
import sys
import tempfile

from broken_tree import Tree, fails, passes

TOOL = "check-format"

# Without clang-format on the PATH it is a skip with a reason, not a pass.
with Tree() as tree, tempfile.TemporaryDirectory() as programs:
    for name in ("sh", "dirname"):
        os.symlink(shutil.which(name), os.path.join(programs, name))
    status, output = tree.run(TOOL, PATH=programs)
    assert status == 77 and "clang-format is not installed" in output, output

if not shutil.which("clang-format"):
    print("skipped: clang-format is not installed")
    sys.exit(77)

passes(TOOL)
for folder in ("src/base", "include/driftop/base", "tests/unit/base"):
    suffix = "h" if folder.startswith("include") else "c"
    fails(TOOL, f"{folder}/map.{suffix}", "int f(void);\nint   g(void);\n", 2, "clang-formatted")
