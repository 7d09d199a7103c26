#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Builds trace_dump when it must and runs it: trace-dump.sh SYMBOLS TRACE COMMAND
# It prints nothing of its own on standard output, so that the output can go to another program.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=Tools/recipes/terminal.sh
source "$root/Tools/recipes/terminal.sh"

log=$root/.build/logs/trace-dump-build.log
[[ -x $root/Tools/.build/release/trace_dump ]] || say "building trace_dump (release)" >&2
quietly "$log" swift build --package-path "$root/Tools" -c release --product trace_dump >&2 \
    || die "trace_dump did not build"
exec "$root/Tools/.build/release/trace_dump" "$@"
