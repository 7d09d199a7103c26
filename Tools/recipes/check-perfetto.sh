#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Has the real Perfetto read the timelines that the package Exporters writes, and compares: check-perfetto.sh
# It installs Tools/prerequisites/perfetto-pip.txt into a virtual environment of its own, and needs the packages of
# Tools/prerequisites/perfetto-apt.txt, which it installs where it is root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

environment=$PWD/.build/perfetto
sample=$PWD/.build/perfetto-sample
logs=$PWD/.build/logs
mkdir -p "$logs" "$sample"

if ! command -v chromium >/dev/null; then
    mapfile -t wanted < <(grep -v -e '^#' -e '^$' Tools/prerequisites/perfetto-apt.txt)
    ((EUID == 0)) || die "there is no chromium: install ${wanted[*]}" 2
    say "installing ${wanted[*]}"
    quietly "$logs/perfetto-apt.log" apt-get install -y --no-install-recommends "${wanted[@]}" || die "apt-get failed"
fi
if ! cmp -s Tools/prerequisites/perfetto-pip.txt "$environment/installed.txt"; then
    say "installing Perfetto into .build/perfetto"
    rm -rf "$environment"
    quietly "$logs/perfetto-pip.log" python3 -m venv "$environment" || die "there is no venv for Python"
    quietly "$logs/perfetto-pip.log" "$environment/bin/pip" install --disable-pip-version-check \
        -r Tools/prerequisites/perfetto-pip.txt || die "pip failed"
    cp Tools/prerequisites/perfetto-pip.txt "$environment/installed.txt"
fi
say "building the sample"
quietly "$logs/perfetto-build.log" swift build --package-path Packages/Exporters --product timeline-sample \
    || die "the sample did not build"
Packages/Exporters/.build/debug/timeline-sample "$sample"
"$environment/bin/python" Packages/Exporters/Integration/perfetto/check.py "$sample" || die "Perfetto says something else"
good "Perfetto reads what was written"
