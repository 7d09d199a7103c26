#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Fuzzes the decoders of this package: run.sh SECONDS [TARGET…]
#
# Without targets: all of them, one after another, each for so many seconds. New corpus entries and findings go to
# .build/fuzz/TARGET. Exit code 0: no finding; 1: a finding; 2: wrong arguments; 3: the targets did not build.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2

seconds=${1:-}
if [[ ! $seconds =~ ^[1-9][0-9]*$ ]]; then
    echo "usage: run.sh SECONDS [TARGET...]" >&2
    exit 2
fi
shift
targets=("$@")
if ((${#targets[@]} == 0)); then
    for folder in Sources/fuzz_*; do
        targets+=("$(basename "$folder")")
    done
fi
for target in "${targets[@]}"; do
    if [[ ! -d Sources/$target ]]; then
        echo "run.sh: no fuzz target '$target'" >&2
        exit 2
    fi
done

mkdir -p .build
swift build -c release --sanitize fuzzer -Xswiftc -sanitize=fuzzer,address >.build/fuzz.log 2>&1 || {
    grep -E 'error' .build/fuzz.log >&2
    exit 3
}

# The runtime's crash reporter would wait at each finding; the fuzzer tells enough.
export SWIFT_BACKTRACE=enable=no
findings=0
for target in "${targets[@]}"; do
    folder=.build/fuzz/$target
    mkdir -p "$folder/corpus"
    if ".build/release/$target" "$folder/corpus" "Seeds/$target" -max_total_time="$seconds" -timeout=5 \
        -malloc_limit_mb=64 -print_final_stats=1 -artifact_prefix="$folder/" >"$folder/log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/log")
        coverage=$(grep -oE 'cov: [0-9]+' "$folder/log" | tail -n 1)
        echo "$target: no finding in $runs runs, ${coverage:-no coverage}"
    else
        echo "$target: a finding in $folder:" >&2
        grep -E 'ERROR|SUMMARY|Fatal error|Test unit' "$folder/log" >&2
        findings=1
    fi
done
exit "$findings"
