#!/usr/bin/env bash
# SPDX-License-Identifier: MIT OR Apache-2.0
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: Tools/bootstrap.sh RECIPE [ARGS…]

Installs what is missing on a Debian or Ubuntu machine that has a Swift toolchain, git and a network, then runs
`just RECIPE`. It installs as root, or by sudo; nothing that is there is installed again.

recipes
  demo              build the guests and run the demonstration
  test              run every package's tests
  test-integration  run the examples against real receivers of telemetry
  test-all          both, counted together: what the continuous integration runs
  check             run the checks of the sources
  bench             run the benchmarks
  install           install only, run nothing

What is installed: the packages of Tools/prerequisites/apt.txt, and those of Tools/prerequisites/pip.txt into a virtual
environment of their own: as root /usr/local/lib/vitrine with a link to `just` in /usr/local/bin, otherwise
~/.local/share/vitrine with a link in ~/.local/bin. For test-integration and test-all also those of integration-apt.txt
and integration-pip.txt, into vitrine-integration beside it (about 180 MB).

exit codes
  2  wrong usage           3  another system         4  another architecture    5  no Swift
  6  Swift is too old      7  not allowed to install 8  an installation failed
  any other: the code of the recipe
TEXT
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
prerequisites=$root/Tools/prerequisites
# shellcheck source=Tools/recipes/terminal.sh
source "$root/Tools/recipes/terminal.sh"

# entries FILE: the lines of a list without comments.
entries() {
    sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$1"
}

# release_field NAME: a field of the system's os-release file; VITRINE_OS_RELEASE names another file, for tests.
release_field() {
    sed -nE "s/^$1=\"?([^\"]*)\"?\$/\1/p" "${VITRINE_OS_RELEASE:-/etc/os-release}" 2>/dev/null || true
}

check_machine() {
    local system architecture
    system=$(uname -s)
    [[ $system == Linux ]] || die "Vitrine runs on Linux, and this system is $system." 3
    architecture=$(uname -m)
    [[ $architecture == x86_64 ]] || die "Vitrine runs on x86-64, and this machine is $architecture." 4
    [[ " $(release_field ID) $(release_field ID_LIKE) " =~ \ (debian|ubuntu)\  ]] \
        || die "This script knows Debian and Ubuntu, and this system is $(release_field PRETTY_NAME); install what Tools/prerequisites lists, then run just." 3
}

check_swift() {
    local version
    command -v swift >/dev/null \
        || die "There is no Swift on the PATH: install Swift 6.3 or newer from https://www.swift.org/install and try again." 5
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1 || true)
    [[ -n $version ]] || die "The swift on the PATH does not tell its version: install Swift 6.3 or newer from https://www.swift.org/install." 5
    ((${version%.*} > 6 || (${version%.*} == 6 && ${version#*.} >= 3))) \
        || die "Vitrine needs Swift 6.3 or newer, and the one on the PATH is $version." 6
}

# missing_packages LIST…: the entries of these lists that dpkg does not have.
missing_packages() {
    local list package
    for list in "$@"; do
        while read -r package; do
            [[ $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) == "install ok installed" ]] \
                || printf '%s\n' "$package"
        done < <(entries "$prerequisites/$list")
    done
}

# install_packages LIST…
install_packages() {
    local missing become=() started=$SECONDS log
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0
    if (($(id -u) != 0)); then
        become=(sudo)
        # Without a terminal nobody can type a password: sudo has to do without, or the packages are named.
        [[ -t 0 ]] || become+=(-n)
        if ! command -v sudo >/dev/null || ! "${become[@]}" true 2>/dev/null; then
            die "These packages are missing and only root may install them: run 'apt-get install ${missing[*]}' as root, then try again." 7
        fi
    fi
    say "installing ${missing[*]}"
    log=$(mktemp)
    if ! "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update >"$log" 2>&1 </dev/null \
        || ! "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" \
            >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "apt-get could not install ${missing[*]}." 8
    fi
    rm -f "$log"
    good "packages installed in $(duration $((SECONDS - started)))"
}

# just_is_usable: whether the `just` on the PATH runs and is new enough for the Justfile. A pyenv shim may be there
# and not run.
just_is_usable() {
    just --justfile "$root/Justfile" --summary >/dev/null 2>&1
}

# make_environment FOLDER LIST: a virtual environment with the packages of the list.
make_environment() {
    local log python=/usr/bin/python3
    say "installing $(entries "$prerequisites/$2" | xargs) into $1"
    log=$(mktemp)
    # Debian's own python has the venv module that apt.txt asks for; another python on the PATH may not.
    [[ -x $python ]] || python=python3
    if ! "$python" -m venv --clear "$1" >"$log" 2>&1 </dev/null \
        || ! "$1/bin/python" -m pip install --quiet --disable-pip-version-check \
            -r "$prerequisites/$2" >>"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "pip could not install what Tools/prerequisites/$2 lists: it needs a network, or a cache of these packages." 8
    fi
    rm -f "$log"
}

# environment_folder NAME: where a virtual environment of ours is.
environment_folder() {
    if (($(id -u) == 0)); then
        printf '/usr/local/lib/%s\n' "$1"
    else
        printf '%s/%s\n' "${XDG_DATA_HOME:-$HOME/.local/share}" "$1"
    fi
}

# install_receivers: what the tests against real receivers need besides. Made anew when the list has changed.
install_receivers() {
    local tools started=$SECONDS list
    tools=$(environment_folder vitrine-integration)
    list=$(entries "$prerequisites/integration-pip.txt")
    [[ ! -x $tools/bin/python || $(cat "$tools/installed.txt" 2>/dev/null || true) != "$list" ]] || return 0
    make_environment "$tools" integration-pip.txt
    printf '%s\n' "$list" >"$tools/installed.txt"
    good "receivers installed in $(duration $((SECONDS - started)))"
}

install_just() {
    local tools links started=$SECONDS found_path=$PATH
    ! just_is_usable || return 0
    tools=$(environment_folder vitrine)
    links=$HOME/.local/bin
    (($(id -u) != 0)) || links=/usr/local/bin
    PATH=$tools/bin:$PATH
    if ! just_is_usable; then
        make_environment "$tools" pip.txt
        hash -r
        just_is_usable || die "the installed just cannot read the Justfile." 8
        good "just installed in $(duration $((SECONDS - started)))"
    fi
    if [[ ! -e $links/just || -L $links/just ]]; then
        mkdir -p "$links"
        ln -sfn "$tools/bin/just" "$links/just"
    fi
    [[ :$found_path: == *:$links:* ]] || say "put $links on your PATH to call just yourself"
}

main() {
    case ${1:-} in
        -h | --help)
            usage
            exit 0
            ;;
        demo | test | test-integration | test-all | check | bench | install) ;;
        '')
            usage >&2
            exit 2
            ;;
        *)
            die "there is no recipe '$1' here: demo, test, test-integration, test-all, check, bench or install (--help tells more)." 2
            ;;
    esac
    check_machine
    check_swift
    install_packages apt.txt
    case $1 in
        test-integration)
            install_packages integration-apt.txt
            install_receivers
            ;;
        test-all)
            # Without the receivers their tests fail, and the others are worth running.
            (install_packages integration-apt.txt && install_receivers) || true
            ;;
    esac
    install_just
    if [[ $1 == install ]]; then
        good "everything is there"
        return 0
    fi
    export PATH
    cd "$root"
    exec just --justfile "$root/Justfile" "$@"
}

main "$@"
