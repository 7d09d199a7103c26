# SPDX-License-Identifier: MIT OR Apache-2.0
"""Has the real Perfetto read the timelines of `timeline-sample`, whole and damaged, and compares them with what was emitted."""

import json
import subprocess
from pathlib import Path

from compare import Checks
from receivers import Failure, Processes
from timelines.facts import compare
from timelines.rpc import Refused, Session
from timelines.trace import Format, Trace
from timelines.webassembly import Program, Trap

DAY = 86_400 * 10**9


def run_sample(processes: Processes, program: Path, folder: Path) -> dict:
    """What was emitted into the timelines in the folder."""
    process = processes.start("timeline-sample", [program, folder])
    try:
        code = process.wait(timeout=180)
    except subprocess.TimeoutExpired:
        code = None
    if code != 0:
        raise Failure(f"timeline-sample ended with {code}; see {processes.log('timeline-sample')}")
    return json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def check_timelines(checks: Checks, processes: Processes, sample: Path, folder: Path) -> None:
    checks.section("Perfetto reads the timelines")
    expected = run_sample(processes, sample, folder)
    perfetto = Program()
    # Times in Chrome's format are from the midnight before; those in Perfetto's own are of its clock REALTIME.
    midnight = min(int(span["ts"]) for span in expected["spans"]) // DAY * DAY
    for format in (
        Format("Chrome's JSON", "sample.json", "args.", midnight, is_json=True),
        Format("Perfetto's protobuf", "sample.pftrace", "debug.", 0, is_json=False),
    ):
        try:
            check_format(checks, perfetto, (folder / format.file).read_bytes(), expected, format)
        except (Refused, Trap) as problem:
            checks.check(f"Perfetto {perfetto.version} reads {format.name}", problem)
    check_refusals(checks, perfetto, (folder / "sample.json").read_bytes())


def check_format(checks: Checks, perfetto: Program, content: bytes, expected: dict, format: Format) -> None:
    trace = Trace(perfetto, content, format)
    facts = compare(trace, expected, format)
    for topic, count in facts.counts.items():
        name = f"Perfetto {perfetto.version} reads {format.name}: {topic}, {count} facts"
        checks.check(name, "\n    ".join(facts.failures[topic]) if count else "none was compared")

    # The comparison has to see what is wrong. Names have the same length, since lengths are written down.
    for what, old, new, topics in [
        ("a span has another name", b"call-to-guest", b"call-to-Guest", {"spans", "arrows"}),
        ("a counter has another name", b"sample_heap_bytes", b"sample_heap_Bytes", {"counters"}),
    ]:
        damaged = compare(Trace(perfetto, content.replace(old, new), format), expected, format)
        failed = {topic for topic, failures in damaged.failures.items() if failures}
        problem = None if old in content and failed == topics else f"it saw a difference in {failed} and not in {topics}"
        checks.check(f"the comparison of {format.name} sees that {what}", problem)

    # A file that ends in the middle, and not between two records, still has what came before.
    short = Trace(perfetto, content[: len(content) * 2 // 3 + 1], format)
    part, whole = len(short.slices), len(trace.slices)
    checks.check(
        f"Perfetto reads the part of a file in {format.name} that is cut short",
        None if whole // 4 < part < whole else f"{part} of {whole} slices",
    )
    failed = [topic for topic, failures in compare(short, expected, format).failures.items() if failures]
    checks.check(
        f"the comparison of {format.name} sees that a file is cut short",
        None if {"the import", "spans", "events"} <= set(failed) else f"it saw a difference in {failed}",
    )


def check_refusals(checks: Checks, perfetto: Program, content: bytes) -> None:
    """What Perfetto does not take, and what ends it, ends the test with an error."""

    def problem_of(error: type[Exception], attempt) -> str | None:
        try:
            attempt()
        except error:
            return None
        return "it was taken"

    for what, other in [("a text", b"a text and no trace\n"), ("JSON without a list of events", b'{"traceEvents": 0}')]:
        checks.check(f"{what} is refused", problem_of(Refused, lambda: Session(perfetto, other)))
    checks.check("a query that is wrong is refused", problem_of(Refused, lambda: Session(perfetto, content).query("select it")))
    checks.check("a trace processor that does not end is ended", problem_of(Trap, lambda: Session(perfetto, content, fuel=10**8)))
