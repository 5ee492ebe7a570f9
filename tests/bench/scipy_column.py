# SPDX-License-Identifier: GPL-3.0-or-later
"""What scipy needs for one column: scipy_column.py FILE, where FILE holds the doubles of both sides, the
reference's first. For each line of standard input it computes once, and prints the processor's time in ms, D
and W1 with 17 digits."""
import sys
import time

import numpy
from scipy import stats


def main():
    reference, current = numpy.split(numpy.fromfile(sys.argv[1]), 2)
    for _ in sys.stdin:
        start = time.process_time()
        d = stats.ks_2samp(reference, current).statistic
        w1 = stats.wasserstein_distance(reference, current)
        ms = (time.process_time() - start) * 1e3
        print(f"{ms:.6f} {d:.17g} {w1:.17g}", flush=True)


main()
