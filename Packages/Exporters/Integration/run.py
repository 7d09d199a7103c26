#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs examples and samples against real receivers and compares what they got with what was emitted.

Called by `just test-integration`, which builds the programs and finds the Python that has the receivers."""

import argparse
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from compare import Checks
from examples import check_examples
from metrics_example import check_metrics_example
from monitoring import check_monitoring
from receivers import Failure, Processes
from samples import check_samples
from scrapes import check_scrapes
from timelines.check import check_timelines

LIMIT_MINUTES = 20
PARTS = ["samples", "scrapes", "examples", "metrics", "monitoring", "timelines"]


def run(part: str, checks: Checks, processes: Processes, arguments: argparse.Namespace, folder: Path) -> None:
    match part:
        case "samples":
            check_samples(checks, processes, arguments.samples, folder)
        case "scrapes":
            check_scrapes(checks, processes, arguments.samples, folder)
        case "examples":
            check_examples(checks, processes, arguments.examples, folder)
        case "metrics":
            check_metrics_example(checks, processes, arguments.examples, folder)
        case "monitoring":
            check_monitoring(checks, processes, arguments.examples, folder)
        case "timelines":
            check_timelines(checks, processes, arguments.timeline_sample, folder)


def run_parts(checks: Checks, arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="vitrine-integration-") as name:
        folder = Path(name)
        for part in PARTS if arguments.only is None else [arguments.only]:
            place = folder / part
            place.mkdir()
            with Processes(arguments.logs) as processes:
                try:
                    run(part, checks, processes, arguments, place)
                    processes.check_alive()
                except Failure as failure:
                    checks.check(f"{part}: the receivers and programs work", failure)
                except Exception:
                    # A check that cannot be made has failed; the others are made nevertheless.
                    checks.check(f"{part}: its checks can be made", traceback.format_exc())


class OutOfTime(BaseException):
    """Whatever still waits gives up; no `except Exception` keeps it from that."""


def give_up(*_: object) -> None:
    raise OutOfTime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, required=True, help="the program otlp-samples")
    parser.add_argument("--timeline-sample", type=Path, required=True, help="the program timeline-sample")
    parser.add_argument("--examples", type=Path, required=True, help="the folder of the examples' programs")
    parser.add_argument("--logs", type=Path, required=True, help="where logs go")
    parser.add_argument("--only", choices=PARTS, help="one part of it")
    parser.add_argument(
        "--limit-seconds", type=int, default=LIMIT_MINUTES * 60, help="how long all of it may take, %(default)s unless told"
    )
    arguments = parser.parse_args()
    arguments.logs.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(max(1, arguments.limit_seconds))
    try:
        run_parts(checks, arguments)
    except OutOfTime:
        checks.check(f"everything ends within {arguments.limit_seconds} s", "it was given up; the logs show what hangs")
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 128 + signal.SIGINT
    finally:
        signal.alarm(0)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
