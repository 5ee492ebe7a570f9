# SPDX-License-Identifier: GPL-3.0-or-later
"""`driftop compare`: every number of tests/data/vectors, bad input, memory, segments, periods."""
import fcntl
import json
import os
import pty
import random
import resource
import select
import struct
import subprocess
import termios
import time
import xml.dom.minidom

import harness

DRIFTOP = os.path.abspath(harness.DRIFTOP)
TREE = os.environ.get("srcdir", ".")
FOLDER = harness.folder("compare")


def run(*words, stdin=None):
    """(exit status, stdout, stderr); away from the terminal, so that no progress is drawn."""
    done = subprocess.run([DRIFTOP, "compare", *words], input=stdin, cwd=FOLDER,
                          capture_output=True, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def no_constant(word):
    raise AssertionError("JSON holds " + word)


def report(*words, **kwargs):
    status, out, err = run("--json", *words, **kwargs)
    assert status in (0, 1, 2, 3) and not err, (words, status, err)
    return json.loads(out, parse_constant=no_constant)


def write(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def features(answer):
    return {feature["name"]: feature for feature in answer["features"]}


# The vectors.

def tolerance(key, method):
    if key == "location":
        return 0
    if key in ("p", "log10_p"):
        return 1e-5 if method == "asymptotic" else 1e-6
    return 1e-9


def differences(where, got, want, method=None):
    """Where an answer differs from what is expected, by the README's tolerances."""
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return [f"{where}: {got}"]
        return [line for key, value in want.items() for line in differences(
            f"{where}.{key}", got.get(key, "absent"), value, want.get("method"))]
    if isinstance(want, str) or want is None:
        return [] if got == want else [f"{where}: {got}, expected {want}"]
    key = where.rsplit(".", 1)[-1]
    if key == "p" and want < 1e-290:
        return []
    if not isinstance(got, (int, float)):
        return [f"{where}: {got}, expected {want}"]
    near = abs(got - want) <= max(1e-12, tolerance(key, method) * abs(want))
    return [] if near else [f"{where}: {got}, expected {want}"]


def vector(number, name):
    return os.path.abspath(os.path.join(TREE, "tests", "data", "vectors", f"pair-{number}", name))


def expected(number):
    with open(vector(number, "expected.json"), encoding="utf-8") as file:
        return json.load(file)


def compared(answer, want):
    got = features(answer)
    assert list(got) == list(want["features"])
    lines = []
    for name, feature in want["features"].items():
        lines += differences(name, got[name], feature)
    return lines


def vectors():
    for number in range(1, 5):
        words = ["--categorical", "codes", vector(number, "reference.csv"),
                 vector(number, "current.csv")]
        answer, want = report(*words), expected(number)
        assert answer["schema"] == "driftop.compare.v1" and answer["alpha"] == want["alpha"]
        assert answer["reference"]["rows"] == want["reference_rows"]
        assert answer["current"]["rows"] == want["current_rows"]
        assert answer["verdict"] == want["verdict"]
        assert not compared(answer, want), compared(answer, want)
        assert run(*words)[0] == {"ok": 0, "warn": 1, "page": 2, "unknown": 3}[want["verdict"]]
        for feature in answer["features"]:
            assert sum(c["reference"] for c in feature["cells"]) == want["reference_rows"]
            assert sum(c["current"] for c in feature["cells"]) == want["current_rows"]
            psi = sum(c["psi"] for c in feature["cells"])
            assert abs(psi - feature["psi"]["value"]) < 1e-9, feature["name"]


def breaks_are_noticed():
    want = expected(1)
    swapped = report("--categorical", "codes", vector(1, "current.csv"), vector(1, "reference.csv"))
    swapped["features"].sort(key=lambda f: list(want["features"]).index(f["name"]))
    assert len(compared(swapped, want)) > 100
    with open(vector(1, "current.csv"), encoding="utf-8") as file:
        lines = file.read().split("\n")
    column = lines[0].split(",").index("device")
    cells = lines[7].split(",")
    cells[column] = "ios" if cells[column] != "ios" else "web"
    lines[7] = ",".join(cells)
    one = report("--categorical", "codes", vector(1, "reference.csv"),
                 write("one.csv", "\n".join(lines)))
    told = compared(one, want)
    assert told and all(line.startswith("device.") for line in told), told


# Bad input, and input that only looks bad.

def bad_input():
    good = write("good.csv", "a,b\n1,2\n3,4\n")
    lines = write("good.jsonl", '{"a":1,"b":2}\n')
    cases = [
        ("a,b\n1,2\n3\n", "bad.csv:3:1: a record has 1 cells, the first has 2"),
        ("a,b\n1,2,3\n", "bad.csv:2:1: a record has 3 cells"),
        ("", "bad.csv: the file is empty"),
        ("\n\n", "bad.csv: the file has no header"),
        ("a,b,a\n1,2,3\n", 'bad.csv:1:5: two columns are called "a"'),
        ('a,b\n1,"x\n', "bad.csv:2:3: a quote is never closed"),
        ('a,b\n"1"2,3\n', "bad.csv:2:4: text stands behind a closing quote"),
    ]
    json_cases = [
        ('{"a":1}\n{"a":\n', "bad.jsonl:2:"),
        ('{"a":NaN}\n', "bad.jsonl:1:9: NaN and Infinity are no JSON numbers"),
        ('{"a":1}\n\n{"a":[1]}\n', 'bad.jsonl:3:1: "a" is an object or an array'),
        ('{"a":0x1}\n', "bad.jsonl:1:"),
        ("[1,2]\n", "bad.jsonl:1:1: a line must hold one object"),
        ('{"a":1}\n{"a":1,"b":2,"a":3}\n', 'bad.jsonl:2:1: two members are called "a"'),
        ('{\n"a":1}\n', "bad.jsonl:1:2: not JSON: each line must hold one whole object"),
        ('{"a":1e999}\n', "bad.jsonl:1:6: not a number of JSON, or beyond what a double holds"),
        ("{}\n", "there is no column to compare"),
        ("", "bad.jsonl: the file is empty"),
    ]
    for name, other, list_of in (("bad.csv", good, cases), ("bad.jsonl", lines, json_cases)):
        for text, message in list_of:
            write(name, text)
            for words in ((name, other), (other, name)) if text != "{}\n" else ((name, name),):
                status, out, err = run(*words)
                assert status == 65 and not out, (text, status, out)
                assert err.startswith("driftop: " + message), (text, err)
                assert err.count("\n") == 1, err
    for words, status in [((good, "nope.csv"), 66), ((good,), 64), (("-", "-"), 64),
                          (("--alpha", "0", good, good), 64), (("--alpha", "x", good, good), 64),
                          (("--min-rows", "-1", good, good), 64), ((good, "/"), 65),
                          (("--memory", "1Q", good, good), 64), (("--format", "x", good, good), 64),
                          (("--fail-on", "ok", good, good), 64), (("--by", "z", good, good), 64),
                          (("--columns", "z", good, good), 64), (("--chunk", "1d", good, good), 64),
                          (("--columns", "", good, good), 64), (("--columns", ",", good, good), 64),
                          (("--categorical", "", good, good), 64),
                          (("--columns", "a,", good, good), 0), (("--columns", "a,bb", good, good), 64),
                          (("--chunk", "1d", "--time", "a", good, lines), 0),
                          (("--chunk", "0s", "--time", "a", good, good), 64),
                          (("--delimiter", "ab", good, good), 64), (("--what", good, good), 64)]:
        got = run(*words, "--min-rows", "1")[0] if "--min-rows" not in words else run(*words)[0]
        assert got == status, (words, got)


def odd_input():
    plain = write("plain.csv", "a,b\n" + "".join(f"{i},{'xy'[i % 2]}\n" for i in range(300)))
    odd = write("odd.csv", b"\xef\xbb\xbfa,b\r\n" + b"".join(
        b'"%d","%s"\r\n' % (i, b"xy"[i % 2:i % 2 + 1]) for i in range(300)))
    semi = write("semi.csv", "a;b\n" + "".join(f"{i};{'xy'[i % 2]}\n" for i in range(300)))
    lines = write("same.ndjson", "".join(f'{{"a":{i},"b":"{"xy"[i % 2]}"}}\n' for i in range(300)))
    marked = write("marked.jsonl", b"\xef\xbb\xbf" + open(lines, "rb").read())
    want = report(plain, plain)["features"]
    assert report(plain, marked)["features"] == want
    with open(marked, "rb") as file:
        assert report(plain, "-", stdin=file.read())["features"] == want
    assert report(plain, odd)["features"] == want
    assert report(plain, lines)["features"] == want
    assert report(lines, lines)["features"] == want
    assert report("--delimiter", ";", semi, semi)["features"] == want
    with open(plain, "rb") as file:
        assert report("-", plain, stdin=file.read())["features"] == want
    with open(lines, "rb") as file:
        assert report(plain, "-", stdin=file.read())["features"] == want
    for name in (lines, marked, plain):  # a redirected file is no pipe
        with open(name, "rb") as file:
            done = subprocess.run([DRIFTOP, "compare", "--json", plain, "-"], stdin=file, cwd=FOLDER,
                                  capture_output=True, check=False)
        assert json.loads(done.stdout)["features"] == want, (name, done.stderr)
    newline = write("newline.csv", 'a,b\n1,"x\ny"\n2,"q""r"\n')
    labels = [c["label"] for c in features(report("--categorical", "a", newline, newline))["b"]
              .get("cells", [])]
    assert labels == []  # two different texts are an identifier
    answer = report(write("header.csv", "a,b\n"), plain)
    assert answer["verdict"] == "unknown" and answer["reference"]["rows"] == 0
    assert "200 of 200 reference rows missing" in features(answer)["a"]["reason"]
    assert "200 of 200 reference rows missing" in features(
        report("header.csv", write("three.csv", "a,b\n1,2\n")))["a"]["reason"]
    answer = report("--columns", '"a,b",c', comma := write("comma.csv", '"a,b",c,d\n1,2,3\n'), comma)
    assert list(features(answer)) == ["a,b", "c"]
    # a name that --columns leaves out is still one of the file's
    assert list(features(report("--columns", "c", "--categorical", '"a,b"', comma, comma))) == ["c"]
    ids = write("ids.csv", "id\n" + "".join(f"u{i}\n" for i in range(300)))
    answer = report(ids, ids)
    assert (answer["judged"], answer["verdict"]) == (0, "ok")
    answer = report(plain, write("columns.csv", "a,c\n1,2\n"))
    kinds = {name: (f["status"], f["verdict"]) for name, f in features(answer).items()}
    assert kinds["b"] == ("missing_column", "warn") and kinds["c"] == ("new_column", "warn")


def alpha_is_divided():
    """By the judged columns, and by the segments: a hair of alpha more or less decides."""
    def side(name, x):
        rows = [f"{'ab'[i % 100 < x]},{i % 7},{i % 5},u{i},{i // 300}" for i in range(600)]
        return write(name, "c,n,m,id,half\n" + "\n".join(rows) + "\n")
    files = side("alpha1.csv", 60), side("alpha2.csv", 30)
    columns = ("--columns", "c,n,m,id")
    for extra, times, of in (((), 3, lambda answer: answer),
                             (("--by", "half"), 6, lambda answer: answer["segments"][1])):
        p = features(of(report(*columns, *extra, *files)))["c"]["chi2"]["p"]
        for factor, verdict in ((1.0001, "page"), (0.9999, "ok")):
            answer = report("--alpha", repr(p * times * factor), *columns, *extra, *files)
            assert answer["judged"] == 3 and features(of(answer))["c"]["verdict"] == verdict, times


def late_text():
    """A text behind numbers turns the column into categories, bytes and all, also from a pipe."""
    text = "a\n" + "1.0\n1\n" * 200 + "x\n"
    late = write("late.csv", text)
    early = write("early.csv", "a\nx\n" + "1.0\n1\n" * 200)
    want = report(early, early)["features"]
    assert [c["label"] for c in want[0]["cells"]] == ["1", "1.0", "x"]
    assert report(late, early)["features"] == want
    assert report("-", early, stdin=text.encode())["features"] == want


def words_of_our_own():
    """A category may be called like one of the special cells; the cell says which it is."""
    rows = ["missing"] * 80 + ["other"] * 70 + ["new value"] * 60 + [""] * 50
    x = write("own1.csv", "a,id\n" + "".join(f"{v},u{i}\n" for i, v in enumerate(rows)))
    y = write("own2.csv", "a,id\n" + "".join(f"{v},u{i}\n" for i, v in enumerate(rows + ["x"] * 40)))
    answer = features(report(x, y))
    got = [(c["label"], c["special"], c["reference"], c["current"]) for c in answer["a"]["cells"]]
    assert got == [("missing", False, 80, 80), ("other", False, 70, 70), ("new value", False, 60, 60),
                   ("new value", True, 0, 40), ("missing", True, 50, 50)], got
    bare = answer["id"]  # not judged, and has the members of any other
    assert (bare["cells"], bare["quantiles"], bare["sentence"]) == ([], None, "")
    assert bare["shape"] == {"kind": "none", "by": None}
    numbers = features(report(write("own3.csv", "n\n" + '1\n2\n""\n' * 99), "own3.csv"))["n"]["cells"]
    assert [c["special"] for c in numbers] == [False] * (len(numbers) - 1) + [True]


def many_categories():
    side = ["id,c"] + [f"u{i},v{i % 150000}" for i in range(200000)]
    path = write("many.csv", "\n".join(side) + "\n")
    answer = features(report(path, path))
    assert answer["id"]["status"] == "identifier" and answer["id"]["verdict"] == "ok"
    assert answer["c"]["verdict"] == "ok" and len(answer["c"]["cells"]) == 65
    assert answer["c"]["cells"][-1]["label"] == "other"


# Memory, segments, periods.

def table(rows, seed, shift=0.0):
    """A file of every kind of column: numbers, ties, holes, categories, names, a time."""
    rng = random.Random(seed)
    lines = ["x,ties,holes,kind,word,row,at"]
    for i in range(rows):
        late = shift if i > rows * 2 // 3 else 0.0
        x = rng.gauss(late, 1)
        hole = "" if rng.random() < 0.1 else ("-0" if rng.random() < 0.1 else f"{rng.random():.3f}")
        lines.append(f"{x!r},{rng.randrange(7)},{hole},{rng.choice('abc')},"
                     f"w{int(rng.paretovariate(0.7))},r{seed}-{i},2026-01-{1 + i * 28 // rows:02d}")
    return "\n".join(lines) + "\n"


def memory():
    reference, current = write("big-r.csv", table(12000, 1)), write("big-c.csv", table(9000, 2))
    limit = min(os.path.getsize(reference), os.path.getsize(current)) // 4
    for extra in ([], ["--by", "kind"], ["--by", "ties", "--chunk", "1d", "--time", "at"]):
        words = ["--json", *extra, reference, current]
        want = run(*words)
        assert want[0] in (0, 1, 2) and want[1]
        for size in (limit, 65536):
            assert run("--memory", str(size), *words) == want, extra


def one_long_column():
    """Longer than the limit by itself: sorted in runs, merged."""
    rng = random.Random(5)
    text = "a\n" + "".join(f"{rng.choice((rng.random(), 0.0, -0.0, 1e300, -3))!r}\n"
                           for _ in range(60000))
    path, other = write("long.csv", text), write("long2.csv", text.replace("1e+300", "7"))
    want = run("--json", path, other)
    assert run("--json", "--memory", "64K", path, other) == want


def memory_is_kept():
    """20 MB of values under a limit of 2 MiB: the process is given 8 MiB more than that by the kernel
    (what is mapped from temporary files can be taken back and does not count), and no more without."""
    if sanitized():
        return
    rng = random.Random(6)
    for name in ("much1.csv", "much2.csv"):
        write(name, "a,b,c,d\n" + "".join(
            f"{rng.random():.9f},{i % 977},{rng.random():.3f},w{rng.randrange(1000)}\n"
            for i in range(300000)))
    words = [DRIFTOP, "compare", "--json", "much1.csv", "much2.csv"]

    def bounded():
        resource.setrlimit(resource.RLIMIT_DATA, (10 << 20, 10 << 20))

    want = subprocess.run(words, cwd=FOLDER, capture_output=True, check=False)
    kept = subprocess.run([*words, "--memory", "2M"], cwd=FOLDER, capture_output=True,
                          preexec_fn=bounded, check=False)
    assert (kept.returncode, kept.stdout) == (want.returncode, want.stdout), kept.stderr
    much = subprocess.run(words, cwd=FOLDER, capture_output=True, preexec_fn=bounded, check=False)
    assert much.returncode not in (0, 1, 2, 3) and b"memory" in much.stderr, much


def sanitized():
    """Built with ASan, whose memory is not driftop's."""
    with open(DRIFTOP, "rb") as file:
        return b"__asan_init" in file.read()


def rows_of(text, keep):
    head, *rows = text.strip().split("\n")
    return "\n".join([head] + [row for row in rows if keep(row.split(","))]) + "\n"


def same_but_verdict(got, want):
    """The numbers of a part are those of its rows alone; only alpha is divided further."""
    for one, two in zip(got, want):
        for name in one:
            if name not in ("verdict", "reason", "shape", "sentence", "onset"):
                assert one[name] == two[name], (one["name"], name)


def segments():
    x, y = table(2400, 3), table(2400, 4, 2.0)
    answer = report("--by", "kind", write("r.csv", x), write("c.csv", y))
    assert [s["value"] for s in answer["segments"]] == ["a", "b", "c"]
    for segment in answer["segments"]:
        part = report(write("rs.csv", rows_of(x, lambda r, s=segment: r[3] == s["value"])),
                      write("cs.csv", rows_of(y, lambda r, s=segment: r[3] == s["value"])))
        assert segment["reference_rows"] == part["reference"]["rows"]
        same_but_verdict([f for f in segment["features"] if f["name"] != "row"],
                         [f for f in part["features"] if f["name"] != "row"])


def periods():
    x, y = table(5600, 6), table(5600, 7, 2.0)
    answer = report("--chunk", "1d", "--time", "at", write("r.csv", x), write("c.csv", y))
    assert len(answer["periods"]) == 28 and "at" not in features(answer)
    assert answer["periods"][0]["start"] == "2026-01-01T00:00:00Z"
    day = answer["periods"][20]
    part = report("r.csv", write("day.csv", rows_of(y, lambda r: r[6] == "2026-01-21")))
    same_but_verdict([f for f in day["features"] if f["name"] != "row"],
                     [f for f in part["features"] if f["name"] not in ("row", "at")])
    onset = features(answer)["x"]["onset"]
    assert onset["at"] == "2026-01-20T00:00:00Z" and onset["p"] < 1e-6, onset
    assert features(answer)["ties"]["onset"] is None
    weeks = report("--chunk", "7d", "--time", "at", "r.csv", "c.csv")["periods"]
    assert weeks[0]["start"] == "2025-12-29T00:00:00Z"  # a Monday
    status, _, err = run("--chunk", "1d", "--time", "at", "r.csv", write("t.csv", "x,at\n1,2\n1,\n"))
    assert status == 65 and "t.csv:3:3: no time in the column" in err, (status, err)


def times():
    """What a column of times may hold; a day that is read wrongly is worse than one that is refused."""
    r = write("tr.csv", "x\n1\n")
    for text in ("2026-01-31", "20260131", "2026-01-31T10:00:00Z", "2026-01-31 10:00", "1769853600",
                 "2026-01-31 10:00:00.123", "2026-02-01T01:30:00+02:00", "1769853600000"):
        path = write("t.csv", f"x,at\n1,{text}\n")
        answer = report("--min-rows", "1", "--chunk", "1d", "--time", "at", r, path)
        assert [p["start"] for p in answer["periods"]] == ["2026-01-31T00:00:00Z"], text
    for text in ("31/01/2026", "2026-02-30", "2026-01", "20261331x", "1e300", "\x1b[2J"):
        write("t.csv", f"x,at\n1,{text}\n")
        status, out, err = run("--chunk", "1d", "--time", "at", r, "t.csv")
        assert status == 65 and not out and err.startswith("driftop: t.csv:2:3: no time in"), err
        assert "\x1b" not in err, err


# What is printed.

def printed():
    status, out, _ = run("--categorical", "codes", vector(1, "reference.csv"),
                         vector(1, "current.csv"))
    assert status == 2 and out.startswith("page: 24 columns judged")
    lines = out.split("\n")
    assert all(len(line) <= 80 for line in lines[3:]), [x for x in lines if len(x) > 80]
    verdicts = [line.split()[0] for line in lines[5:] if line and not line.startswith(" ")]
    ranks = [["page", "warn", "unknown", "ok"].index(word) for word in verdicts]
    assert len(ranks) == 24 and ranks == sorted(ranks)
    nasty = write("nasty.csv", '"<b>\x1b[2J&""\n"\n' + "1\n" * 300)
    status, out, _ = run(nasty, nasty)
    assert "\x1b" not in out, out


def on_terminal(columns, *words):
    """What a terminal of that width gets."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen([DRIFTOP, "compare", *words], stdin=subprocess.DEVNULL, stdout=slave,
                          cwd=FOLDER, env={**os.environ, "LC_ALL": "C.UTF-8"}):
        os.close(slave)
        out = drain(master)
    os.close(master)
    return out.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


def drain(master):
    out = b""
    try:
        while piece := os.read(master, 65536):
            out += piece
    except OSError:  # EIO: the other end is closed
        pass
    return out


def widths():
    """No line is too long, and no word of an explanation is lost."""
    long_name = write("long_name.csv", "n" * 50 + "," + '"a sentence as a name"' + "\n" + "1,5\n" * 250)
    other = write("long_name2.csv", "n" * 50 + "," + '"a sentence as a name"' + "\n" + "3,5\n" * 250)
    reason = "ks beyond noise 0.8784, page from 0.1"
    for columns in (36, 40, 59, 60, 72, 80, 120, 500):
        lines = on_terminal(columns, "--by", "a sentence as a name", long_name, other)
        assert max(len(line) for line in lines) <= min(columns, 120), (columns, lines)
        text = " ".join(" ".join(lines).split())
        assert reason in text and "n" * 50 in text.replace(" ", ""), (columns, text)
        assert ("EXCESS REFERENCE" in "\n".join(lines)) == (columns >= 72), columns
        assert all(line == line.rstrip() for line in lines), lines


def progress():
    """A word on the terminal when it takes more than a second, gone afterwards; none before."""
    path = write("quick.csv", "a\n1\n2\n")
    master, slave = pty.openpty()
    with subprocess.Popen([DRIFTOP, "compare", path, "-"], stdin=subprocess.PIPE, cwd=FOLDER,
                          stdout=subprocess.DEVNULL, stderr=slave) as process:
        process.stdin.write(b"a\n")
        until = time.monotonic() + 30
        while not select.select([master], [], [], 0.01)[0]:
            assert time.monotonic() < until, "no progress is shown"
            process.stdin.write(b"1\n" * 1000)
            process.stdin.flush()
        assert time.monotonic() > until - 30 + 0.9
        process.stdin.close()
        process.wait()
        os.close(slave)
        shown = drain(master)
    assert b" MiB -" in shown and shown.endswith(b"\r\x1b[K"), shown
    os.close(master)
    master, slave = pty.openpty()
    subprocess.run([DRIFTOP, "compare", path, path], stdout=subprocess.DEVNULL, stderr=slave,
                   cwd=FOLDER, check=False)
    os.close(slave)
    assert drain(master) == b""
    os.close(master)


def page():
    name = '"<script>alert(1)</script>"'
    path = write("script.csv", name + ",b\n" + "1,x\n2,<i>\n" * 200)
    other = write("script2.csv", name + ",b\n" + "5,z\n6,x\n" * 200)
    assert run("--html", "page.html", path, other)[0] == 2
    with open(os.path.join(FOLDER, "page.html"), encoding="utf-8") as file:
        text = file.read()
    assert "<script" not in text and "http:" not in text and "https:" not in text, text
    assert "default-src 'none'" in text and "&lt;i&gt;" in text and "<svg" in text
    assert "prefers-color-scheme:dark" in text and "&lt;script&gt;" in text
    assert "<td>ks<td class=\"n\">1<td" in text and "<details>" in text
    assert text.count("<table>") == text.count("</table>") == 1 + 3 * 2
    svg = text[text.index("<svg"):text.index("</svg>") + 6]
    assert len(xml.dom.minidom.parseString(svg).getElementsByTagName("rect")) > 2
    assert run("--html", "nowhere/page.html", path, other)[0] != 0


def fail_on():
    rng = random.Random(9)

    def column(shift):
        return "a\n" + "".join(f"{rng.gauss(shift, 1):.6f}\n" for _ in range(8000))

    base = write("base.csv", column(0))
    ok, warn, bad = (write(f"s{i}.csv", column(s)) for i, s in enumerate((0, 0.22, 1)))
    few = write("few.csv", "a\n1\n")
    want = {ok: (0, 0, 0), warn: (1, 1, 0), bad: (2, 2, 2), few: (3, 0, 0)}
    for path, statuses in want.items():
        got = (run(base, path)[0], run("--fail-on", "warn", base, path)[0],
               run("--fail-on", "page", base, path)[0])
        assert got == statuses, (path, got)
    assert report("--min-rows", "1", base, few)["verdict"] == "ok"
    assert report("--columns", "a", base, bad)["judged"] == 1


for test in (vectors, breaks_are_noticed, alpha_is_divided, bad_input, odd_input, late_text,
             words_of_our_own, many_categories, memory, one_long_column, memory_is_kept, segments, periods, times,
             printed, widths, progress, page, fail_on):
    test()
