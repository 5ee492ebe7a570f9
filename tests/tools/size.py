# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/check-size sees what is too long, too branched, or writable."""
import os
import shutil
import subprocess

from broken_tree import Tree, fails, passes

TOOL = "check-size"


def function(lines):
    """A function of that many lines, the two with braces and the one with its name included."""
    return "/* why */\nint f(int x)\n{\n" + "    x++;\n" * (lines - 3) + "}\n"


def branches(n):
    """A cyclomatic complexity of n, from every kind of branch."""
    kinds = ["if (x && y) x++;\n", "while (x || y) x--;\n", "for (;;) x = y ? 1 : 2;\n",
             "switch (x) { case 1: case 2: default: break; }\n"]
    text = "".join(kinds[i % 4] for i in range((n - 1) // 2)) + "if (x) y++;\n" * ((n - 1) % 2)
    return 'static int f(int x, int y)\n{\n' + text + 'return "if (a && b)"[x]; /* if */\n}\n'


passes(TOOL)
passes(TOOL, "src/base/map.c", function(80))
passes(TOOL, "src/base/map.c", branches(15))
passes(TOOL, "src/base/map.c", "static const int t[] = {\n" + "    1,\n" * 500 + "};\n")
passes(TOOL, "src/base/map.c", "\n" * 600)
passes(TOOL, "include/driftop/base/a.h",
       "int f(int);\n" * 12 + "typedef int (*g)(int);\nstruct s {\n    int (*h)(int);\n};\n"
       "_Static_assert(sizeof(int) == 4, \"\");\n#define M(x) f(x);\n"
       "static inline int i(int x)\n{\n    return f(x);\n}\nextern const struct s all;\n")
passes(TOOL, "tests/unit/base/map.c", function(200))

fails(TOOL, "src/base/map.c", function(81), 2, "81 lines")
fails(TOOL, "src/base/map.c", "\n" * 30 + function(81), 32, "81 lines")
fails(TOOL, "src/base/map.c", branches(16), 1, "complexity of 16")
fails(TOOL, "src/base/map.c", "#if A\nint f(void) {\n#else\nint g(void) {\n#endif\n}\n" + function(90), 8,
      "90 lines")
fails(TOOL, "src/base/map.c", "int f(void) {\n", 1, "braces")
fails(TOOL, "src/base/map.c", "\n" * 601, 601, "601 lines")
fails(TOOL, "tests/unit/base/map.c", "\n" * 601, 601, "601 lines")
fails(TOOL, "src/adapt/server/oip.c", "\n" * 351, 351, "351 lines")
fails(TOOL, "src/view/fleet.c", "\n" * 351, 351, "351 lines")
fails(TOOL, "src/cmd/ls.c", "\n" * 151, 151, "151 lines")
fails(TOOL, "include/driftop/base/a.h", "\n" * 121, 121, "121 lines")
fails(TOOL, "include/driftop/base/a.h",
      "struct s {\n    int x;\n};\n" + "int f(struct s *a,\n      int b) __attribute__((pure));\n" * 13, 1,
      "13 prototypes")
fails(TOOL, "src/base/a_private.h", "int f(void);\n" * 13, 1, "13 prototypes")


def compiled(source, *flags, path="src/base/map.c"):
    """What the tool says of the object made of this source; None when it is content."""
    compiler = os.environ.get("CC") or shutil.which("gcc") or shutil.which("clang") or "cc"
    with Tree() as tree:
        tree.put(path, source)
        build = os.path.join(tree.folder, "build")
        target = os.path.join(build, path[:-2] + ".o")
        os.makedirs(os.path.dirname(target))
        subprocess.run([*compiler.split(), *flags, "-fPIE", "-c", os.path.join(tree.folder, path), "-o", target],
                       check=True)
        status, output = tree.run(TOOL, build)
        assert status in (0, 1), output
        return output if status else None


CONSTANTS = ("struct s { const char *name; int (*f)(void); };\nstatic int f(void) { return 1; }\n"
             "extern const struct s table[];\nconst struct s table[] = {{\"a\", f}};\n"
             "const char *name(int i) { static const char *const names[] = {\"x\", \"y\"};"
             " return names[i]; }\n")
COUNTER = "\nint next(void)\n{\n    static int counter;\n    return ++counter;\n}\n"

for flags in (["-O0"], ["-O2", "-g"], ["-O1", "-fsanitize=address,undefined"]):
    assert compiled(CONSTANTS, *flags) is None, flags
    assert "src/base/map.c:4: counter is a writable" in (compiled(COUNTER, *flags) or ""), flags
    assert "src/base/map.c:1: total is a writable" in (compiled("int total = 3;\n", *flags) or ""), flags
    assert "names is a writable" in (compiled("const char *names[] = {\"a\"};\n", *flags) or ""), flags
assert compiled(COUNTER, "-O2", path="src/base/log.c") is None
