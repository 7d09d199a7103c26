#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Builds the guests: build.sh [debug|release] [traits]
# traits: a list such as trace_guest,mem_profile (both are on by default), or none.
set -eu
cd "$(dirname "$0")"
profile=${1:-release}
traits=${2:-}
case "$profile" in
debug | release) ;;
*) echo "usage: $0 [debug|release] [trace_guest,mem_profile|none]" >&2; exit 2 ;;
esac
case "$traits" in
"") set -- ;;
none) set -- --disable-default-traits ;;
*) set -- --traits "$traits" ;;
esac
# The executable targets of the manifest, one name after the other.
guests=$(sed -n '/\.executableTarget(/{n;s/.*name: "\([^"]*\)".*/\1/p;}' Package.swift)
for guest in $guests; do
    swift build -c "$profile" --triple x86_64-unknown-none-elf --toolset toolset.json --product "$guest" "$@"
done
