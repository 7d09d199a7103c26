# SPDX-License-Identifier: MIT OR Apache-2.0
"""Has Prometheus scrape the samples' metrics in both formats, and compares what it stored with what was counted."""

import http.server
import json
import math
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from compare import Checks, difference
from otlp_expected import double
from receivers import Processes, Prometheus, StrictSink, wait_for
from samples import run_samples

CONTENT_TYPES = {
    "text": "text/plain; version=0.0.4; charset=utf-8",
    "openmetrics": "application/openmetrics-text; version=1.0.0; charset=utf-8",
}
PARSERS = {"text": parse_text, "openmetrics": parse_openmetrics}


class Server(http.server.ThreadingHTTPServer):
    # All targets are scraped at once.
    request_queue_size = 128


class Exposition(http.server.BaseHTTPRequestHandler):
    """Serves /FORMAT/SAMPLE from the files that otlp-samples wrote."""

    folder: Path

    def do_GET(self) -> None:
        _, format, name = self.path.split("/")
        body = (self.folder / f"{name}.{format}").read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", CONTENT_TYPES[format])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def bound(text: str) -> str:
    """A label `le`, the same however the number is written."""
    return repr(float(text))


def expected_series(truth: dict, format: str) -> dict[tuple, float]:
    """Name and labels of each series that Prometheus has to have, and its value."""
    found: dict[tuple, float] = {}

    def add(name: str, labels: dict[str, str], value: float) -> None:
        found[name, tuple(sorted(labels.items()))] = value

    for family in truth["families"]:
        for series in family["series"]:
            name, value = family["name"], series["value"]
            labels = {exported(key): text for key, text in series["labels"]}
            match family["kind"]:
                case "counter" if "total" in value:
                    add(name, labels, float(int(value["total"])))
                case "upDownCounter" if "sum" in value:
                    add(name, labels, float(int(value["sum"])))
                case "gauge" if "value" in value:
                    add(name, labels, double(value["value"]))
                case "histogram" if "bounds" in value:
                    labels = {f"exported_{key}" if key == "le" else key: text for key, text in labels.items()}
                    add_histogram(add, name, labels, value, format)
                case "exponentialHistogram" if "scale" in value:
                    count = sum(map(int, value["buckets"])) + int(value["zeros"])
                    add(f"{name}_bucket", labels | {"le": "inf"}, count)
                    if format == "text" or double(value["sum"]) >= 0:
                        add(f"{name}_count", labels, count)
                        add(f"{name}_sum", labels, double(value["sum"]))
    return found


def exported(label: str) -> str:
    """What a target says of itself gives way to what Prometheus says of it."""
    return f"exported_{label}" if label in ("job", "instance") else label


def add_histogram(add, name: str, labels: dict, value: dict, format: str) -> None:
    """Of what OpenMetrics has no place for, it has the last bucket alone, or neither sum nor count."""
    counts, bounds = list(map(int, value["buckets"])), list(map(double, value["bounds"]))
    rises = all(lower < upper for lower, upper in zip(bounds, bounds[1:]))
    total = 0
    for limit, count in zip(bounds, counts):
        total += count
        if rises or format == "text":
            add(f"{name}_bucket", labels | {"le": repr(limit)}, total)
    add(f"{name}_bucket", labels | {"le": "inf"}, sum(counts))
    if format == "text" or (double(value["sum"]) >= 0 and not any(rises and limit < 0 for limit in bounds)):
        add(f"{name}_count", labels, sum(counts))
        add(f"{name}_sum", labels, double(value["sum"]))


def stored_series(prometheus: Prometheus, job: str) -> dict[tuple, float]:
    found = {}
    for result in prometheus.query(f'{{job="{job}"}}'):
        labels = {key: text for key, text in result["metric"].items() if key not in ("__name__", "job", "instance")}
        if "le" in labels:
            labels["le"] = bound(labels["le"])
        found[result["metric"]["__name__"], tuple(sorted(labels.items()))] = float(result["value"][1])
    return found


OWN = {"up", "target_info"}


def series_difference(expected: dict, stored: dict, *, are_buckets_open: bool) -> str | None:
    """Exponential histograms have more buckets than are expected: those only have to rise, which OpenMetrics' parser sees."""
    for key, value in expected.items():
        if key not in stored:
            return f"{key} is missing"
        if not (stored[key] == value or math.isclose(stored[key], value, rel_tol=1e-15) or math.isnan(value) and math.isnan(stored[key])):
            return f"{key} is {stored[key]} and not {value}"
    for name, labels in stored:
        if (name, labels) in expected or name in OWN or name.startswith("scrape_"):
            continue
        if not (are_buckets_open and name.endswith("_bucket")):
            return f"{(name, labels)} besides"
    return None


def check_scrapes(checks: Checks, processes: Processes, program: Path, folder: Path) -> None:
    checks.section("Prometheus scrapes the samples")
    # The files of the run before do, if there was one.
    output = folder.parent / "samples" / "sink"
    if not output.exists():
        run_samples(processes, program, output, "scrapes", StrictSink(processes, "scrapes-sink", folder).url)
    names = sorted(path.name.removesuffix(".text") for path in output.glob("*.text"))
    handler = type("Handler", (Exposition,), {"folder": output})
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    jobs = [(f"{format}-{name}", f"/{format}/{name}") for name in names for format in CONTENT_TYPES]
    configuration = {
        # Beyond its time a scrape fails, and takes the series of the one before with it.
        "global": {"scrape_interval": "5s", "scrape_timeout": "5s"},
        "scrape_configs": [
            {
                "job_name": job,
                "metrics_path": path,
                "static_configs": [{"targets": [f"127.0.0.1:{server.server_address[1]}"]}],
            }
            for job, path in jobs
        ],
    }
    # JSON is YAML.
    prometheus = Prometheus(processes, folder, json.dumps(configuration))

    def targets() -> dict | None:
        found = {target["labels"]["job"]: target for target in prometheus.ask("targets")["activeTargets"]}
        is_known = all(found.get(job, {"health": "unknown"})["health"] != "unknown" for job, _ in jobs)
        return found if is_known else None

    states = wait_for("the first scrape of every sample", targets, log=prometheus.log)
    # On a busy machine a scrape may have been out of time, and is told of before its series can be asked for: what is wrong
    # is looked at again until it is right, or has been wrong for too long.
    end = time.monotonic() + 60

    def lasting(problem: Callable[[], str | None]) -> str | None:
        while (found := problem()) and time.monotonic() < end:
            time.sleep(0.5)
        return found

    for job, path in jobs:
        format, name = path.split("/")[1:]
        checks.check(f"prometheus: {name} as {format} is scraped", lasting(lambda: (targets() or states)[job]["lastError"]))
        text = (output / f"{name}.{format}").read_text(encoding="utf-8")
        truth = json.loads((output / f"{name}.truth.json").read_text(encoding="utf-8"))
        try:
            samples = [sample for family in PARSERS[format](text) for sample in family.samples]
            checks.check(f"prometheus-client: {name} as {format} can be read", None if samples else "nothing in it")
        except ValueError as error:
            checks.check(f"prometheus-client: {name} as {format} can be read", error)
        has_exponential = any(family["kind"] == "exponentialHistogram" for family in truth["families"])
        expected = expected_series(truth, format)
        problem = lasting(
            lambda: series_difference(expected, stored_series(prometheus, job), are_buckets_open=has_exponential)
        )
        checks.check(f"prometheus: {name} as {format} is stored as it was counted", problem)
    check_exemplars(checks, prometheus, output, lasting)
    judge = subprocess.run(
        ["promtool", "check", "metrics"], input=(output / "known-metrics.text").read_bytes(), capture_output=True
    )
    checks.check("promtool has no complaint of known-metrics", judge.stderr.decode() if judge.returncode else None)
    server.shutdown()


def check_exemplars(checks: Checks, prometheus: Prometheus, output: Path, lasting: Callable) -> None:
    """Those that the registry kept are those that can be asked for: value, trace and span."""
    truth = json.loads((output / "known-exemplars.truth.json").read_text(encoding="utf-8"))
    expected = set()
    for family in truth["families"]:
        for series in family["series"]:
            for exemplar in series["exemplars"]:
                kind, value = exemplar["value"]
                expected.add((float(int(value)) if kind == "int" else double(value), *exemplar["context"]))
    now = time.time()

    def stored() -> set:
        answer = prometheus.ask(
            "query_exemplars", query='{job="openmetrics-known-exemplars"}', start=f"{now - 3600}", end=f"{now + 60}"
        )
        return {
            (float(exemplar["value"]), exemplar["labels"].get("trace_id"), exemplar["labels"].get("span_id"))
            for series in answer
            for exemplar in series["exemplars"]
        }

    checks.check("prometheus: there are exemplars to compare", None if expected else "none")
    problem = lasting(lambda: difference(sorted(expected), sorted(stored())))
    checks.check("prometheus: exemplars lead to their spans", problem)
