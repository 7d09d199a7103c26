# shellcheck shell=bash
# SPDX-License-Identifier: MIT OR Apache-2.0
#
# The SwiftPM packages of this repository, lowest layer first. To be sourced from the top folder.

package_order=(
    Packages/Formats
    Packages/Observability
    Packages/Hypervisor
    Packages/Emulator
    Packages/Host
    Packages/Exporters
    Packages/Bridges
    Packages/Examples
    Guests
    Guests/RuntimeTests
    Tools
    Benchmarks
)

# packages: the folders of all packages that are there, known ones in the order above, any other after them.
packages() {
    local folder known
    for folder in "${package_order[@]}"; do
        [[ ! -f $folder/Package.swift ]] || printf '%s\n' "$folder"
    done
    for folder in Packages/*; do
        [[ -f $folder/Package.swift ]] || continue
        for known in "${package_order[@]}"; do
            [[ $known != "$folder" ]] || continue 2
        done
        printf '%s\n' "$folder"
    done
}

# package_folder NAME: the folder of the package of that name, "Host" or "Packages/Host", in any case of letters.
package_folder() {
    local folder
    while read -r folder; do
        if [[ ${folder,,} == "${1,,}" || $(basename "${folder,,}") == "${1,,}" ]]; then
            printf '%s\n' "$folder"
            return 0
        fi
    done < <(packages)
    return 1
}
