#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Runs Tools/bootstrap.sh on pretended machines: stand-ins for uname, id, swift, dpkg-query, apt-get and sudo lie first
# on the PATH. Checks the exit code and the one sentence of each refusal, and that nothing is installed twice.
#
# shellcheck disable=SC2016 # the bodies of the stand-ins are for another shell
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0
cases=0

# Every program that bootstrap uses, so that the pretended machine has these and no others.
real=(bash basename cat dirname env grep head id ln mkdir mktemp rm sed tail true uname xargs)

# machine: a new folder of programs, printed.
machine() {
    local folder program path
    folder=$(mktemp -d -p "$scratch")
    for program in "${real[@]}"; do
        path=$(type -P "$program")
        ln -s "$path" "$folder/$program"
    done
    stand_in "$folder" swift 'echo "Swift version 6.3.1 (swift-6.3.1-RELEASE)"'
    stand_in "$folder" dpkg-query 'printf "install ok installed"'
    stand_in "$folder" apt-get 'echo "apt-get $*" >>"$(dirname "$0")/apt.log"'
    printf '%s\n' "$folder"
}

# stand_in FOLDER PROGRAM BODY
stand_in() {
    rm -f "$1/$2"
    printf '#!/bin/bash\n%s\n' "$3" >"$1/$2"
    chmod +x "$1/$2"
}

# expect NAME FOLDER CODE PATTERN [ARGUMENT…]: runs bootstrap there; its output has to match, a refusal in one line.
expect() {
    local name=$1 folder=$2 code=$3 pattern=$4 output status=0
    shift 4
    cases=$((cases + 1))
    output=$(PATH=$folder VITRINE_OS_RELEASE=${release:-$scratch/debian} bash Tools/bootstrap.sh "$@" 2>&1 </dev/null) \
        || status=$?
    if ((status != code)) || ! grep -qE "$pattern" <<<"$output"; then
        bad "bootstrap, $name: code $status and not $code, or another sentence:"
        printf '%s\n' "$output"
        failures=$((failures + 1))
    elif ((code >= 3 && code != 8)) && (($(wc -l <<<"$output") != 1)); then
        bad "bootstrap, $name: more than one sentence:"
        printf '%s\n' "$output"
        failures=$((failures + 1))
    fi
}

printf 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n' >"$scratch/debian"
printf 'PRETTY_NAME="Ubuntu 24.04 LTS"\nID=ubuntu\nID_LIKE=debian\n' >"$scratch/ubuntu"
printf 'PRETTY_NAME="Fedora Linux 41"\nID=fedora\n' >"$scratch/fedora"

whole=$(machine)
stand_in "$whole" just 'echo "just $*" >>"$(dirname "$0")/just.log"'
expect "help" "$whole" 0 'usage: Tools/bootstrap.sh' --help
expect "no recipe" "$whole" 2 'usage: Tools/bootstrap.sh'
expect "unknown recipe" "$whole" 2 "no recipe 'dance'" dance
expect "nothing missing" "$whole" 0 'everything is there' install
release=$scratch/ubuntu expect "nothing missing on Ubuntu" "$whole" 0 'everything is there' install
expect "a recipe" "$whole" 0 '' test
if [[ -e $whole/apt.log ]]; then
    bad "bootstrap called apt-get though nothing was missing"
    failures=$((failures + 1))
fi
if ! grep -q 'Justfile test$' "$whole/just.log"; then
    bad "bootstrap did not hand the recipe to just"
    failures=$((failures + 1))
fi

release=$scratch/fedora expect "another distribution" "$whole" 3 'this system is Fedora Linux 41' test
release=$scratch/none expect "no os-release file" "$whole" 3 'this system is' test

folder=$(machine)
stand_in "$folder" uname 'case $1 in -s) echo Darwin ;; *) echo arm64 ;; esac'
expect "another system" "$folder" 3 'runs on Linux, and this system is Darwin' demo

folder=$(machine)
stand_in "$folder" uname 'case $1 in -s) echo Linux ;; *) echo aarch64 ;; esac'
expect "another architecture" "$folder" 4 'this machine is aarch64' demo

folder=$(machine)
rm "$folder/swift"
expect "no Swift" "$folder" 5 'no Swift on the PATH' demo

folder=$(machine)
stand_in "$folder" swift 'exit 1'
expect "a Swift that does not run" "$folder" 5 'does not tell its version' demo

folder=$(machine)
stand_in "$folder" swift 'echo "Swift version 6.2.4 (swift-6.2.4-RELEASE)"'
expect "an old Swift" "$folder" 6 'the one on the PATH is 6.2' demo

folder=$(machine)
stand_in "$folder" swift 'echo "Swift version 6.10 (swift-6.10-RELEASE)"'
stand_in "$folder" just 'exit 0'
expect "a newer Swift" "$folder" 0 'everything is there' install

folder=$(machine)
stand_in "$folder" id 'echo 1000'
stand_in "$folder" dpkg-query 'exit 1'
expect "packages missing, no sudo" "$folder" 7 "apt-get install libunicorn-dev" demo
stand_in "$folder" sudo 'exit 1'
expect "packages missing, sudo refuses" "$folder" 7 "apt-get install libunicorn-dev" demo

folder=$(machine)
stand_in "$folder" id 'echo 1000'
stand_in "$folder" dpkg-query 'exit 1'
stand_in "$folder" just 'exit 0'
stand_in "$folder" sudo '[[ $1 != -n ]] || shift; exec "$@"'
expect "packages missing, sudo" "$folder" 0 'everything is there' install
if ! grep -q 'apt-get install .*libunicorn-dev' "$folder/apt.log"; then
    bad "bootstrap did not install by sudo"
    failures=$((failures + 1))
fi

folder=$(machine)
stand_in "$folder" id 'echo 0'
stand_in "$folder" dpkg-query 'exit 1'
stand_in "$folder" apt-get 'exit 100'
expect "apt-get fails" "$folder" 8 'could not install' demo

((failures == 0)) || exit 1
good "bootstrap: $cases pretended machines"
