#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Builds the guests and runs the demonstration; tells how long it took.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

started=$SECONDS
Tools/recipes/build-guests.sh release
Tools/recipes/move-guests.sh release
Tools/recipes/example.sh demo "$@"
good "the demonstration took $(duration $((SECONDS - started))), builds included"
