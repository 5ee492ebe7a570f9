# SPDX-License-Identifier: GPL-3.0-or-later
"""bootstrap in a tree of its own, with programs that only note that they were called: what is missing
is installed and what cannot be is named; a second build calls nobody; an old result is no result."""
import os
import shutil
import subprocess
import tempfile

TOP = os.environ.get("srcdir", ".")

# Each notes its own name first. "missing" and "broken" are files that a test makes.
NOTE = '#!/bin/sh\necho "${0##*/} $*" >>"$FAKE/calls"\n'
FAKES = {
    "dpkg-query": 'for p; do :; done\ngrep -qx "$p" "$FAKE/missing" || echo "install ok installed"',
    "apt-get": 'for p; do :; done\ngrep -qx "$p" "$FAKE/broken" || exit 0\n'
               'echo "E: no $p here"; exit 100',
    "autoreconf": 'cp "$FAKE/configure" configure',
    "configure": 'echo "CMOCKA_LIBS = -lcmocka" >Makefile',
    "make": 'case "$*" in\n*" check") cat "$FAKE/check"; sh "$FAKE/tests";;\n'
            '*) touch build/driftop; chmod +x build/driftop;;\nesac',
    "id": "cat \"$FAKE/user\"",
    "sudo": '"$@"',
}


class Tree:
    def __init__(self, user="0", sudo=True):
        self.folder = tempfile.mkdtemp(prefix="driftop-bootstrap-")
        self.fake = self.folder + "/fake"
        os.makedirs(self.fake + "/bin")
        for name in ("src", "include", "themes", "conf", "docs"):
            os.mkdir(f"{self.folder}/{name}")
        for name in ("configure.ac", "Makefile.am"):
            self.put("../" + name, "")
        shutil.copy(os.path.join(TOP, "bootstrap"), self.folder)
        for name, body in FAKES.items():
            if name != "sudo" or sudo:
                path = "configure" if name == "configure" else "bin/" + name
                self.put(path, NOTE + body + "\n")
                os.chmod(f"{self.fake}/{path}", 0o755)
        for tool in ("sh", "grep", "sed", "awk", "cat", "tail", "head", "find", "touch", "mkdir",
                     "dirname", "nproc", "rm", "cp", "chmod", "env"):
            os.symlink(shutil.which(tool), f"{self.fake}/bin/{tool}")
        self.put("user", user + "\n")
        for name in ("missing", "broken", "check", "tests", "calls"):
            self.put(name, "")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def put(self, name, text):
        with open(f"{self.fake}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, word):
        """(exit status, all it said, the programs it called)"""
        self.put("calls", "")
        done = subprocess.run(["./bootstrap", word], cwd=self.folder, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={"PATH": self.fake + "/bin", "FAKE": self.fake})
        with open(self.fake + "/calls", encoding="utf-8") as file:
            return done.returncode, done.stdout, file.read()


def installs():
    with Tree() as tree:
        tree.put("missing", "libgsl-dev\n")
        status, said, calls = tree.run("build")
        assert status == 0, said
        for wanted in ("apt-get install -y -qq --no-install-recommends libgsl-dev", "autoreconf",
                       "configure", "make"):
            assert wanted in calls, f"{wanted!r} was not called: {calls}"
        assert tree.run("build") == (0, "", ""), "the second build called somebody"
        os.utime(tree.folder + "/src", (4e9, 4e9))
        assert "make" in tree.run("build")[2], "a newer source called nobody"


def asks_sudo():
    with Tree(user="1000") as tree:
        tree.put("missing", "libgsl-dev\n")
        status, said, calls = tree.run("build")
        assert status == 0 and "sudo env DEBIAN_FRONTEND" in calls, said + calls


def cannot_install():
    for user, sudo, words in (("0", True, "no libgsl-dev here"), ("1000", False, "root, or sudo")):
        with Tree(user, sudo) as tree:
            tree.put("missing", "libgsl-dev\nlibuv1-dev\n")
            tree.put("broken", "libgsl-dev\n")
            status, said, calls = tree.run("build")
            assert status == 1 and words in said, f"exit {status}: {said}"
            assert "libgsl-dev" in said.splitlines()[-1], said
            assert "\nmake" not in calls and "autoreconf -" not in calls, calls


def results():
    """The closing line, and the exit status; and that a build which failed shows no older result."""
    with Tree() as tree:
        write = 'printf "# TOTAL: %s\\n# PASS:  %s\\n# SKIP:  %s\\n# XFAIL: 0\\n# FAIL:  %s\\n' \
                '# XPASS: 0\\n# ERROR: 0\\n" {} >build/test-suite.log\nexit {}\n'
        for numbers, make, wanted, last in (("3 3 0 0", 0, 0, "3 passed, 0 failed"),
                                            ("3 2 1 0", 0, 0, "2 passed, 0 failed, 1 skipped"),
                                            ("3 2 0 1", 2, 1, "2 passed, 1 failed")):
            tree.put("tests", write.format(numbers, make))
            status, said, _ = tree.run("check")
            assert (status, said.splitlines()[-1]) == (wanted, last), f"exit {status}: {said}"
        tree.put("check", "x.c:1: error: no test was even built\n")
        tree.put("tests", "exit 2\n")
        status, said, _ = tree.run("check")
        assert status == 1 and "no test was even built" in said, f"exit {status}: {said}"
        assert said.splitlines()[-1] == "0 passed, 1 failed", said


installs()
asks_sudo()
cannot_install()
results()
