#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Builds and runs the fuzz targets: fuzz.sh [SECONDS] [TARGET…]
#
# A fuzz target is an executable `fuzz_*` of a package Packages/<Name>/Fuzz. Seeds stand in Fuzz/Seeds/<target>; the
# corpus that grows, and any finding, go to .build/fuzz/<target>.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

seconds=${1:-60}
(($# == 0)) || shift
[[ $seconds =~ ^[0-9]+$ && $seconds -gt 0 ]] || die "the first argument is a number of seconds, not '$seconds'" 2

# The runtime's crash reporter would wait at each finding; the fuzzer tells enough.
export SWIFT_BACKTRACE=enable=no

targets=()
declare -A binary=() seeds=()
for manifest in Packages/*/Fuzz/Package.swift; do
    [[ -f $manifest ]] || continue
    folder=$(dirname "$manifest")
    package=$(basename "$(dirname "$folder")")
    say "building the fuzz targets of $package"
    # `--sanitize fuzzer` leaves the main function to the fuzzer. SwiftPM joins several --sanitize in any order and the
    # compiler takes the last, so both are said once more, together.
    quietly "$PWD/.build/logs/fuzz-$package.log" \
        swift build --package-path "$folder" -c release --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address \
        || die "the fuzz targets of $package did not build"
    for source in "$folder"/Sources/fuzz_*; do
        name=$(basename "$source")
        targets+=("$name")
        binary[$name]=$folder/.build/release/$name
        seeds[$name]=$folder/Seeds/$name
    done
done
((${#targets[@]} > 0)) || die "there are no fuzz targets"

if (($# > 0)); then
    for name in "$@"; do
        [[ -n ${binary[$name]:-} ]] || die "no fuzz target '$name'; there are: ${targets[*]}" 2
    done
    targets=("$@")
fi

findings=0
for name in "${targets[@]}"; do
    folder=.build/fuzz/$name
    mkdir -p "$folder/corpus" "$folder/findings"
    corpora=("$folder/corpus")
    [[ ! -d ${seeds[$name]} ]] || corpora+=("${seeds[$name]}")
    say "$name for $seconds s"
    status=0
    Tools/recipes/within.py $((seconds + 120)) "${binary[$name]}" "${corpora[@]}" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=64 -print_final_stats=1 \
        -artifact_prefix="$folder/findings/" >"$folder/run.log" 2>&1 </dev/null || status=$?
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/run.log")
    coverage=$(grep -oE 'cov: [0-9]+' "$folder/run.log" | tail -n 1 || true)
    if ((status == 0)) && [[ -z $coverage ]]; then
        bad "$name: it was built without coverage, so nothing was searched"
        findings=$((findings + 1))
    elif ((status == 0)); then
        good "$name: ${runs:-0} runs, $coverage, no finding"
    else
        bad "$name: code $status after ${runs:-some} runs; the input is in $folder/findings"
        grep -E 'ERROR|SUMMARY|Fatal error|Test unit written' "$folder/run.log" | head -n 10 || tail -n 10 "$folder/run.log"
        findings=$((findings + 1))
    fi
done
printf '%d passed, %d failed\n' $((${#targets[@]} - findings)) "$findings"
((findings == 0))
