#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Runs every check, goes on after a failure, and fails when one did.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

started=$SECONDS
failed=()
for check in format.sh manifests.py arrows.py unsafe_code.py files.py links.py scripts.sh; do
    "Tools/checks/$check" || failed+=("$check")
done
Packages/Formats/check-embedded.sh || failed+=(check-embedded.sh)
if ((${#failed[@]} > 0)); then
    bad "checks in $(duration $((SECONDS - started))); failed: ${failed[*]}"
    exit 1
fi
good "all checks in $(duration $((SECONDS - started)))"
