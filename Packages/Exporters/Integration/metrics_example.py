# SPDX-License-Identifier: MIT OR Apache-2.0
"""Has Prometheus scrape the example `metrics`, and compares what it stored with what the example serves and did."""

import gzip
import json
import re
import signal
import time
import urllib.request
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from compare import Checks, difference
from examples import Example
from receivers import PATIENCE_SECONDS, Failure, Processes, Prometheus, free_ports, get, wait_for
from scrapes import CONTENT_TYPES, stored_series

# What the session of two guests comes to, whatever the machine.
KNOWN = {
    ("guest_calls_total", ()): 10,
    ("host_calls_total", ()): 2,
    ("guest_cancellations_total", ()): 2,
    ("guest_errors_total", (("code", "guestError"),)): 2,
    ("guest_aborts_total", (("kind", "deadline"),)): 2,
    ("sandboxes_created_total", ()): 2,
    ("sandboxes_poisoned_total", (("code", "deadlineExceeded"),)): 2,
    ("example_sessions_total", (("guest", "simpleguest"), ("outcome", "ok"))): 1,
    ("example_sessions_total", (("guest", "c_simpleguest"), ("outcome", "ok"))): 1,
    ("example_session_duration_seconds_count", ()): 2,
}


def served_series(text: str) -> dict[tuple, float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = dict(sample.labels)
            if "le" in labels:
                labels["le"] = repr(float(labels["le"]))
            found[sample.name, tuple(sorted(labels.items()))] = sample.value
    return found


def check_metrics_example(checks: Checks, processes: Processes, programs: Path, folder: Path) -> None:
    checks.section("metrics, served to Prometheus")
    (port,) = free_ports(1)
    example = Example(processes, programs / "metrics", "--serve", "--port", port)
    url = f"http://127.0.0.1:{port}"
    wait_for("the example's /metrics", lambda: get(f"{url}/metrics"), log=example.output_file)
    checks.check("metrics: /healthz says that all is well", difference(b"ok", get(f"{url}/healthz").strip()))
    for format, accept in (("text", "text/plain"), ("openmetrics", "application/openmetrics-text; version=1.0.0")):
        request = urllib.request.Request(f"{url}/metrics", headers={"Accept": accept, "Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            body = answer.read()
            headers = answer.headers
        checks.check(f"metrics: {format} is what was asked for", difference(CONTENT_TYPES[format], headers["Content-Type"]))
        is_whole = headers["Content-Encoding"] == "gzip" and b"guest_calls_total" in gzip.decompress(body)
        checks.check(f"metrics: {format} comes compressed", None if is_whole else dict(headers))

    configuration = {
        # Beyond its time a scrape fails, and takes the series of the one before with it.
        "global": {"scrape_interval": "3s", "scrape_timeout": "3s"},
        "scrape_configs": [{"job_name": "metrics", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}],
    }
    prometheus = Prometheus(processes, folder, json.dumps(configuration))
    wait_for("the first scrape", lambda: prometheus.query('guest_calls_total{job="metrics"}'), log=prometheus.log)
    served = served_series(get(f"{url}/metrics", Accept="text/plain").decode())
    stored: dict[tuple, float] = {}

    def is_stored() -> bool:
        nonlocal stored
        stored = {
            key: value
            for key, value in stored_series(prometheus, "metrics").items()
            if key[0] != "up" and not key[0].startswith("scrape_")
        }
        return not difference(served, stored)

    try:
        wait_for("a scrape that was in time", is_stored, 60)
    except Failure:
        pass  # The difference is told below.
    checks.check(f"metrics: {len(served)} series are stored as they are served", difference(served, stored))
    for key, value in KNOWN.items():
        checks.check(f"metrics: {key[0]} {dict(key[1])} is {value}", difference(value, stored.get(key)))

    answer = prometheus.ask(
        "query_exemplars", query='{job="metrics"}', start=f"{time.time() - 3600}", end=f"{time.time() + 60}"
    )
    traces = {exemplar["labels"]["trace_id"] for series in answer for exemplar in series["exemplars"]}
    printed = set(re.findall(r"^trace ([0-9a-f]{32}) ", example.output, re.MULTILINE))
    checks.check("metrics: exemplars lead to the traces that were printed", difference(sorted(printed), sorted(traces)))

    example.process.stdin.write(b"\n")
    example.process.stdin.flush()
    checks.check("metrics: ends by Enter", difference(0, example.end(), example.output))
    other = Example(processes, programs / "metrics", "--serve", "--port", 0)
    wait_for("the example serves", lambda: "serving http" in other.output, log=other.output_file)
    other.process.send_signal(signal.SIGTERM)
    checks.check("metrics: ends by SIGTERM", difference(0, other.end(), other.output))
