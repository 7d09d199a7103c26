# SPDX-License-Identifier: MIT OR Apache-2.0
"""Sends the samples of `otlp-samples` to each receiver and compares what comes back with what was emitted."""

import json
import subprocess
from pathlib import Path

import otlp_content
from compare import Checks, difference
from otlp_expected import Expected
from receivers import PATIENCE_SECONDS, Failure, Processes, Rotel, StrictSink, TestAgent, wait_for

# What the strict sink has to say of a sample, by kind: the exporter sends times as it was given them.
EXPECTED_VIOLATIONS = {"sample-time-zero": {"time"}, "sample-time-without-end": {"time"}}


def run_samples(processes: Processes, program: Path, folder: Path, name: str, url: str, *options: str) -> dict[str, dict]:
    """What the program says of each sample, by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    log = processes.log(f"otlp-samples-{name}")
    process = processes.start(f"otlp-samples to {name}", [program, folder, url, *options], stdout=open(log, "wb"))
    try:
        code = process.wait(timeout=2 * PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        raise Failure(f"otlp-samples to {name} did not end within {2 * PATIENCE_SECONDS} s; see {log}") from None
    if code != 0:
        raise Failure(f"otlp-samples to {name} ended with code {code}; see {processes.log(f'otlp-samples to {name}')}")
    return {line["name"]: line for line in map(json.loads, log.read_text(encoding="utf-8").splitlines())}


def outcome(line: dict, expected: Expected) -> str | None:
    """Whether the exporter says that everything was taken, and had nothing to remark."""
    content = expected.content
    counts = {"spans": len(content.spans), "logs": len(content.logs)}
    for signal, count in counts.items():
        if problem := difference({"sent": str(count), "dropped": {}, "retries": "0"}, line[signal], signal):
            return problem
    if line["notices"]:
        return f"notices {line['notices']}"
    return difference("200" if expected.truth["families"] else "0", line["metrics_status"], "status of metrics")


def content_difference(expected: otlp_content.Content, found: otlp_content.Content) -> str | None:
    order = repr
    return (
        difference(expected.spans, found.spans, "spans")
        or difference(sorted(expected.logs, key=order), sorted(found.logs, key=order), "logs")
        or difference(expected.metrics, found.metrics, "metrics")
        or difference(resource(found), found.resource, "resource")
        or difference(expected.scopes, found.scopes, "scopes")
        or (f"{found.duplicates} spans came twice" if found.duplicates else None)
    )


def resource(found: otlp_content.Content) -> list:
    """What all samples say of who sends them; content is found by the name."""
    name = next((value for key, value in found.resource if key == "service.name"), None)
    return [("service.name", name), ("service.instance.id", ("string", "1")), ("host.cpus", ("int", 2))]


def violations_by_service(sink: StrictSink) -> dict[str, list]:
    found: dict[str, list] = {}
    for entry in sink.entries():
        for kind, where, words, service in entry["violations"]:
            found.setdefault(service, []).append([kind, where, words])
    return found


def compare(checks: Checks, name: str, folder: Path, lines: dict[str, dict], requests, violations: dict | None) -> None:
    found = otlp_content.by_service(requests)
    truths = sorted(folder.glob("*.truth.json"))
    checks.check(f"{name}: every sample was sent", difference(sorted(lines), [path.name[:-11] for path in truths]))
    for path in truths:
        expected = Expected(json.loads(path.read_text(encoding="utf-8")))
        sample, service = expected.truth["name"], expected.truth["service"]
        checks.check(f"{name}: {sample} is taken", outcome(lines[sample], expected))
        content = expected.content
        if not (content.spans or content.logs or content.metrics):
            continue
        checks.check(f"{name}: {sample} comes back as it was", content_difference(content, found[service]))
        if violations is not None:
            kinds = {violation[0] for violation in violations.get(service, [])}
            problem = difference(EXPECTED_VIOLATIONS.get(service, set()), kinds)
            checks.check(f"{name}: {sample} breaks no rule", problem and violations.get(service))
    if violations is not None:
        checks.check(f"{name}: no request of another service breaks a rule", violations.get(""))


def record_count(content: otlp_content.Content) -> int:
    return len(content.spans) + len(content.logs) + sum(len(metric["points"]) for metric in content.metrics.values())


def settled(sink: StrictSink, folder: Path):
    """The requests of a collector's sink, once nothing is missing; what never comes is found by the comparison."""
    wanted = sum(
        record_count(Expected(json.loads(path.read_text(encoding="utf-8"))).content)
        for path in folder.glob("*.truth.json")
    )

    def arrived():
        requests = list(sink.requests(sink.entries()))
        return requests if sum(map(record_count, otlp_content.by_service(requests).values())) >= wanted else None

    try:
        return wait_for("rotel", arrived)
    except Failure:
        return list(sink.requests(sink.entries()))


def check_samples(checks: Checks, processes: Processes, program: Path, folder: Path) -> None:
    checks.section("Samples to the strict sink, compressed")
    sink = StrictSink(processes, "strict-sink", folder)
    lines = run_samples(processes, program, folder / "sink", "strict-sink", sink.url, "gzip")
    entries = sink.entries()
    compare(checks, "sink", folder / "sink", lines, sink.requests(entries), violations_by_service(sink))
    codings = {entry["headers"].get("content-encoding") for entry in entries}
    checks.check("sink: every request was compressed, in one member", difference({"gzip"}, codings))

    checks.section("Samples to ddapm-test-agent")
    agent = TestAgent(processes, folder)
    lines = run_samples(processes, program, folder / "agent", "ddapm-test-agent", agent.url)
    compare(checks, "ddapm-test-agent", folder / "agent", lines, agent.requests(), None)

    checks.section("Samples through rotel to a strict sink")
    behind = StrictSink(processes, "strict-sink-behind-rotel", folder)
    rotel = Rotel(processes, folder, behind)
    lines = run_samples(processes, program, folder / "rotel", "rotel", rotel.url, "gzip")
    requests = settled(behind, folder / "rotel")
    compare(checks, "rotel", folder / "rotel", lines, requests, violations_by_service(behind))
