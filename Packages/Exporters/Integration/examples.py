# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs the example `tracing-otlp` against each receiver; its truth is the lines of JSON that it writes beside."""

import datetime
import json
import os
import signal
import subprocess
from pathlib import Path

import otlp_content
from compare import Checks, difference
from otlp_expected import SEVERITY, double
from receivers import PATIENCE_SECONDS, Failure, Processes, Rotel, StrictSink, TestAgent, free_ports, wait_for
from samples import violations_by_service

SERVICE = "vitrine-tracing-otlp"
REPOSITORY = Path(__file__).resolve().parents[3]
# What the receivers take for a request or the example for its end, on a busy machine: nothing is sent twice or given up.
PATIENT = ["--patience", PATIENCE_SECONDS]
PATIENT_REQUESTS = {"OTEL_EXPORTER_OTLP_TIMEOUT": str(1_000 * PATIENCE_SECONDS)}
OK_STATUS = {"unset": 0, "ok": 1, "error": 2}


class Example:
    """A run of it, in the folder of the repository, as a user runs it."""

    def __init__(self, processes: Processes, program: Path, *arguments: object, **environment: str) -> None:
        # What it hears is what the test says, whatever the shell around has.
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "VITRINE_LOG"))}
        self.output_file = processes.logs / f"integration-{program.name}-{len(processes.running)}.log"
        self.process = processes.start(
            program.name, [program, *arguments], cwd=REPOSITORY, env=inherited | environment,
            stdin=subprocess.PIPE, stdout=open(self.output_file, "wb"), stderr=subprocess.STDOUT,
        )  # fmt: skip

    def end(self) -> int:
        try:
            return self.process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failure(f"the example did not end within {PATIENCE_SECONDS} s; see {self.output_file}") from None

    @property
    def output(self) -> str:
        return self.output_file.read_text(encoding="utf-8", errors="replace")


def microseconds(text: str) -> int:
    """Of a line's time, since the epoch."""
    moment = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
    return round((moment - datetime.datetime.fromtimestamp(0, datetime.timezone.utc)) / datetime.timedelta(microseconds=1))


def plain_attributes(line: dict, *, with_level: bool) -> dict:
    """What a line says besides name, time and context, as attributes."""
    found = {"vitrine.origin": line["origin"], "vitrine.target": line["target"]}
    if with_level:
        found["vitrine.level"] = line["level"]
    if "file" in line:
        found |= {"code.file.path": line["file"], "code.line.number": line["line"]}
    return found | line.get("fields", {})


def values(attributes: list) -> dict:
    def value(encoded):
        kind, content = encoded
        if kind == "array":
            return [value(element) for element in content]
        return double(content) if kind == "double" else content

    return {key: value(encoded) for key, encoded in attributes}


def from_lines(file: Path) -> tuple[dict, list]:
    """Spans by identity with their events, and log records, in the shape that `from_content` gives."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    spans = {}
    for line in lines:
        if "span" in line and line.get("phase") != "start":
            spans[line["trace_id"], line["span_id"]] = {
                "name": line["span"],
                "parent": line.get("parent_span_id", ""),
                "end": microseconds(line["time"]),
                "duration": line["duration_ns"],
                "status": (OK_STATUS[line["status"]], line.get("error", "")),
                "attributes": plain_attributes(line, with_level=True),
                "events": [],
            }
    logs = []
    for line in lines:
        if "message" not in line:
            continue
        identity = line.get("trace_id", ""), line.get("span_id", "")
        if span := spans.get(identity):
            span["events"].append((microseconds(line["time"]), plain_attributes(line, with_level=True), line["message"]))
        else:
            logs.append((microseconds(line["time"]), SEVERITY[line["level"]], line["message"], plain_attributes(line, with_level=False)))
    return spans, sorted(logs, key=repr)


def from_content(content: otlp_content.Content) -> tuple[dict, list]:
    spans = {}
    for identity, span in content.spans.items():
        events = []
        for event in span["events"]:
            attributes = values(event["attributes"])
            # An event that has a name of its own says its message in an attribute.
            message = attributes.pop("exception.message", None) or attributes.pop("message", None) or event["name"]
            events.append((event["time"] // 1_000, attributes, message))
        spans[identity] = {
            "name": span["name"],
            "parent": span["parent"],
            "end": span["end"] // 1_000,
            "duration": span["end"] - span["start"],
            "status": span["status"],
            "attributes": values(span["attributes"]),
            "events": events,
        }
    logs = [
        (log["time"] // 1_000, log["severity"], log["body"][1], values(log["attributes"])) for log in content.logs
    ]
    return spans, sorted(logs, key=repr)


def check_run(checks: Checks, name: str, example: Example, lines: Path, requests, session_count: int) -> None:
    """That what the receiver got is what the example wrote down."""
    content = otlp_content.by_service(requests)[SERVICE]
    spans, logs = from_lines(lines)
    found_spans, found_logs = from_content(content)
    checks.check(f"{name}: a session has spans of host and guests", check_session(spans, session_count))
    checks.check(
        f"{name}: identities, parents, times, attributes, events and status of {len(spans)} spans",
        difference(spans, found_spans, "spans"),
    )
    checks.check(f"{name}: times, levels, texts and attributes of log records", difference(logs, found_logs, "logs"))
    unknown = [key for key, span in found_spans.items() if span["parent"] and (key[0], span["parent"]) not in found_spans]
    checks.check(f"{name}: every parent came too", unknown)
    roots = [span["name"] for span in content.spans.values() if not span["parent"]]
    checks.check(f"{name}: roots are the sessions, and servers", difference(["session"] * session_count, roots))
    kinds = {span["kind"] for span in content.spans.values() if span["name"] == "session"}
    checks.check(f"{name}: the session is of kind server", difference({2}, kinds))
    total = next(iter(content.metrics.get("guest_calls_total", {"points": {}})["points"].values()), {"value": None})
    checks.check(f"{name}: metrics have the calls", difference(("int", 10 * session_count), total["value"]))
    said = f"spans: {len(spans)} sent, none dropped; log records: {len(logs)} sent, none dropped"
    checks.check(f"{name}: the example counts the same", None if said in example.output else f"{said!r} is not in {example.output!r}")


def check_session(spans: dict, session_count: int) -> str | None:
    names = [span["name"] for span in spans.values()]
    origins = {span["attributes"]["vitrine.origin"] for span in spans.values()}
    expected = {"session": session_count, "visit": 2 * session_count, "call": 12 * session_count}
    return difference({"host", "guest"}, origins, "origins") or difference(
        expected, {name: names.count(name) for name in expected}, "names"
    )


def check_examples(checks: Checks, processes: Processes, programs: Path, folder: Path) -> None:
    program = programs / "tracing-otlp"
    checks.section("tracing-otlp, once, to each receiver")
    sink = StrictSink(processes, "example-sink", folder)
    behind = StrictSink(processes, "example-sink-behind-rotel", folder)
    agent = TestAgent(processes, folder)
    rotel = Rotel(processes, folder, behind)

    def once(name: str, url: str, requests, **environment: str) -> None:
        lines = folder / f"{name}.lines"
        example = Example(
            processes, program, "--once", "--json", lines, *PATIENT,
            **{"OTEL_EXPORTER_OTLP_ENDPOINT": url} | PATIENT_REQUESTS | environment,
        )  # fmt: skip
        code = example.end()
        if checks.check(f"{name}: the example ends well", code and f"code {code}: {example.output}"):
            check_run(checks, name, example, lines, requests(lines), 1)

    def behind_rotel(lines: Path):
        count = len(from_lines(lines)[0])

        def arrived():
            requests = list(behind.requests(behind.entries()))
            content = otlp_content.by_service(requests)[SERVICE]
            return requests if len(content.spans) >= count and content.logs and content.metrics else None

        return wait_for("what rotel hands on", arrived)

    once("strict sink", sink.url, lambda _: list(sink.requests(sink.entries())), OTEL_EXPORTER_OTLP_COMPRESSION="gzip")
    codings = {entry["headers"].get("content-encoding") for entry in sink.entries()}
    checks.check("strict sink: compressed as the variable says", difference({"gzip"}, codings))
    once("ddapm-test-agent", agent.url, lambda _: agent.requests())
    once("rotel", rotel.url, behind_rotel, OTEL_EXPORTER_OTLP_COMPRESSION="gzip")
    for each, name in ((sink, "strict sink"), (behind, "rotel")):
        checks.check(f"{name}: nothing breaks a rule", violations_by_service(each))

    checks.section("tracing-otlp, until it is ended")
    for name, end in (
        ("Enter", lambda process: (process.stdin.write(b"\n"), process.stdin.flush())),
        ("SIGTERM", lambda process: process.send_signal(signal.SIGTERM)),
        ("SIGINT", lambda process: process.send_signal(signal.SIGINT)),
    ):
        check_until(checks, processes, program, folder, name, end)

    checks.section("tracing-otlp without a receiver")
    (port,) = free_ports(1)
    example = Example(processes, program, "--once", "--endpoint", f"http://127.0.0.1:{port}", OTEL_BSP_EXPORT_TIMEOUT="1000")
    checks.check("nobody there: code 1", difference(1, example.end()))
    words = example.output.count("no receiver answers")
    checks.check("nobody there: it says so once", difference(1, words, example.output))
    checks.check("nobody there: it counts what is lost", None if "dropped (shutdown)" in example.output else example.output)


def check_until(checks: Checks, processes: Processes, program: Path, folder: Path, name: str, end) -> None:
    sink = StrictSink(processes, f"example-until-{name}", folder)
    lines = folder / f"until-{name}.lines"
    example = Example(
        processes, program, "--json", lines, "--endpoint", sink.url, *PATIENT, OTEL_BSP_SCHEDULE_DELAY="200",
        OTEL_METRIC_EXPORT_INTERVAL="500", **PATIENT_REQUESTS,
    )  # fmt: skip

    def sessions() -> int:
        content = otlp_content.by_service(sink.requests(sink.entries()))[SERVICE]
        return sum(span["name"] == "session" for span in content.spans.values())

    wait_for("two sessions at the sink", lambda: sessions() >= 2, log=example.output_file)
    end(example.process)
    code = example.end()
    checks.check(f"until {name}: the example ends well", code and f"code {code}: {example.output}")
    count = lines.read_text(encoding="utf-8").count('"span":"session"')
    check_run(checks, f"until {name}", example, lines, list(sink.requests(sink.entries())), count)
    checks.check(f"until {name}: nothing breaks a rule", violations_by_service(sink))
