#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Checks the shell scripts: their syntax, by shellcheck where it is installed, and how bootstrap refuses a machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

scripts=(.ci/run)
while IFS= read -r -d '' file; do
    [[ ! -f $file ]] || scripts+=("$file")
done < <(git ls-files --cached --others --exclude-standard -z -- '*.sh')

for script in "${scripts[@]}"; do
    bash -n "$script"
done
if command -v shellcheck >/dev/null; then
    shellcheck --external-sources "${scripts[@]}"
    good "scripts: ${#scripts[@]} pass shellcheck"
else
    good "scripts: ${#scripts[@]} parse (shellcheck is not installed)"
fi
Tools/checks/bootstrap_refusals.sh
