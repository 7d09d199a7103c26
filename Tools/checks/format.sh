#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Checks the format of every Swift file, or with --in-place puts it right.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

listed=()
while IFS= read -r -d '' file; do
    [[ ! -f $file ]] || listed+=("$file")
done < <(git ls-files --cached --others --exclude-standard -z -- '*.swift')
((${#listed[@]} > 0)) || {
    good "format: no Swift file"
    exit 0
}

if [[ ${1:-} == --in-place ]]; then
    swift format format --in-place --parallel --configuration .swift-format "${listed[@]}"
    good "format: ${#listed[@]} Swift files formatted"
elif swift format lint --strict --parallel --configuration .swift-format "${listed[@]}"; then
    good "format: ${#listed[@]} Swift files"
else
    bad "format: \`just format\` puts most of it right"
    exit 1
fi
