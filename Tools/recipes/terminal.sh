# shellcheck shell=bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# What every recipe prints with: progress lines, colour only on a terminal, durations. To be sourced.

if [[ -t 1 && -z "${NO_COLOR:-}" ]]; then
    bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' dim=$'\e[2m' plain=$'\e[0m'
else
    bold='' red='' green='' dim='' plain=''
fi

# say TEXT: one progress line.
say() {
    printf '%s==>%s %s\n' "$bold" "$plain" "$1"
}

# good TEXT, bad TEXT: the outcome of a step.
good() {
    printf '%sok%s  %s\n' "$green" "$plain" "$1"
}
bad() {
    printf '%sbad%s %s\n' "$red" "$plain" "$1"
}

# die TEXT [CODE]: one sentence on standard error, then the end.
die() {
    printf '%serror:%s %s\n' "$red" "$plain" "$1" >&2
    exit "${2:-1}"
}

# duration SECONDS: "7 s" or "3 min 12 s".
duration() {
    if (($1 < 60)); then
        printf '%d s' "$1"
    else
        printf '%d min %d s' $(($1 / 60)) $(($1 % 60))
    fi
}

# quietly LOG COMMAND…: runs the command with its output in LOG; when it fails, shows the errors of it, or its end.
quietly() {
    local log=$1 status=0
    shift
    mkdir -p "$(dirname "$log")"
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if ((status != 0)); then
        grep -E '(error|warning):' "$log" | sort -u | head -n 40 || tail -n 40 "$log"
        printf '%swhole output: %s%s\n' "$dim" "${log#"$PWD"/}" "$plain"
    fi
    return "$status"
}

# Also defined for the scripts that source this file.
export bold red green dim plain
