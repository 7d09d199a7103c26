#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Copies the guests that build.sh made to bin/<profile>/: move.sh [debug|release]
set -eu
cd "$(dirname "$0")"
profile=${1:-release}
mkdir -p "bin/$profile"
# The executable targets of the manifest, one name after the other.
guests=$(sed -n '/\.executableTarget(/{n;s/.*name: "\([^"]*\)".*/\1/p;}' Package.swift)
for guest in $guests; do
    cp ".build/x86_64-unknown-none-elf/$profile/$guest" "bin/$profile/$guest.new"
    mv "bin/$profile/$guest.new" "bin/$profile/$guest"
done
