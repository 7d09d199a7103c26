#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Counts the tests of one `swift test` run and prints "PASSED FAILED SKIPPED".

The report is exact but is written only at the end, so a run that died is counted from its log. A run that ended with
an error counts at least one failure, whatever its tests say."""

import argparse
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def from_report(path: Path) -> tuple[int, int, int]:
    passed = failed = skipped = 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def from_log(path: Path) -> tuple[int, int, int]:
    text = path.read_text(encoding="utf-8", errors="replace")
    count = lambda pattern: len(re.findall(pattern, text, re.MULTILINE))
    # The symbols ✔ ✘ ➜ open the line of a test's end; the whole run and the suites have lines of their own.
    return (
        count(r"^✔ Test (?!run\b|case\b).* passed after"),
        count(r"^✘ Test (?!run\b|case\b).* failed after"),
        count(r"^➜ Test (?!case\b).* skipped"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--status", type=int, required=True)
    arguments = parser.parse_args()
    try:
        passed, failed, skipped = from_report(arguments.report)
    except (OSError, ElementTree.ParseError):
        passed, failed, skipped = from_log(arguments.log)
    if arguments.status != 0 and failed == 0:
        failed = 1
    print(passed, failed, skipped)


if __name__ == "__main__":
    main()
