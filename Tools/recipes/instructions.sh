#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Counts the instructions of the telemetry figures, which do not depend on what else the machine does:
# `just bench --instructions [NAME…]`. Each loop runs twice under callgrind, the second time twice as long; the difference is that of
# so many operations. Ends with code 1 when a figure takes more than its bound. Needs valgrind, and builds on its own:
# valgrind cannot follow the Swift runtime as a shared library, nor read its debug information.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

command -v valgrind >/dev/null || die "valgrind is not installed, and without it instructions are not counted"

started=$SECONDS
say "building the benchmarks (release, static standard library)"
quietly .build/logs/instructions-build.log swift build --package-path Benchmarks --scratch-path Benchmarks/.build-static \
    -c release --static-swift-stdlib -Xlinker --strip-debug --product vitrine-bench || die "the benchmarks did not build"
good "benchmarks built in $(duration $((SECONDS - started)))"

bench=Benchmarks/.build-static/release/vitrine-bench
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT

# total NAME SIDE OPERATIONS: the instructions of a whole run.
total() {
    # The same order of dictionaries each time.
    SWIFT_DETERMINISTIC_HASHING=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$bench" --operations "$3" --side "$2" "$1" 2>&1 >/dev/null | awk '/Collected/ { print $4 }'
}

# each NAME SIDE OPERATIONS: the instructions of one operation, with two decimals.
each() {
    local once twice
    total "$1" "$2" "$3" >"$folder/once" &
    twice=$(total "$1" "$2" $((2 * $3)))
    wait $!
    once=$(<"$folder/once")
    [[ -n $once && -n $twice ]] || die "callgrind gave no count for $1"
    awk -v once="$once" -v twice="$twice" -v count="$3" 'BEGIN { printf "%.2f", (twice - once) / count }'
}

started=$SECONDS
missed=0
printf '%-30s %14s %10s %10s %6s %6s %14s\n' figure instructions 'the loop' 'over it' bound met 'the peer'
while read -r name count bound sides; do
    # Two threads run the same instructions as one.
    [[ $name != *_2_threads ]] || continue
    subject=$(each "$name" subject "$count")
    empty='' over='' met='' peer=''
    if [[ " $sides " == *' empty '* ]]; then
        empty=$(each "$name" empty "$count")
        over=$(awk -v subject="$subject" -v empty="$empty" 'BEGIN { printf "%.2f", subject - empty }')
    fi
    if [[ $bound != - ]]; then
        met=$(awk -v value="${over:-$subject}" -v bound="$bound" 'BEGIN { print (value <= bound ? "yes" : "no") }')
        [[ $met == yes ]] || missed=$((missed + 1))
    else
        bound=''
    fi
    [[ " $sides " != *' peer '* ]] || peer=$(each "$name" peer $((count < 20000 ? count : 20000)))
    printf '%-30s %14s %10s %10s %6s %6s %14s\n' "$name" "$subject" "$empty" "$over" "$bound" "$met" "$peer"
done < <("$bench" --list-loops "$@")
good "counted in $(duration $((SECONDS - started)))"
((missed == 0)) || die "$missed figures take more instructions than they may"
