#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Checks that every manifest holds the strict settings word for word, and that every Swift target has them all."""

from repository import ROOT, Findings, manifests, packages, text

TOOLS_VERSION = "// swift-tools-version: 6.2"
BEGIN, END = "// BEGIN strict settings", "// END strict settings"
REQUIRED = {
    ("swiftLanguageMode", "6"),
    ("strictMemorySafety", ""),
    ("treatAllWarnings", "error"),
    ("enableUpcomingFeature", "ExistentialAny"),
    ("enableUpcomingFeature", "InternalImportsByDefault"),
    ("enableUpcomingFeature", "MemberImportVisibility"),
    ("enableExperimentalFeature", "Lifetimes"),
}


def settings_of(target) -> set[tuple[str, str]]:
    """The Swift settings that hold everywhere, as (kind, value)."""
    found = set()
    for setting in target.settings:
        if setting.get("tool") != "swift" or setting.get("condition"):
            continue
        for kind, value in setting["kind"].items():
            payload = value.get("_0", "") if isinstance(value, dict) else value
            found.add((kind, str(payload)))
    return found


def block_of(source: str) -> str | None:
    lines = source.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith(BEGIN)]
    ends = [number for number, line in enumerate(lines) if line.startswith(END)]
    if len(starts) != 1 or len(ends) != 1 or ends[0] < starts[0]:
        return None
    return "\n".join(lines[starts[0] : ends[0] + 1])


def main() -> None:
    findings = Findings("manifests")
    expected = (ROOT / "Tools/checks/strict-settings.txt").read_text(encoding="utf-8").strip()
    for manifest in manifests():
        source = text(manifest)
        if source.splitlines()[0] != TOOLS_VERSION:
            findings.add(manifest, f"the first line is not `{TOOLS_VERSION}`", 1)
        block = block_of(source)
        if block is None:
            findings.add(manifest, "there is not exactly one block of strict settings")
        elif block != expected:
            findings.add(manifest, "the strict settings differ from Tools/checks/strict-settings.txt")

    targets = 0
    for package in packages().values():
        for target in package.targets:
            if target.kind in ("system", "plugin", "binary") or not target.swift_files():
                continue
            targets += 1
            for kind, value in sorted(REQUIRED - settings_of(target)):
                findings.add(package.folder / "Package.swift", f"target {target.name} lacks {kind} {value}".rstrip())
    findings.finish(f"{len(manifests())} manifests, {targets} Swift targets with the same strict settings")


if __name__ == "__main__":
    main()
