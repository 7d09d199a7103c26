#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Copies the built guests to Guests/bin/<profile>: move-guests.sh [debug|release]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

profile=${1:-debug}
[[ $profile == debug || $profile == release ]] || die "a profile is debug or release, not '$profile'" 2
built=Guests/.build/x86_64-unknown-none-elf/$profile
[[ -d $built ]] || die "no guest is built: run \`just build-guests $profile\` first"
Guests/move.sh "$profile"
good "guests in Guests/bin/$profile: $(ls -m "Guests/bin/$profile")"
