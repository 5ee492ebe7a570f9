# SPDX-License-Identifier: GPL-3.0-or-later
"""What the check-* tools share: finding C files, and reading them without a compiler."""
import os
import re
import sys


def tree_from_arguments():
    """The tree to check: the first argument, or the one this script stands in."""
    if len(sys.argv) > 1:
        return sys.argv[1]
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def files(tree, folders, suffixes):
    """(path from the tree's root, content) of each file below the folders, in order."""
    for folder in folders:
        for where, below, names in os.walk(os.path.join(tree, folder)):
            below.sort()
            for name in sorted(names):
                path = os.path.join(where, name)
                if name.endswith(suffixes) and os.path.isfile(path):
                    with open(path, encoding="utf-8", errors="replace") as file:
                        yield os.path.relpath(path, tree), file.read()


TOKENS = re.compile(
    r"""//(?:\\\n|[^\n])* | /\*.*?\*/ | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
    re.DOTALL | re.VERBOSE)


def blank(text):
    """The text with comments, strings and characters turned into blanks, each line where it was."""
    def spaces(match):
        return re.sub(r"[^\n]", " ", match.group())
    return TOKENS.sub(spaces, text)


def without_directives(text):
    """The same with the preprocessor's lines blanked. Of #if ... #else ... #endif only the first part
    stays, so that braces match."""
    lines, hidden, continued = [], [], False
    for line in text.split("\n"):
        directive = re.match(r"\s*#\s*(\w+)", line)
        if directive and not continued:
            word = directive.group(1)
            if word in ("if", "ifdef", "ifndef"):
                hidden.append(False)
            elif word in ("else", "elif") and hidden:
                hidden[-1] = True
            elif word == "endif" and hidden:
                hidden.pop()
        dropped = directive or continued or any(hidden)
        continued = bool(directive or continued) and line.endswith("\\")
        lines.append("" if dropped else line)
    return "\n".join(lines)


def finish(problems):
    """Print "file:line: what" for each and end with the status for make."""
    for path, line, what in sorted(problems):
        print(f"{path}:{line}: {what}")
    sys.exit(1 if problems else 0)
