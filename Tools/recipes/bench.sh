#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Runs the benchmarks: bench.sh [NAME…]. Figures go to .build/bench.jsonl.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

[[ -f Benchmarks/Package.swift ]] || die "there is no package in Benchmarks"
Tools/recipes/build-guests.sh release
Tools/recipes/move-guests.sh release

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
