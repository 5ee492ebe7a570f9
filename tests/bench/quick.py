# SPDX-License-Identifier: GPL-3.0-or-later
"""driftop-bench works: one JSON object with the figure asked for, and the same work for the same seed.
How fast it was is nobody's business here."""
import json
import os
import subprocess

BENCH = os.path.join(os.environ.get("builddir", "build"), "driftop-bench")


def run(seed, name="rows_per_s", *more):
    done = subprocess.run([BENCH, "--json", "--quick", "--only", name, "--seed", str(seed), *more],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main():
    first, again, other = run(7), run(7), run(8)
    assert first["schema"] == "driftop.bench.v1" and first["seed"] == 7 and first["quick"] is True
    assert first["rows_per_s"] > 0 and "window_step_ns" not in first
    assert first["targets"]["rows_per_s"] == 60000
    assert first["checksums"] == again["checksums"], (first, again)
    assert first["checksums"] != other["checksums"], (first, other)

    # What cannot be compared is left out with a word, and the rest of the case is still there.
    for python in ("/nonexistent/python", "/bin/false"):
        column = run(7, "column_ks_w1_ms", "--scipy", python)
        assert column["column_ks_w1_ms"] > 0 and column["column_ks_w1_scipy_ratio"] is None, column
        assert "--scipy" in column["details"]["column_ks_w1_scipy_ratio"], column
    for name in ("exact_refresh_ms", "cells_refresh_ms", "window_step_ns"):
        assert run(7, name)["checksums"] == run(7, name)["checksums"] != run(8, name)["checksums"], name


main()
