#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Runs an example program: example.sh NAME [ARGS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

name=${1:?the name of an example}
shift
folder=Packages/Examples
examples=$(cd "$folder/Sources" && grep -lrx '@main' . | cut -d / -f 2 | sort | xargs)
[[ " $examples " == *" $name "* ]] || die "no example '$name'; there are: $examples" 2
profile=${VITRINE_PROFILE:-release}

started=$SECONDS
# Progress is for people: standard output is the example's alone, so that it can be piped.
{
    # An example looks for the guests of either profile; build those that are missing.
    for guests in debug release; do
        [[ -d Guests/bin/$guests ]] || Tools/recipes/build-guests.sh "$guests"
        [[ -d Guests/bin/$guests ]] || Tools/recipes/move-guests.sh "$guests"
    done
    say "building the example $name ($profile)"
    quietly ".build/logs/example-$name.log" swift build --package-path "$folder" -c "$profile" --product "$name" \
        || die "the example did not build"
    good "$name built in $(duration $((SECONDS - started)))"
} >&2
exec "$folder/.build/$profile/$name" "$@"
