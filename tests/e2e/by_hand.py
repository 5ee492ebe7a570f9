# SPDX-License-Identifier: GPL-3.0-or-later
"""Every number that can be had from `cells`, worked out again from the JSON alone, without numpy, by
the definitions of docs/STATISTICS.md; and that page's worked example, digit for digit as printed."""
import json
import math
import os
import re
import statistics
import subprocess

import harness

TREE = os.environ.get("srcdir", ".")
SPECIAL = {"missing": "missing", "invalid": "invalid", "infinite": ("+inf", "-inf"),
           "unseen": "new value"}


def report(pair, *words):
    folder = os.path.join(TREE, "tests", "data", "vectors", f"pair-{pair}")
    done = subprocess.run(
        [harness.DRIFTOP, "compare", "--json", "--categorical", "codes", *words,
         os.path.join(folder, "reference.csv"), os.path.join(folder, "current.csv")],
        capture_output=True, check=False)
    return json.loads(done.stdout)


def chi_square_tail(x, df):
    """P(X >= x): from one or two degrees of freedom up, two at a time."""
    if df == 0:
        return 1.0
    k, q = (1, math.erfc(math.sqrt(x / 2))) if df % 2 else (2, math.exp(-x / 2))
    while k < df:
        q += math.exp(k / 2 * math.log(x / 2) - x / 2 - math.lgamma(k / 2 + 1)) if x > 0 else 0
        k += 2
    return q


def surprise(p, m):
    return p * math.log2(p / m) if p > 0 else 0


def pooled(pairs, n, w):
    """Cells whose smaller expected count is under 5 become one."""
    def expected(pair):
        return sum(pair) * min(n, w) / (n + w)
    keep = [pair for pair in pairs if expected(pair) >= 5]
    small = [pair for pair in pairs if expected(pair) < 5]
    rest = [sum(a for a, _ in small), sum(b for _, b in small)]
    if not small:
        return keep
    if expected(rest) >= 5 or not keep:
        return keep + [rest]
    least = min(range(len(keep)), key=lambda i: (sum(keep[i]), i))
    keep[least] = [keep[least][0] + rest[0], keep[least][1] + rest[1]]
    return keep


def chi_square(pairs, n, w):
    cells = pooled(pairs, n, w)
    value = 0.0
    for a, b in cells if len(cells) > 1 else []:
        x, y = (a + b) * n / (n + w), (a + b) * w / (n + w)
        value += (a - x) ** 2 / x + (b - y) ** 2 / y
    return {"value": value, "df": len(cells) - 1, "p": chi_square_tail(value, len(cells) - 1)}


def on_cells(pairs):
    """The distances: each with its terms, one for each cell."""
    n, w, count = sum(a for a, _ in pairs), sum(b for _, b in pairs), len(pairs)
    k, terms = 1 / n + 1 / w, {name: [] for name in ("psi", "kl", "js", "hellinger", "tv", "chi2")}
    floor = 0.0
    for a, b in pairs:
        p, q = (a + 0.5) / (n + count / 2), (b + 0.5) / (w + count / 2)
        terms["psi"].append((q - p) * math.log(q / p))
        terms["kl"].append(q * math.log(q / p))
        p, q, m = a / n, b / w, (a + b) / (n + w)
        terms["js"].append((surprise(p, (p + q) / 2) + surprise(q, (p + q) / 2)) / 2)
        terms["hellinger"].append((math.sqrt(p) - math.sqrt(q)) ** 2 / 2)
        terms["tv"].append(abs(p - q) / 2)
        terms["chi2"].append((a - m * n) ** 2 / (m * n) + (b - m * w) ** 2 / (m * w))
        floor += math.sqrt(k * m * (1 - m) / (2 * math.pi))
    free = (count - 1) * k
    psi, js = sum(terms["psi"]), sum(terms["js"])
    return terms, {
        "psi": {"value": psi, "floor": free, "excess": max(0, psi - free), "cells": count,
                "p": chi_square_tail(psi / k, count - 1)},
        "kl": {"value": sum(terms["kl"]), "floor": free / 2},
        "js": {"divergence": js, "distance": math.sqrt(js),
               "floor_divergence": free / (8 * math.log(2)),
               "excess_divergence": max(0, js - free / (8 * math.log(2)))},
        "hellinger": {"value": math.sqrt(sum(terms["hellinger"])), "floor": math.sqrt(free / 8)},
        "tv": {"value": sum(terms["tv"]), "floor": floor},
        "linf": {"value": 2 * max(terms["tv"])},
        "chi2": chi_square(pairs, n, w)}


def wilson(x, n, z):
    p, middle = x / n, x / n + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0, (middle - half) / (1 + z * z / n)), min(1, (middle + half) / (1 + z * z / n))


def rate(a, n, b, w, alpha):
    z = statistics.NormalDist().inv_cdf(1 - alpha / 2)
    (low1, high1), (low2, high2), p, q = wilson(a, n, z), wilson(b, w, z), a / n, b / w
    return {"reference_ratio": p, "current_ratio": q,
            "low": q - p - math.hypot(q - low2, high1 - p),
            "high": q - p + math.hypot(high2 - q, p - low1)}


def near(where, got, want, relative=1e-9):
    for key, value in want.items():
        good = abs(got[key] - value) <= max(1e-12, relative * abs(value))
        assert good, (where, key, got[key], value)


def check_feature(answer, feature):
    cells, name = feature["cells"], feature["name"]
    pairs = [(cell["reference"], cell["current"]) for cell in cells]
    n, w = answer["reference"]["rows"], answer["current"]["rows"]
    assert (sum(a for a, _ in pairs), sum(b for _, b in pairs)) == (n, w), name
    terms, want = on_cells(pairs)
    for statistic, members in want.items():
        near((name, statistic), feature[statistic], members, 1e-8)
    for cell, term in zip(cells, terms["psi"]):
        assert abs(cell["psi"] - term) < 1e-12, (name, cell)
    for member, labels in SPECIAL.items():
        if member in feature:
            own = [pair for cell, pair in zip(cells, pairs)
                   if cell["label"] in labels and cell["special"]]
            a, b = sum(a for a, _ in own), sum(b for _, b in own)
            near((name, member), feature[member], rate(a, n, b, w, answer["alpha"]))
    if feature.get("ks"):
        check_ks(answer, feature, cells)


def check_ks(answer, feature, cells):
    """D at the edges of the cells is a lower bound of D; the band and the floor need counts only."""
    numbers = [cell for cell in cells if not cell["special"]]
    n, w = (sum(cell[side] for cell in numbers) for side in ("reference", "current"))
    ks, k, f, g, widest = feature["ks"], 1 / n + 1 / w, 0, 0, 0
    for cell in numbers:
        f, g = f + cell["reference"], g + cell["current"]
        widest = max(widest, abs(f / n - g / w))
    band = math.sqrt(-math.log(answer["alpha"] / 2) / 2 * k)
    assert widest <= ks["d"] + 1e-12, feature["name"]
    near(feature["name"], ks, {"d_low": ks["d"] - band, "d_high": ks["d"] + band,
                               "floor": 0.8687 * math.sqrt(k), "log10_p": math.log10(ks["p"])
                               if ks["p"] > 1e-300 else ks["log10_p"]})


def check_example():
    """The table of the page has these terms, and the sums below it are these statistics."""
    answer = report(1, "--columns", "normal")
    feature = answer["features"][0]
    terms, _ = on_cells([(c["reference"], c["current"]) for c in feature["cells"]])
    with open(os.path.join(TREE, "docs", "STATISTICS.md"), encoding="utf-8") as file:
        text = file.read()
    rows = re.findall(r"^\| `([<>-]?[^`|]*)` \|([^\n]*)\|$", text, re.MULTILINE)
    rows = {label: [cell.strip() for cell in rest.split("|")] for label, rest in rows}
    f = g = 0
    for i, cell in enumerate(feature["cells"]):
        f, g = f + cell["reference"] / 841, g + cell["current"] / 489
        printed = rows[cell["label"]]
        want = [cell["reference"], cell["current"], *(terms[name][i] for name in (
            "psi", "kl", "js", "hellinger", "tv", "chi2")), f - g]
        assert len(printed) == len(want), printed
        for shown, value in zip(printed, want):
            digits = len(shown.partition(".")[2])
            assert float(shown) == round(value, digits), (cell["label"], shown, value)
    for name, shown in re.findall(r"^\| `(\w+(?:\.\w+)?)` = ([-0-9.]+) \|", text, re.MULTILINE):
        value = feature
        for key in name.split("."):
            value = value[key]
        digits = len(shown.partition(".")[2])
        assert float(shown) == round(value, digits), (name, shown, value)


def main():
    for pair in range(1, 5):
        answer = report(pair)
        assert len(answer["features"]) == 24
        for feature in answer["features"]:
            check_feature(answer, feature)
    check_example()


main()
