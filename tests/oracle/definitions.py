# SPDX-License-Identifier: GPL-3.0-or-later
"""The definitions of docs/STATISTICS.md a second time, by numpy and scipy: plain, slow, and written from
the definitions alone. Where driftop and this differ, one of them is wrong."""
import collections
import math

import numpy as np
from scipy import special, stats

IQR_PER_SD = 1.3489795003921634
ORDER = ["ok", "unknown", "warn", "page"]
RATES = ("missing", "invalid", "infinite", "out_of_range", "unseen")


def quantile(values, q):
    h = (len(values) - 1) * q
    low = math.floor(h)
    t, a, b = h - low, float(values[low]), float(values[min(low + 1, len(values) - 1)])
    return a + (b - a) * t if t < 0.5 else b - (b - a) * (1 - t)


def number_cells(x, y, special_x, special_y):
    edges = np.array(sorted({quantile(np.sort(x), j / 10.0) for j in range(1, 10)} if len(x) else []))
    counts = [np.bincount(np.searchsorted(edges, v, side="left"), minlength=len(edges) + 1)
              for v in (x, y)]
    return [int(c) for c in counts[0]] + special_x, [int(c) for c in counts[1]] + special_y


def text_cells(x, y):
    a, b = (collections.Counter(v for v in side if v is not None) for side in (x, y))
    named = sorted(a, key=lambda text: (-a[text], text))
    rest, named = named[64:], named[:64]
    unseen = sum(count for text, count in b.items() if text not in a)
    return ([a[text] for text in named] + [sum(a[t] for t in rest), 0, len(x) - sum(a.values())],
            [b[text] for text in named] + [sum(b[t] for t in rest), unseen, len(y) - sum(b.values())])


def chi2(a, b):
    n, w = a.sum(), b.sum()
    keep, pool = [], np.zeros(2)
    for pair in zip(a, b):
        if sum(pair) * min(n, w) / (n + w) < 5:
            pool += pair
        else:
            keep.append(np.array(pair))
    if pool.sum() and pool.sum() * min(n, w) / (n + w) < 5 and keep:
        keep[min(range(len(keep)), key=lambda i: (keep[i].sum(), i))] += pool
    elif pool.sum():
        keep.append(pool)
    if len(keep) < 2:
        return {"value": 0.0, "df": 0, "p": 1.0}
    table = np.array(keep)
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    value = float(((table - expected) ** 2 / expected).sum())
    return {"value": value, "df": len(keep) - 1, "p": float(stats.chi2.sf(value, len(keep) - 1))}


def on_cells(a, b):
    used = [(x, y) for x, y in zip(a, b) if x or y]
    a, b = (np.array([pair[i] for pair in used], float) for i in (0, 1))
    n, w, cells = a.sum(), b.sum(), len(used)
    if not n or not w:
        return dict.fromkeys(("psi", "js", "kl", "hellinger", "tv", "linf", "chi2"))
    k, free = 1 / n + 1 / w, (cells - 1) * (1 / n + 1 / w)
    p, q = (a + 0.5) / (n + cells / 2), (b + 0.5) / (w + cells / 2)
    psi, kl = float(((q - p) * np.log(q / p)).sum()), float((q * np.log(q / p)).sum())
    p, q, m = a / n, b / w, (a + b) / (n + w)
    half = (p + q) / 2
    js = float(special.rel_entr(p, half).sum() + special.rel_entr(q, half).sum()) / 2 / math.log(2)
    js = min(1.0, max(0.0, js))
    floor = free / (8 * math.log(2))
    return {
        "psi": {"value": psi, "floor": free, "excess": max(0.0, psi - free), "cells": cells,
                "p": float(stats.chi2.sf(psi / k, cells - 1)) if cells > 1 else 1.0},
        "kl": {"value": kl, "floor": free / 2},
        "js": {"divergence": js, "distance": math.sqrt(js), "floor_divergence": floor,
               "excess_divergence": max(0.0, js - floor)},
        "hellinger": {"value": math.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2),
                      "floor": math.sqrt(free / 8)},
        "tv": {"value": float(np.abs(p - q).sum() / 2),
               "floor": float(np.sqrt(k * m * (1 - m) / (2 * np.pi)).sum())},
        "linf": {"value": float(np.abs(p - q).max())},
        "chi2": chi2(a, b)}


def exact_log(x, y, gap):
    """log of the chance of a gap as wide, ties given: u[i] is the chance that a path which has taken i
    of the smaller side has left the band; it may leave at the end of a tie only."""
    pooled = np.sort(np.concatenate([x, y]))
    ends = np.append(pooled[1:] != pooled[:-1], True)
    n, w = sorted((len(x), len(y)))
    u, index = np.zeros(n + 1, np.longdouble), np.arange(n + 1)
    for t in range(1, n + w + 1):
        low, high = max(0, t - w), min(n, t)
        i = index[low:high + 1]
        before = np.concatenate([[np.longdouble(0)], u])[low:high + 1]
        now = (i * before + (t - i) * u[low:high + 1]) / np.longdouble(t)
        if ends[t - 1]:
            now[np.abs(i * w - (t - i) * n) >= gap] = 1
        u[:] = 0
        u[low:high + 1] = now
    return min(0.0, float(np.log(u[n])))


def ks(x, y, alpha):
    x, y, n, w = np.sort(x), np.sort(y), len(x), len(y)
    values = np.unique(np.concatenate([x, y]))
    gaps = np.searchsorted(x, values, side="right") * w - np.searchsorted(y, values, side="right") * n
    gap, k = int(np.abs(gaps).max()), 1 / n + 1 / w
    at, d = int(np.argmax(np.abs(gaps))), gap / (n * w)
    band = math.sqrt(-math.log(alpha / 2) / 2 * k)
    answer = {"d": d, "d_low": d - band, "d_high": d + band, "floor": 0.8687 * math.sqrt(k),
              "location": float(values[at]), "method": "exact" if n * w <= 20000000 else "asymptotic",
              "direction": "none" if gap == 0 else "lower" if gaps[at] < 0 else "higher"}
    if n * w <= 20000000:
        log_p = exact_log(x, y, gap) if gap else 0.0
        return answer | {"p": math.exp(log_p), "log10_p": log_p / math.log(10)}
    p = 1.0
    if n == w:
        p = float(special.kolmogorov(d * math.sqrt(n / 2)))
    elif gap:
        p = float(stats.kstwo.sf(d, round(n * w / (n + w))))
    return answer | ({"p": p, "log10_p": math.log10(p)} if p > 1e-290 else {"p": p})


def scaled_sd(x):
    """np.std() of values whose squares may leave the range of doubles."""
    most = max(abs(float(x.min())), abs(float(x.max()))) or 1.0
    scale = 2.0 ** math.floor(math.log2(most))
    return float(np.std(x / scale)), scale


def known(value):
    """Infinity is no JSON number."""
    return value if math.isfinite(value) else None


def ad(x, y, values, counts):
    """Scholz and Stephens 1987, equations 7 and 4."""
    n, w = len(x), len(y)
    total, big_h = n + w, 1 / n + 1 / w
    if len(values) < 2 or total <= 3:
        return None
    rank, sum_of = np.cumsum(counts) - counts / 2, 0.0
    weight = rank * (total - rank) - total * counts / 4
    good = weight > 0
    for side in (x, y):
        upto = np.searchsorted(side, values, side="right").astype(float)
        middle = (upto + np.searchsorted(side, values, side="left")) / 2
        term = counts / total * (total * middle - len(side) * rank) ** 2
        sum_of += float((term[good] / weight[good]).sum()) / len(side)
    inverse = 1 / np.arange(1.0, total)
    h, tail = float(inverse.sum()), inverse.sum() - np.cumsum(inverse)
    g = float((tail[:total - 2] / (total - np.arange(1.0, total - 1))).sum())
    a = 4 * g - 6 + (10 - 6 * g) * big_h
    b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * big_h - 8 * h + 4 * g - 6
    c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * big_h + 4 * h
    d = (2 * h + 6) * 4 - 8 * h
    variance = (a * total**3 + b * total**2 + c * total + d) / (
        (total - 1.0) * (total - 2.0) * (total - 3.0))
    return {"value": ((total - 1) / total * sum_of - 1) / math.sqrt(variance)}


def ranks(x, y):
    sd, scale = scaled_sd(x)
    x, y, n, w = np.sort(x), np.sort(y), len(x), len(y)
    values, counts = np.unique(np.concatenate([x, y]), return_counts=True)
    gap = np.abs(np.searchsorted(x, values, side="right") * float(w)
                 - np.searchsorted(y, values, side="right") * float(n)) / (float(n) * w)
    w1 = float((gap[:-1] * np.diff(values)).sum())
    iqr = (quantile(x, 0.75) - quantile(x, 0.25)) / IQR_PER_SD
    return {"w1": {"value": w1, "per_sd": known(w1 / scale / sd) if x[0] < x[-1] else None,
                   "per_iqr": known(w1 / iqr) if iqr > 0 else None},
            "cvm": {"value": float(n * w / (n + w) ** 2 * (counts * gap**2).sum())},
            "ad": ad(x, y, values, counts.astype(float))}


def rate(a, n, b, w, alpha):
    z = stats.norm.isf(alpha / 2)

    def wilson(x, size):
        p = x / size
        half = z * math.sqrt(p * (1 - p) / size + z * z / (4 * size * size))
        middle, scale = p + z * z / (2 * size), 1 + z * z / size
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
    if not n or not w:
        return None
    p, q, (low1, high1), (low2, high2) = a / n, b / w, wilson(a, n), wilson(b, w)
    return {"reference_ratio": p, "current_ratio": q,
            "low": q - p - math.hypot(q - low2, high1 - p),
            "high": q - p + math.hypot(high2 - q, p - low1)}


def grade(value, warn, page):
    return "page" if value >= page else "warn" if value >= warn else "ok"


def verdict(f, n, w, sizes, alpha, min_rows):
    """alpha: already divided by the judged columns."""
    words = ["ok"]
    if f.get("ks"):
        k = 1 / sizes[0] + 1 / sizes[1]
        if f["ks"]["d"] > math.sqrt(-math.log(alpha / 2) / 2 * k):
            over = math.nextafter(0.05, 1), math.nextafter(0.10, 1)
            words.append(grade(f["ks"]["d"] - 1.36 * math.sqrt(k), *over))
    if f["chi2"] and min(n, w) >= min_rows and f["chi2"]["p"] <= alpha:
        words.append(grade(f["psi"]["excess"], 0.1, 0.25))
        words.append(grade(f["js"]["excess_divergence"], 0.01, 0.0225))
    for name in RATES:
        if f.get(name):
            sure = max(f[name]["low"], -f[name]["high"])
            words.append("page" if sure > 0.02 else "warn" if sure > 0.005 else "ok")
    worst = max(words, key=ORDER.index)
    return "unknown" if worst == "ok" and min(n, w) < min_rows else worst
