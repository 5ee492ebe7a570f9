#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every fuzz target of a --enable-fuzzers build for some seconds each, from the build folder:
#     ../tests/fuzz/run-all.sh SECONDS [NAME ...]
# Each starts from its corpus and leaves what it finds in tests/fuzz/found; exits 1 on a finding.
set -u
seconds=${1:-5}
[ $# -gt 0 ] && shift
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p tests/fuzz/found
[ $# -gt 0 ] || set -- $(ls "$here/corpus")
status=0
for name in "$@"; do
    mkdir -p "$work/$name"
    if "tests/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=8192 -print_final_stats=1 -artifact_prefix="tests/fuzz/found/$name-" \
        "$work/$name" "$here/corpus/$name" >"$work/log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
        echo "ok   $name: $runs runs"
    else
        status=1
        echo "FAIL $name"
        tail -n 40 "$work/log"
    fi
done
exit $status
