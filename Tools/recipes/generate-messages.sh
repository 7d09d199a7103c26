#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Makes the C code of messages from folders of Packages/Exporters/Protos: generate-messages.sh MODULE FOLDER… [--check]
# With --check it only compares what it would make with what is there. It needs Debian's protobuf-c-compiler and
# libprotobuf-dev, version 1.4 of the former; nothing else does.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=Tools/recipes/terminal.sh
source "$root/Tools/recipes/terminal.sh"

protos=$root/Packages/Exporters/Protos
target=$root/Packages/Exporters/Sources/${1:?the module}
shift
folders=()
check=
for argument in "$@"; do
    if [[ $argument == --check ]]; then check=yes; else folders+=("$argument"); fi
done
command -v protoc-c >/dev/null || die "there is no protoc-c: install protobuf-c-compiler and libprotobuf-dev" 2
[[ $(protoc-c --version) == "protobuf-c 1.4."* ]] || die "protoc-c 1.4 is wanted, this is $(protoc-c --version | head -n 1)" 2

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
mkdir "$made/include" "$made/generated"
cd "$protos"
mapfile -t files < <(find "${folders[@]}" -name '*.proto' | sort)
protoc-c --proto_path=. --proto_path=/usr/include --c_out="$made/include" "${files[@]}"
# Headers are found by their names, sources lie beside them in no order that matters.
while IFS= read -r -d '' source; do
    mv "$source" "$made/generated/$(basename "$source")"
done < <(find "$made/include" -name '*.pb-c.c' -print0)

if [[ -n $check ]]; then
    same=yes
    diff -r "$made/generated" "$target/generated" || same=
    for folder in "${folders[@]}"; do diff -r "$made/include/$folder" "$target/include/$folder" || same=; done
    [[ -n $same ]] || die "the generated code is not that of Protos: generate it again"
    good "the generated code is that of ${#files[@]} files"
    exit 0
fi
rm -rf "$target/generated"
mkdir -p "$target/include"
mv "$made/generated" "$target/"
for folder in "${folders[@]}"; do
    rm -rf "${target:?}/include/$folder"
    mv "$made/include/$folder" "$target/include/"
done
good "C code of ${#files[@]} files generated"
