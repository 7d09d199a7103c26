#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Checks every source file: at most 400 lines, a licence line first, a name that says what is inside, nothing left open,
Python that can be compiled, no trap in library code, no path that only one machine has."""

import re
from pathlib import Path

from repository import Findings, code_only, files, text

MAXIMUM_LINES = 400
LICENCE = "SPDX-License-Identifier: MIT OR Apache-2.0"
SOURCE = {".swift", ".c", ".h", ".S", ".sh", ".py"}
PROSE = {".md", ".txt", ".yml", ".json", ".svg", ".ld", ".proto", ".modulemap"}
BARE = {"Justfile", "run"}

VAGUE_NAME = re.compile(r"(Utils?|Utilities|Helpers?|Common|Managers?|Misc)(\+|\.|$)")

# Written so that no pattern finds itself.
LEFT_OPEN = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|[Nn]ot (yet )?imple" r"mented|unimple" r"mented")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:(?:work|farm|root|home)/|opt/sw" r"ift)|\.\./\.?(?:sha" r"red|libr" r"ary)/")
TRAP = re.compile(r"\btry!|\bas!|\bfatalError\(")
GENERATED = re.compile(r"\.pb-c\.[ch]$")


def is_fixture(path: Path) -> bool:
    return any(part in ("Fixtures", "Seeds") for part in path.parts)


def check_source(path: Path, source: str, findings: Findings) -> None:
    lines = source.splitlines()
    if len(lines) > MAXIMUM_LINES:
        findings.add(path, f"{len(lines)} lines; at most {MAXIMUM_LINES}, one concern a file")
    # A script opens with its interpreter and a manifest with the version of the tools.
    opening = lines[:2] if path.suffix in (".sh", ".py") or path.name in BARE | {"Package.swift"} else lines[:1]
    if not any(LICENCE in line for line in opening):
        findings.add(path, f"no `{LICENCE}` at the top", 1)
    if path.suffix == ".py":
        try:
            compile(source, str(path), "exec")
        except SyntaxError as error:
            findings.add(path, f"no Python: {error.msg}", error.lineno)
    if VAGUE_NAME.search(path.name):
        findings.add(path, "the name does not say what is inside")
    # A guest may end itself: that is how its failed assertions reach the host.
    if path.suffix == ".swift" and "Sources" in path.parts and path.parts[0] != "Guests":
        for number, line in enumerate(code_only(source).splitlines(), 1):
            if found := TRAP.search(line):
                findings.add(path, f"{found.group()} in a library", number)


def main() -> None:
    findings = Findings("files")
    sources = 0
    for path in files():
        is_source = path.suffix in SOURCE or path.name in BARE - {"Justfile"}
        if is_fixture(path) or GENERATED.search(path.name):
            continue
        if not (is_source or path.suffix in PROSE or path.name in BARE):
            continue
        source = text(path)
        if is_source:
            sources += 1
            check_source(path, source, findings)
        for number, line in enumerate(source.splitlines(), 1):
            if LEFT_OPEN.search(line):
                findings.add(path, "left open: build it, or say in the documents that it is not there", number)
            if MACHINE_PATH.search(line):
                findings.add(path, "a path that only one machine has", number)
    findings.finish(f"{sources} source files are short, licensed, named and closed")


if __name__ == "__main__":
    main()
