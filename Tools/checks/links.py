#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Checks that every link and picture of the Markdown files that points into the repository leads to a file, and to a
heading where it names one."""

import re
from pathlib import Path
from urllib.parse import unquote

from repository import ROOT, Findings, files, text

LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)|(?:src|srcset|href)=\"([^\"]+)\"")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")


def headings(path: Path) -> set[str]:
    """The anchors that a heading gets: small letters, no punctuation, hyphens for spaces."""
    found = re.findall(r"^#{1,6}\s+(.*?)\s*#*$", FENCE.sub("", text(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def main() -> None:
    findings = Findings("links")
    count = 0
    for path in files():
        if path.suffix != ".md":
            continue
        blank = lambda found: re.sub(r"[^\n]", " ", found.group())
        source = CODE.sub(blank, FENCE.sub(blank, text(path)))
        for found in LINK.finditer(source):
            target = found.group(1) or found.group(2)
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            line = source.count("\n", 0, found.start()) + 1
            place, _, anchor = unquote(target).partition("#")
            other = (ROOT / path.parent / place).resolve() if place else ROOT / path
            if not other.exists():
                findings.add(path, f"{target} leads nowhere", line)
            elif anchor and other.suffix == ".md" and anchor not in headings(other.relative_to(ROOT)):
                findings.add(path, f"{target}: no such heading", line)
    findings.finish(f"{count} links lead somewhere")


if __name__ == "__main__":
    main()
