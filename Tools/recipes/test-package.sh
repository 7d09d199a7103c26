#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Runs the tests of one package: test-package.sh NAME [ARGS of swift test]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh
source Tools/recipes/packages.sh

name=${1:?the name of a package}
shift
folder=$(package_folder "$name") || die "no package '$name'; there are: $(packages | xargs)" 2
say "testing $folder"
exec swift test --package-path "$folder" "$@"
