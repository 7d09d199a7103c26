#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Runs the benchmarks: bench.sh [NAME…]. Figures go to .build/bench.jsonl. With --instructions in front, counts the
# instructions of the telemetry figures instead.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

[[ -f Benchmarks/Package.swift ]] || die "there is no package in Benchmarks"
if [[ ${1:-} == --instructions ]]; then
    shift
    exec Tools/recipes/instructions.sh "$@"
fi
# The figures of telemetry need no guest.
if [[ " $* " != *' --group telemetry '* && " $* " != *' --list '* ]]; then
    Tools/recipes/build-guests.sh release
    Tools/recipes/move-guests.sh release
fi

started=$SECONDS
say "building the benchmarks (release)"
quietly .build/logs/bench-build.log swift build --package-path Benchmarks -c release --product vitrine-bench \
    || die "the benchmarks did not build"
good "benchmarks built in $(duration $((SECONDS - started)))"

started=$SECONDS
status=0
(cd Benchmarks && .build/release/vitrine-bench "$@") || status=$?
((status == 0)) || die "vitrine-bench ended with code $status" "$status"
good "benchmarks took $(duration $((SECONDS - started))); figures in .build/bench.jsonl"
