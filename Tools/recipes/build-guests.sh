#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Builds the guests for bare x86-64: build-guests.sh [debug|release] [TRAIT,TRAIT|none]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

profile=${1:-debug}
traits=${2:-}
[[ $profile == debug || $profile == release ]] || die "a profile is debug or release, not '$profile'" 2

started=$SECONDS
say "building the guests ($profile${traits:+, traits $traits})"
quietly ".build/logs/build-guests-$profile.log" Guests/build.sh "$profile" "$traits" || die "the guests did not build"
good "guests built in $(duration $((SECONDS - started)))"
