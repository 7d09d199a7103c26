#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
# Copies the guests that build.sh made to bin/<profile>/: move.sh [debug|release]
set -eu
cd "$(dirname "$0")"
profile=${1:-release}
mkdir -p "bin/$profile"
for guest in simpleguest c_simpleguest dummyguest; do
    cp ".build/x86_64-unknown-none-elf/$profile/$guest" "bin/$profile/$guest.new"
    mv "bin/$profile/$guest.new" "bin/$profile/$guest"
done
