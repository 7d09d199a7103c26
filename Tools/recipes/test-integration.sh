#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Builds the examples and runs them against real receivers, and has Perfetto read timelines:
# test-integration.sh [--only samples|scrapes|examples|metrics|monitoring|timelines] [--limit-seconds N]
#
# Everything listens on free ports of 127.0.0.1 and is ended with the script. The last line counts the checks.
#
# VITRINE_PROFILE  debug (the default, which `just test` has built already) or release
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source Tools/recipes/terminal.sh

profile=${VITRINE_PROFILE:-debug}
logs=$PWD/.build/logs
mkdir -p "$logs"
rm -f "$logs"/integration-*

# python_of_receivers: the python of the environment that has all of integration-pip.txt.
python_of_receivers() {
    local python
    for python in /usr/local/lib/vitrine-integration/bin/python \
        "${XDG_DATA_HOME:-$HOME/.local/share}/vitrine-integration/bin/python"; do
        if [[ -x $python ]] && "$python" -c 'import ddapm_test_agent, google.protobuf, opentelemetry.proto, prometheus_client, rotel, viztracer, wasmtime, yaml' 2>/dev/null; then
            printf '%s\n' "$python"
            return 0
        fi
    done
    return 1
}

advice="run 'Tools/bootstrap.sh test-integration', which installs it"
python=$(python_of_receivers) || die "What Tools/prerequisites/integration-pip.txt lists is not installed: $advice."
for program in prometheus promtool; do
    command -v "$program" >/dev/null || die "There is no $program on the PATH: $advice."
done

started=$SECONDS
# build PACKAGE PRODUCT…
build() {
    local package=$1 product
    shift
    for product in "$@"; do
        say "building $product ($profile)"
        quietly "$logs/integration-build-$product.log" \
            swift build --package-path "Packages/$package" -c "$profile" --product "$product" \
            || die "$product did not build"
    done
}
build Exporters timeline-sample
# The others take minutes, and timelines do without.
if [[ " $* " != *" --only timelines "* ]]; then
    for guests in debug release; do
        [[ -d Guests/bin/$guests ]] || Tools/recipes/build-guests.sh "$guests"
        [[ -d Guests/bin/$guests ]] || Tools/recipes/move-guests.sh "$guests"
    done
    build Exporters otlp-samples
    build Examples tracing-otlp metrics
fi
good "built in $(duration $((SECONDS - started)))"

exec "$python" -B Packages/Exporters/Integration/run.py \
    --samples "Packages/Exporters/.build/$profile/otlp-samples" \
    --timeline-sample "Packages/Exporters/.build/$profile/timeline-sample" \
    --examples "Packages/Examples/.build/$profile" \
    --logs "$logs" "$@"
