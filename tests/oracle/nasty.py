# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns that break things, and the files they are written to. Cells are texts, as in a CSV."""
import csv
import json
import re

import numpy as np

JSON_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
NO_NUMBERS = ["abc", "0x1f", "1_000", "1 000", " 5", "5 ", "infinity", "nan1", "1e", "Na", "--1", "."]


def texts(values):
    return [repr(float(v)) for v in values]


def pick(rng, n, words):
    return [words[i] for i in rng.integers(0, len(words), n)]


def numbers(rng, n, s):
    """s: 0 for the reference, 1 for the current side."""
    normal = rng.normal
    return {
        "shift": texts(normal(0.15 * s, 1, n)), "same": texts(normal(0, 1, n)),
        "binary": texts(rng.integers(0, 2, n)), "constant": ["7"] * n,
        "moved": ["78"[s]] * n, "counts": texts(np.floor(rng.gamma(2, 2 + 0.3 * s, n))),
        "cauchy": texts(rng.standard_cauchy(n) * (1 + 0.3 * s)),
        "pareto": texts((rng.pareto(1.2, n) + 1) * (1 + 0.3 * s)),
        "huge": texts((normal(0, 1, n) + 0.3 * s) * 1e200),
        "tiny": texts(rng.random(n) * 1e-300 * (1 + 0.2 * s)),
        "zeros": pick(rng, n, ["-0.0", "0", "0.0", "-0", "1", "-1e-320"][:6 - s]),
        "integers": [str(2**53 + int(v)) for v in rng.integers(0, 8 + 3 * s, n)],
        "long": [str(10**18 + int(v)) for v in rng.integers(0, 2000, n)],
        "digits": ["0.1234567890123456789012345" + str(v) for v in rng.integers(0, 99, n)],
        "atom_low": texts(np.maximum(normal(0.1 * s, 1, n), -0.2)),
        "atom_high": texts(np.minimum(normal(0.1 * s, 1, n), 0.2)),
        "forms": [form % v for form, v in zip(pick(rng, n, ["+%.3f", "%.2e", "%.1E", "%.0f.", "%.4f"]),
                                              abs(normal(0, 3, n)))]}


def holes(rng, n, s):
    """Numbers with what is no number among them."""
    normal = texts(rng.normal(0, 1, n))
    chance = rng.random(n)
    sentinel = texts(rng.exponential(1, n))
    return {
        "all_missing": [""] * n, "gone": [""] * n if s else normal, "infinite": ["inf"] * n,
        "became_infinite": ["-inf"] * n if s else normal,
        "some_infinite": [pick(rng, 1, ["inf", "-Inf", "+INF"])[0] if c < 0.2 + 0.1 * s else v
                          for c, v in zip(chance, normal)],
        "sentinel": ["-999" if s and c < 0.07 else v for c, v in zip(chance, sentinel)],
        "invalid": [pick(rng, 1, NO_NUMBERS)[0] if s and c < 0.05 else v
                    for c, v in zip(chance, normal)],
        "missing": [pick(rng, 1, ["nan", "NaN", "NULL", "null", "NA", ""])[0] if c < 0.1 + 0.05 * s
                    else v for c, v in zip(chance, normal)]}


def categories(rng, n, s):
    return {
        "three": [str(v) for v in rng.choice(["a", "b", "c"], n, p=[0.5 - 0.1 * s, 0.3, 0.2 + 0.1 * s])],
        "c64": ["c%03d" % v for v in rng.integers(0, 64, n)],
        "c65": ["c%03d" % v for v in rng.integers(0, 65, n)],
        "c300": ["c%03d" % min(300 + 9 * s, v) for v in rng.zipf(1.3, n)],
        "unseen": ["new" if s and c < 0.03 else "old%d" % (100 * c % 3) for c in rng.random(n)],
        "bytes": pick(rng, n, ["é", "e\u0301", "E", "e", " e", "e ", "01", "1", "1.0"]),
        "codes": pick(rng, n, ["01", "1", "1.0", "001", "2"]),
        "quoted": pick(rng, n, ["a\nb", 'a"b', "a,b", "a;b", "a\r\nb", "|", '"', "\n", "a\tb"]),
        "unicode": pick(rng, n, ["日本", "日", "\U0001f600", "ß", "ss", "\u200b"][:6 - s]),
        "hole": ["" if c < 0.1 + 0.1 * s else "xy"[int(50 * c) % 2] for c in rng.random(n)],
        "identifier": ["u%d-%d" % (s, i) for i in range(n)],
        "rare": ["rare%d" % i if i < 5 else "common" for i in range(n)]}


def columns(rng, n, s):
    return numbers(rng, n, s) | holes(rng, n, s) | categories(rng, n, s)


def write_csv(path, table, delimiter, newline, mark):
    with open(path, "w", newline="", encoding="utf-8-sig" if mark else "utf-8") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=newline)
        writer.writerow(table)
        writer.writerows(zip(*table.values()))


def member(rng, name, text):
    """One member of a JSON line; None leaves it out."""
    if text == "":
        return [None, json.dumps(name) + ":null"][rng.integers(0, 2)]
    value = text if JSON_NUMBER.fullmatch(text) else json.dumps(text, ensure_ascii=bool(rng.integers(0, 2)))
    return f"{json.dumps(name)}:{value}"


def write_json(path, table, rng):
    """Members in any order, missing ones null or left out; the first line has them all."""
    with open(path, "w", encoding="utf-8") as file:
        for i, row in enumerate(zip(*table.values())):
            parts = [member(rng, name, text) or (i == 0 and json.dumps(name) + ":null")
                     for name, text in zip(table, row)]
            parts = [part for part in parts if part]
            if i % 3:
                rng.shuffle(parts)
            file.write("{" + ", ".join(parts) + "}\n")
