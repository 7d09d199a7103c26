#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Emits 50,000 spans a second while the receiver is down: storm.sh [SECONDS] [ARGS of otlp-storm]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

seconds=${1:-60}
(($# == 0)) || shift
[[ $seconds =~ ^[0-9]+$ && $seconds -gt 0 ]] || die "the first argument is a number of seconds, not '$seconds'" 2

say "building otlp-storm (release)"
quietly .build/logs/storm-build.log swift build --package-path Packages/Exporters -c release --product otlp-storm \
    || die "otlp-storm did not build"
say "a storm of $seconds s, and a quarter of that with the receiver up"
exec Packages/Exporters/.build/release/otlp-storm --seconds "$seconds" "$@"
