#!/bin/sh
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Compiles VitrineWire, and a guest that uses it, in Embedded Swift for bare metal, and checks that the guest needs no
# symbol but those that every guest's runtime has. Exit code 0: it does.
set -eu
cd "$(dirname "$0")"
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

flags="-enable-experimental-feature Embedded -wmo -parse-as-library -Osize -target x86_64-unknown-none-elf
    -swift-version 6 -strict-memory-safety -warnings-as-errors -package-name formats
    -enable-experimental-feature Lifetimes -enable-upcoming-feature ExistentialAny
    -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature InternalImportsByDefault
    -Xfrontend -function-sections -Xfrontend -disable-stack-protector"

# shellcheck disable=SC2086 # the flags are words
swiftc $flags -module-name VitrineWire -emit-module -emit-module-path "$directory/VitrineWire.swiftmodule" \
    -c Sources/VitrineWire/*.swift -o "$directory/wire.o"
# shellcheck disable=SC2086
swiftc $flags -module-name EmbeddedGuest -I "$directory" \
    -c Tests/EmbeddedGuest/EmbeddedGuest.swift -o "$directory/guest.o"

undefined=$(nm -u "$directory/guest.o" | awk '{ print $2 }' | sort)
for symbol in $undefined; do
    case $symbol in
    free | memcpy | memmove | memset | memcmp | posix_memalign) ;;
    *)
        echo "check-embedded: VitrineWire makes a guest need '$symbol', which no guest's runtime has" >&2
        exit 1
        ;;
    esac
done
# shellcheck disable=SC2086 # the names in one line
echo "VitrineWire compiles in Embedded Swift; a guest needs only:" $undefined
