#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Removes what builds and recordings left behind.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

mapfile -d '' -t found < <(
    find . -path ./.git -prune -o -type d \( -name .build -o -name '.build-*' -o -path ./Guests/bin -o -path ./trace \) -prune -print0
)
if ((${#found[@]} > 0)); then
    rm -rf -- "${found[@]}"
fi
good "${#found[@]} folders removed"
