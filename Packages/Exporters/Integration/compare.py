# SPDX-License-Identifier: MIT OR Apache-2.0
"""Counts checks, prints a line for each, and finds the first difference of two values."""

import sys
import time


class Checks:
    def __init__(self) -> None:
        self.passed = 0
        self.failures: list[str] = []
        self.started = time.monotonic()

    def check(self, name: str, problem: object = None) -> bool:
        """Passed if there is no problem."""
        if problem:
            self.failures.append(f"{name}: {problem}")
            print(f"✘ {name}\n    {str(problem)[:1000]}", flush=True)
        else:
            self.passed += 1
            print(f"✔ {name}", flush=True)
        return not problem

    def section(self, title: str) -> None:
        print(f"\n{title}  ({time.monotonic() - self.started:.0f} s)", flush=True)

    def finish(self) -> int:
        print()
        for failure in self.failures:
            print(f"failed: {failure[:400]}")
        print(f"{self.passed} passed, {len(self.failures)} failed")
        sys.stdout.flush()
        return 1 if self.failures or not self.passed else 0


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 160 else f"{text[:120]}… ({len(text)} characters)"


def difference(expected, found, place: str = "") -> str | None:
    """The first difference, with the way to it; None if there is none."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in expected:
            if key not in found:
                return f"{place}[{shown(key)}] is missing"
            if problem := difference(expected[key], found[key], f"{place}[{shown(key)}]"):
                return problem
        extra = [key for key in found if key not in expected]
        return f"{place} has {shown(extra[0])} besides" if extra else None
    if isinstance(expected, (list, tuple)) and isinstance(found, (list, tuple)):
        for position, (left, right) in enumerate(zip(expected, found)):
            if problem := difference(left, right, f"{place}[{position}]"):
                return problem
        return None if len(expected) == len(found) else f"{place} has {len(found)} parts and not {len(expected)}"
    return None if expected == found else f"{place} is {shown(found)} and not {shown(expected)}"
