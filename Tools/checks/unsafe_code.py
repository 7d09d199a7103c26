#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Checks that `unsafe` stands only in the files that Tools/checks/unsafe-files.d lists, each use under a comment
`// SAFETY:` that says why it is sound, and that no file is listed for nothing.

A safety comment covers the paragraph below it, up to an empty line, and the whole of a declaration or block that opens
in that paragraph. One that begins `// SAFETY, of all below:` covers the rest of the block it stands in: for a type whose
one invariant carries each of its members."""

import re
from pathlib import Path

from repository import ROOT, Findings, code_only, files, text

LISTS = "Tools/checks/unsafe-files.d"
USE = re.compile(r"\bunsafe\b")
SAFETY = re.compile(r"^\s*//+\s*SAFETY(, of all below)?:\s*\S")
OF_ALL_BELOW = re.compile(r"^\s*//+\s*SAFETY, of all below:")


def listed(findings: Findings) -> dict[Path, Path]:
    """The listed files, each with the list that names it."""
    found: dict[Path, Path] = {}
    for list_file in sorted((ROOT / LISTS).glob("*.txt")):
        name = list_file.relative_to(ROOT)
        for number, line in enumerate(list_file.read_text(encoding="utf-8").splitlines(), 1):
            entry = line.split("#")[0].strip()
            if not entry:
                continue
            if Path(entry) in found:
                findings.add(name, f"{entry} is listed twice", number)
            found[Path(entry)] = name
    return found


def covers(lines: list[str], comment: int, use: int) -> bool:
    """Whether the safety comment in line `comment` reaches line `use`: no line between them stands further left, and an
    empty line between them is inside a block that opened below the comment."""
    left = indentation(lines[comment])
    is_of_all = OF_ALL_BELOW.match(lines[comment])
    between = lines[comment + 1 : use + 1]
    for position, line in enumerate(between):
        if line.strip():
            if indentation(line) < left:
                return False
            continue
        if is_of_all:
            continue
        following = next(other for other in between[position:] if other.strip())
        if indentation(following) <= left and not following.lstrip().startswith(("}", ")", "]")):
            return False
    return True


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def uncovered(source: str) -> list[int]:
    """The lines, counted from one, that use `unsafe` with no safety comment over them."""
    lines = source.splitlines()
    comments = [number for number, line in enumerate(lines) if SAFETY.match(line)]
    result = []
    for number, line in enumerate(code_only(source).splitlines()):
        if USE.search(line) and not any(covers(lines, at, number) for at in comments if at < number):
            result.append(number + 1)
    return result


def main() -> None:
    findings = Findings("unsafe code")
    lists = listed(findings)
    using = 0
    for path in files():
        if path.suffix != ".swift" or path.name == "Package.swift":
            continue
        source = text(path)
        if not USE.search(code_only(source)):
            continue
        using += 1
        if path not in lists:
            findings.add(path, f"uses `unsafe` and is in no list of {LISTS}")
        for number in uncovered(source):
            findings.add(path, "`unsafe` without a `// SAFETY:` comment over it", number)
    for path, list_file in lists.items():
        if not (ROOT / path).is_file():
            findings.add(list_file, f"{path} is not there")
        elif not USE.search(code_only(text(path))):
            findings.add(list_file, f"{path} has no unsafe code any more")
    findings.finish(f"{using} files with unsafe code, all listed and explained")


if __name__ == "__main__":
    main()
