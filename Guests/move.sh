#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Copies the guests that build.sh made to bin/<profile>/, or to bin/<folder>/: move.sh [debug|release] [folder]
set -eu
cd "$(dirname "$0")"
profile=${1:-release}
folder=${2:-$profile}
mkdir -p "bin/$folder"
# The executable targets of the manifest, one name after the other.
guests=$(sed -n '/\.executableTarget(/{n;s/.*name: "\([^"]*\)".*/\1/p;}' Package.swift)
for guest in $guests; do
    cp ".build/x86_64-unknown-none-elf/$profile/$guest" "bin/$folder/$guest.new"
    mv "bin/$folder/$guest.new" "bin/$folder/$guest"
done
