#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Checks the arrows of docs/architecture.md: which package may use which, which module a source may import, and that
Foundation stays out of every package below Exporters and Tools."""

import re

from repository import Findings, code_only, packages, text

# A package may depend on these. The first layer depends on nothing; a package that is not named here is refused.
ALLOWED = {
    "Formats": set(),
    "Observability": set(),
    "Hypervisor": {"Formats", "Observability"},
    "Emulator": {"Hypervisor", "Formats", "Observability"},
    "Host": {"Hypervisor", "Formats", "Observability"},
    "Exporters": {"Observability"},
    "Bridges": {"Observability"},
    "Guests": {"Formats"},
    "Tools": {"Formats"},
    "Examples": {"Formats", "Observability", "Hypervisor", "Emulator", "Host", "Exporters", "Bridges"},
    "Benchmarks": {"Formats", "Observability", "Hypervisor", "Emulator", "Host", "Exporters", "Bridges"},
}

# Test targets may use these as well: the end-to-end tests of Host run on both backends and print what they saw.
ALLOWED_IN_TESTS = {
    "Host": {"Emulator", "Exporters"},
}

# Of the packages that a package may use, these are limited to some modules.
ONLY_MODULES = {
    ("Guests", "Formats"): {"VitrineWire", "CVitrineABI"},
}

# Packages that may fetch packages of others.
MAY_USE_REMOTE = {"Exporters", "Bridges", "Tools", "Examples", "Benchmarks"}

# No Foundation in the sources of these.
WITHOUT_FOUNDATION = {"Formats", "Observability", "Hypervisor", "Emulator", "Host", "Guests"}
FOUNDATION = {"Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationInternationalization"}

# What the toolchain brings.
TOOLCHAIN = {"Swift", "Glibc", "Dispatch", "Synchronization", "Testing", "PackageDescription"} | FOUNDATION

IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?(\w+)",
    re.MULTILINE,
)


def base(name: str) -> str:
    """`Formats/Fuzz` follows the rules of `Formats`."""
    return name.split("/")[0]


def allowed(package: str, *, in_tests: bool) -> set[str]:
    own = base(package)
    above = {own} if "/" in package else set()
    return ALLOWED[own] | above | (ALLOWED_IN_TESTS.get(own, set()) if in_tests else set())


def main() -> None:
    findings = Findings("arrows")
    by_folder = {package.folder: package for package in packages().values()}
    home = {}
    for package in packages().values():
        for target in package.targets:
            home.setdefault(target.name, package.name)

    imports = 0
    for package in packages().values():
        manifest = package.folder / "Package.swift"
        if base(package.name) not in ALLOWED:
            findings.add(manifest, f"{package.name} has no place in the architecture: see Tools/checks/arrows.py")
            continue
        for folder in package.path_dependencies:
            other = by_folder.get(folder)
            if other is None:
                findings.add(manifest, f"the dependency {folder} is not a package of this repository")
            elif other.name not in allowed(package.name, in_tests=True):
                findings.add(manifest, f"{package.name} may not depend on {other.name}")
        if package.remote_dependencies and base(package.name) not in MAY_USE_REMOTE:
            findings.add(manifest, f"{package.name} may not fetch {', '.join(package.remote_dependencies)}")

        own = {target.name for target in package.targets}
        for target in package.targets:
            in_tests = target.kind == "test"
            for name in target.product_packages:
                known = [other.name for other in packages().values() if other.folder.name.lower() == name.lower()]
                if known and not set(known) & allowed(package.name, in_tests=in_tests):
                    findings.add(manifest, f"the target {target.name} may not use a product of {known[0]}")
            for path in target.swift_files():
                source = code_only(text(path))
                for found in IMPORT.finditer(source):
                    imports += 1
                    module = found.group(1)
                    line = source.count("\n", 0, found.start(1)) + 1
                    if module in FOUNDATION and base(package.name) in WITHOUT_FOUNDATION and not in_tests:
                        findings.add(path, f"{package.name} does without {module}", line)
                    if module == "Testing" and not in_tests:
                        findings.add(path, "only tests import Testing", line)
                    if module in TOOLCHAIN or module in own:
                        continue
                    owner = home.get(module)
                    if owner is None:
                        if not package.remote_dependencies:
                            findings.add(path, f"nobody here owns the module {module}", line)
                    elif owner not in allowed(package.name, in_tests=in_tests):
                        findings.add(path, f"{package.name} may not import {module} of {owner}", line)
                    elif module not in ONLY_MODULES.get((base(package.name), owner), {module}):
                        findings.add(path, f"{package.name} may not import {module}", line)
    findings.finish(f"{len(packages())} packages, {imports} imports follow the architecture")


if __name__ == "__main__":
    main()
