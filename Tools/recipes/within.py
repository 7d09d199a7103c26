#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs a command for at most some seconds: within.py SECONDS COMMAND…

Ends with the command's own code, or with 124 when time ran out. Then it ends every process that the command started:
a hung test runner has a process group of its own and would outlive `swift test`."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h
OUT_OF_TIME = 124  # as timeout(1) says it


def descendants() -> list[int]:
    """The processes below this one; orphans among them have become its own children."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold anything; the parent is the second field behind it.
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found, generation = [], [os.getpid()]
    while generation:
        generation = [process for process, parent in parents.items() if parent in generation]
        found += generation
    return found


def end_all() -> None:
    for _ in range(20):
        remaining = descendants()
        for process in remaining:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.1)


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def interrupted(number: int, _frame: object) -> None:
        end_all()
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    command = subprocess.Popen(sys.argv[2:])
    try:
        code = command.wait(timeout=float(sys.argv[1]))
    except subprocess.TimeoutExpired:
        end_all()
        return OUT_OF_TIME
    end_all()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
