#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Builds the guests, runs `swift test` in every package, goes on after a failure, and counts. With --with-integration it
# also runs the examples against real receivers and counts their checks in the same sum.
#
# VITRINE_BACKEND       kvm or emulator: run the tests on that backend alone, the other one's are skipped
# VITRINE_TEST_SECONDS  how long the tests of one package may take (1200)
# VITRINE_BUILD_SECONDS how long its build may take before that, which is minutes on a machine that is busy (3600)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh
source Tools/recipes/packages.sh

with_integration=''
[[ ${1:-} != --with-integration ]] || with_integration=yes
limit=${VITRINE_TEST_SECONDS:-1200}
build_limit=${VITRINE_BUILD_SECONDS:-3600}
backend=${VITRINE_BACKEND:-automatic}
[[ $backend =~ ^(automatic|kvm|emulator)$ ]] || die "VITRINE_BACKEND is automatic, kvm or emulator, not '$backend'" 2
logs=$PWD/.build/logs
mkdir -p "$logs"
rm -f "$logs"/test-*
started=$SECONDS
passed=0 failed=0 skipped=0 count=0
lines=()

# record NAME PASSED FAILED SKIPPED SECONDS NOTE: one line of the table, and the sums.
record() {
    passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
    lines+=("$(printf '%-16s %8s %8s %8s %14s%s' "$1" "$2" "$3" "$4" "$(duration "$5")" "${6:+  $6}")")
    if (($3 == 0)); then
        good "$1: $2 passed, $4 skipped, $(duration "$5")${6:+ ($6)}"
    else
        bad "$1: $2 passed, $3 failed, $4 skipped, $(duration "$5")${6:+ ($6)}"
    fi
}

# show_failures LOG: the lines that tell what failed; without any, the last lines.
show_failures() {
    local pattern='^(.*: )?(error|warning): |^✘ |Fatal error'
    if grep -aqE "$pattern" "$1"; then
        grep -aE "$pattern" "$1" | cut -c 1-400 | awk '!seen[$0]++' | head -n 60
    else
        tail -n 15 "$1"
    fi
}

# test_package FOLDER: builds and runs its tests; the log, the report and the reader of the report tell what happened.
test_package() {
    local folder=$1 name log report status=0 from=$SECONDS outcome note='' step='the build' seconds=$build_limit
    name=$(basename "$folder")
    log=$logs/test-$name.log
    report=$logs/test-$name.xml
    say "testing $name"
    Tools/recipes/within.py "$build_limit" swift build --build-tests --package-path "$folder" \
        >"$log" 2>&1 </dev/null || status=$?
    if ((status == 0)); then
        step='swift test' seconds=$limit
        Tools/recipes/within.py "$limit" swift test --package-path "$folder" --xunit-output "$report" \
            >>"$log" 2>&1 </dev/null || status=$?
    fi
    case $status in
        0) ;;
        124) note="$step was stopped after $seconds s" ;;
        *) note="$step ended with code $status" ;;
    esac
    outcome=$(Tools/recipes/count_tests.py --log "$log" --report "${report%.xml}-swift-testing.xml" --status "$status")
    if ((status != 0)); then
        show_failures "$log"
        printf '%swhole output: %s%s\n' "$dim" "${log#"$PWD"/}" "$plain"
    fi
    # shellcheck disable=SC2086 # three numbers
    record "$name" $outcome $((SECONDS - from)) "$note"
    count=$((count + 1))
}

# Guests without traits have to build and to run; the end-to-end tests call them. First, so that the default builds stay.
if ! Tools/recipes/build-guests.sh release none || ! Guests/move.sh release release-without-traits; then
    record "guests-none" 0 1 0 0 "not built"
fi

# The end-to-end tests run the debug guests; the release guests have to build as well.
for profile in debug release; do
    if ! Tools/recipes/build-guests.sh "$profile" || ! Tools/recipes/move-guests.sh "$profile"; then
        record "guests-$profile" 0 1 0 0 "not built"
    fi
done

while read -r folder; do
    # A package without tests is run by those of the packages above it, or by a recipe of its own.
    [[ -d $folder/Tests ]] || continue
    test_package "$folder"
done < <(packages)

# test_integration: the last line of its log says how many checks passed and failed; without one it did not get that far.
test_integration() {
    local log=$logs/test-integration.log status=0 from=$SECONDS counts good_count bad_count note=''
    say "testing against real receivers"
    # It builds as well, and ends its own checks after their time.
    Tools/recipes/within.py $((build_limit + limit)) Tools/recipes/test-integration.sh >"$log" 2>&1 </dev/null || status=$?
    counts=$(tail -n 1 "$log" | grep -aoE '^[0-9]+ passed, [0-9]+ failed$' || true)
    read -r good_count _ bad_count _ <<<"${counts:-0 passed, 0 failed}"
    if ((status != 0)); then
        ((bad_count > 0)) || bad_count=1
        note="ended with code $status"
        grep -aE '^(failed|error|.*error): ' "$log" | cut -c 1-400 | head -n 60 || tail -n 15 "$log"
        printf '%swhole output: %s%s\n' "$dim" "${log#"$PWD"/}" "$plain"
    fi
    record Integration "$good_count" "$bad_count" 0 $((SECONDS - from)) "$note"
}

[[ -z $with_integration ]] || test_integration

printf '\n%s%-16s %8s %8s %8s %14s%s\n' "$bold" package passed failed skipped time "$plain"
printf '%s\n' "${lines[@]}"
printf '\n'
# A test that runs on several backends names the one in its arguments; the conformance suites name theirs.
backends=$(
    cat "$logs"/test-*.log | grep -aE '^(◇ Test case passing|✔ Suite|✘ Suite)' \
        | grep -aoiE '(on|→) \.?(kvm|emulator) |(kvm|emulator) conforms' | grep -oiE 'kvm|emulator' \
        | tr '[:upper:]' '[:lower:]' | sort -u | xargs || true
)
printf 'backends: %s\n' "${backends:-none}"
printf 'tests: %d in %d packages%s, %s\n' $((passed + failed)) "$count" \
    "${with_integration:+ and against real receivers}" "$(duration $((SECONDS - started)))"
if ((skipped > 0)); then
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
else
    printf '%d passed, %d failed\n' "$passed" "$failed"
fi
((failed == 0 && passed > 0))
