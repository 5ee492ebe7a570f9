# SPDX-License-Identifier: GPL-3.0-or-later
"""tools/check-banned sees banned calls, notes and paths, and nothing in comments and strings."""
from broken_tree import fails, passes

TOOL = "check-banned"


def body(statement):
    return "void f(void)\n{\n    " + statement + "\n}\n"


passes(TOOL)
passes(TOOL, "src/base/map.c", body('g("sprintf(x)"); /* not strcpy() */ // nor atoi(x)'))
passes(TOOL, "src/base/map.c", body("snprintf(b, 3, f); clock_system(); gmtime_r(t, tm); o->system(1);"))
passes(TOOL, "src/base/map.c", body("t->rand(1); operand(2); p.signal(3);"))
passes(TOOL, "tests/unit/base/map.c", body("usleep(1);"))
passes(TOOL, "docs/a.md", "see /workshop and https://a.example/root/x\n")

for call in ("sprintf", "vsprintf", "strcpy", "strcat", "strncpy", "strncat", "strtok", "atoi", "atol",
             "atof", "localtime", "gmtime", "ctime", "asctime", "gets", "alloca", "system", "popen",
             "tmpnam", "mktemp", "sscanf", "fscanf", "rand", "signal"):
    fails(TOOL, "src/base/map.c", body(f"x = {call} (y);"), 3, f"{call}() is banned")
fails(TOOL, "tests/unit/base/map.c", body("strcpy(a, b);"), 3, "strcpy() is banned")
fails(TOOL, "src/base/map.c", body("usleep(1);"), 3, "usleep() is banned")
for note in ("TO" + "DO", "FIX" + "ME", "XX" + "X"):
    fails(TOOL, "src/base/map.c", body(f"/* {note}: later */"), 3, note)
fails(TOOL, "docs/a.md", "\nbuilt in /wo" + "rk/main\n", 2, "one machine")
fails(TOOL, "tests/unit/base/map.c", body('open("/ro' + 'ot/x");'), 3, "one machine")
