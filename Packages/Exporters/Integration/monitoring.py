# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs every query of the dashboard against Prometheus while an example counts, and the alerts through promtool."""

import json
import math
import re
import subprocess
from pathlib import Path

import yaml

from compare import Checks, difference
from examples import PATIENT, PATIENT_REQUESTS, REPOSITORY, Example
from receivers import Failure, Processes, Prometheus, StrictSink, free_ports, get, wait_for

MONITORING = Path(__file__).resolve().parent.parent / "Monitoring"

# Queries that have no data while all is well, and why. One that has data does not belong here.
EMPTY = {
    "Drops by reason": "the example's guests lose no telemetry, and a reason is a series once something was lost by it",
}

UNITS = {"ops", "percentunit", "short", "bytes", "Bps", "s"}
GRAFANA_VARIABLES = {"__rate_interval", "__interval", "__range"}
METRIC = re.compile(r"\b((?:guest|host|vm|erroneous|sandbox|sandboxes|otlp)_[a-z_]+)\b")
# Long enough for two scrapes on a busy machine, where some are out of time.
RATE_INTERVAL = "60s"


def queries(dashboard: dict) -> list[tuple[str, str]]:
    return [
        (panel["title"], target["expr"]) for panel in dashboard["panels"] for target in panel.get("targets", [])
    ]


def check_shape(checks: Checks, dashboard: dict) -> None:
    """What Grafana 10 and 11 need to import it: an identity, a variable for the data source, panels that do not overlap."""
    problems = []
    for key in ("uid", "title", "schemaVersion", "templating", "panels", "time"):
        if not dashboard.get(key):
            problems.append(f"no {key}")
    if dashboard["id"] is not None:
        problems.append("an id, which belongs to one Grafana")
    panels = dashboard["panels"]
    if len({panel["id"] for panel in panels}) != len(panels):
        problems.append("two panels have one id")
    taken = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])
        }
        if place["x"] + place["w"] > 24 or cells & taken:
            problems.append(f"{panel['title']} is beyond the grid or on another panel")
        taken |= cells
        if panel["type"] == "row":
            continue
        unit = panel["fieldConfig"]["defaults"].get("unit") or panel["options"].get("yAxis", {}).get("unit")
        if unit not in UNITS:
            problems.append(f"{panel['title']} has the unit {unit}")
        if not panel.get("description"):
            problems.append(f"{panel['title']} says nothing about itself")
        for part in [panel, *panel["targets"]]:
            if part["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
                problems.append(f"{panel['title']} has another data source than the variable")
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{?(\w+)", json.dumps(panels)))
    problems += [f"no variable {name}" for name in used - variables - GRAFANA_VARIABLES]
    problems += [f"the variable {name} is not used" for name in variables - used - {"datasource"}]
    checks.check("dashboard: Grafana can import it", problems)


def expression(query: str) -> str:
    """As Grafana sends it when all jobs and instances are chosen."""
    return query.replace("$__rate_interval", RATE_INTERVAL).replace("$job", ".*").replace("$instance", ".*")


def documented_metrics() -> set[str]:
    """The first cells of the table that docs/observability.md has of the metrics."""
    section = (REPOSITORY / "docs/observability.md").read_text(encoding="utf-8").split("\n## Metrics\n", 1)[1]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}


def has_data(result: list) -> bool:
    return any(math.isfinite(float(series["value"][1])) for series in result)


def check_alerts(checks: Checks, known: set[str]) -> None:
    rules = MONITORING / "alerts.yml"
    tests = MONITORING / "alerts.test.yml"
    for name, command in (("rules", ["check", "rules", rules]), ("tests", ["test", "rules", tests])):
        judge = subprocess.run(["promtool", *command], capture_output=True, text=True, cwd=MONITORING)
        checks.check(f"alerts: promtool takes the {name}", judge.stdout + judge.stderr if judge.returncode else None)
    content = yaml.safe_load(rules.read_text(encoding="utf-8"))
    alerts = {rule["alert"]: rule for group in content["groups"] for rule in group["rules"]}
    firing, quiet = set(), set()
    for test in yaml.safe_load(tests.read_text(encoding="utf-8"))["tests"]:
        outcomes = test["alert_rule_test"]
        fires = any(outcome["exp_alerts"] for outcome in outcomes)
        (firing if fires else quiet).update(outcome["alertname"] for outcome in outcomes)
    checks.check("alerts: a test makes each fire", difference(sorted(alerts), sorted(firing)))
    checks.check("alerts: a test keeps each from firing", difference(sorted(alerts), sorted(quiet)))
    used = {name for rule in alerts.values() for name in METRIC.findall(rule["expr"])}
    checks.check("alerts: their metrics are there", sorted(used - known))
    advice = [name for name, rule in alerts.items() if not {"summary", "description"} <= rule["annotations"].keys()]
    checks.check("alerts: each says what it means", advice)


def wait_for_data(prometheus: Prometheus, dashboard: dict) -> None:
    """Until all panels have data: rates need more than one scrape, and something to happen between them."""
    missing = [query for title, query in queries(dashboard) if title not in EMPTY]

    def is_complete() -> bool:
        while missing and has_data(prometheus.query(expression(missing[-1]))):
            missing.pop()
        return not missing

    try:
        wait_for("data of all panels", is_complete, 120)
    except Failure:
        pass  # The checks tell which have none.


def check_monitoring(checks: Checks, processes: Processes, programs: Path, folder: Path) -> None:
    checks.section("Dashboard and alerts")
    dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    check_shape(checks, dashboard)
    sink = StrictSink(processes, "monitoring-sink", folder)
    (port,) = free_ports(1)
    example = Example(
        processes, programs / "tracing-otlp", "--endpoint", sink.url, "--metrics-port", port,
        *PATIENT, OTEL_BSP_SCHEDULE_DELAY="500", OTEL_METRIC_EXPORT_INTERVAL="1000", **PATIENT_REQUESTS,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    wait_for("the example's /metrics", lambda: b"guest_calls_total" in get(f"{url}/metrics"), log=example.output_file)
    checks.check("example: /healthz answers", None if get(f"{url}/healthz") else "nothing")
    configuration = {
        "global": {"scrape_interval": "2s", "scrape_timeout": "2s"},
        "rule_files": [str(MONITORING / "alerts.yml")],
        "scrape_configs": [{"job_name": "vitrine", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}],
    }
    prometheus = Prometheus(processes, folder, json.dumps(configuration))
    wait_for("the first scrape", lambda: has_data(prometheus.query("guest_calls_total")), log=prometheus.log)
    wait_for_data(prometheus, dashboard)

    names = {result["metric"]["__name__"] for result in prometheus.query('{job="vitrine"}')}
    for title, query in queries(dashboard):
        name = f"dashboard: {title}: {query[:70]}"
        try:
            result = prometheus.query(expression(query))
        except ValueError as error:
            checks.check(name, error)
            continue
        if title in EMPTY:
            checks.check(f"{name} is empty: {EMPTY[title]}", "it has data" if has_data(result) else None)
        else:
            checks.check(name, None if has_data(result) else f"no data: {result}")
    for variable in dashboard["templating"]["list"]:
        if found := re.fullmatch(r"label_values\((.*), (\w+)\)", str(variable.get("definition", ""))):
            answer = prometheus.ask(f"label/{found[2]}/values", **{"match[]": expression(found[1])})
            checks.check(f"dashboard: the variable {variable['name']} has values", None if answer else "none")
    used = {name for _, query in queries(dashboard) for name in METRIC.findall(query)}
    # Those that have no series while all is well are told of in the documents.
    documented = set(re.findall(r"`([a-z_]+)`", (REPOSITORY / "docs/observability.md").read_text(encoding="utf-8")))
    known = names | documented
    checks.check("dashboard: its metrics are there", sorted(name for name in used if name not in known))
    shown = used | {re.sub("_(bucket|sum|count)$", "", name) for name in used}
    checks.check("dashboard: each documented metric has a panel", sorted(documented_metrics() - shown) or None)
    rules = prometheus.ask("rules")["groups"]
    problems = [rule["lastError"] for group in rules for rule in group["rules"] if rule.get("lastError")]
    checks.check("alerts: Prometheus evaluates them", problems or (None if rules else "there are none"))
    check_alerts(checks, known)
    example.process.stdin.write(b"\n")
    example.process.stdin.flush()
    checks.check("example: ends well", difference(0, example.end(), example.output))
