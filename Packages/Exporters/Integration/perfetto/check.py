#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Has the real Perfetto read the timelines of `timeline-sample` and compares what it says with what was emitted:
check.py FOLDER, with sample.json, sample.pftrace and expected.json in it. `just check-perfetto` does all of that."""

import datetime
import json
import pathlib
import re
import sys
import tempfile

from perfetto import Refused, ask

SLICES = """
select s.id, s.parent_id, s.depth, cast(s.ts as text), cast(s.dur as text), s.name, s.category, s.arg_set_id,
  coalesce(p.name, tp.name), coalesce(t.name, th.name)
from slice s join track t on s.track_id = t.id
left join process_track pt on pt.id = t.id left join process p on pt.upid = p.upid
left join thread_track tt on tt.id = t.id left join thread th on tt.utid = th.utid
left join process tp on th.upid = tp.upid order by s.ts, s.depth"""
ARGS = "select arg_set_id, key, display_value from args order by arg_set_id, id"
COUNTERS = """
select t.name, cast(c.ts as text), c.value from counter c join counter_track t on c.track_id = t.id order by c.ts"""
FLOWS = "select slice_out, slice_in from flow"
# Of Perfetto's own counts those that say something went wrong.
STATS = "select name, value from stats where value > 0 and severity in ('error', 'data_loss')"


class Check:
    def __init__(self, kind: str):
        self.kind = kind
        self.count = 0
        self.failures: list[str] = []

    def equal(self, what: str, got, wanted):
        self.count += 1
        if got != wanted:
            self.failures.append(f"{self.kind}: {what}: {got!r}, not {wanted!r}")


def flat(value) -> str:
    """A value as Perfetto shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def shown(number: str) -> str:
    try:
        return flat(float(number)) if "." in number else number
    except ValueError:
        return number


class Trace:
    """What Perfetto made of a file."""

    def __init__(self, path: pathlib.Path, prefix: str, origin: int):
        slices, args, counters, flows, stats = ask(path, [SLICES, ARGS, COUNTERS, FLOWS, STATS])
        arguments: dict = {}
        for number, key, value in args:
            arguments.setdefault(number, {})[key.removeprefix(prefix)] = value
        keys = ["id", "parent", "depth", "ts", "dur", "name", "category", "args", "process", "lane"]
        self.slices = [dict(zip(keys, row)) for row in slices]
        for one in self.slices:
            one["ts"], one["dur"] = int(one["ts"]) + origin, int(one["dur"])
            one["args"] = arguments.get(one["args"], {})
        self.by_id = {one["id"]: one for one in self.slices}
        self.counters = [(name, int(ts) + origin, value) for name, ts, value in counters]
        self.flows, self.stats = flows, stats


def compare_fields(check: Check, what: str, fields: dict, args: dict, mended: bool):
    for key, value in fields.items():
        if mended:
            for sign in ".[]":
                key = key.replace(sign, "_")
        if isinstance(value, list):
            for place, element in enumerate(value):
                check.equal(f"{what} {key}[{place}]", shown(args.get(f"fields.{key}[{place}]", "")), flat(element))
        else:
            check.equal(f"{what} field {key}", shown(args.get(f"fields.{key}", "")), flat(value))


def unescaped(name: str) -> str:
    """Perfetto, up to version 52 at least, undoes the escapes of JSON in a name only if one is of a quotation mark."""
    return re.sub(r"\\u[0-9a-f]{4}|\\[nrt]", lambda found: json.loads('"' + found[0] + '"'), name)


def compare(check: Check, trace: Trace, expected: dict, is_json: bool):
    check.equal("errors of the import", trace.stats, [])
    check.equal("slices", len(trace.slices), sum(len(expected[kind]) for kind in ("spans", "open", "events")))
    wanted = {span["span_id"]: span for span in expected["spans"] + expected["open"]}
    spans = {one["args"]["span_id"]: one for one in trace.slices if one["dur"] != 0 and "span_id" in one["args"]}
    for one in trace.slices:
        if one["name"] == "lex":
            spans[one["args"]["span_id"]] = one
    name = unescaped if is_json else (lambda text: text)
    for identifier, span in wanted.items():
        what = f"span {span['name']!r}"
        got = spans.get(identifier)
        check.equal(f"{what} is there", got is not None, True)
        if got is None:
            continue
        check.equal(f"{what} name", name(got["name"]), span["name"])
        check.equal(f"{what} start", got["ts"], int(span["ts"]))
        check.equal(f"{what} duration", got["dur"], int(span.get("dur", -1)))
        check.equal(f"{what} target", got["category"], span["category"])
        for key in ("level", "origin", "trace_id", "parent_span_id", "error"):
            check.equal(f"{what} {key}", got["args"].get(key), span.get(key))
        check.equal(f"{what} status", got["args"].get("status") == "error", "error" in span)
        check.equal(f"{what} kind", got["args"].get("kind", "internal"), span["kind"])
        check.equal(f"{what} open", got["args"].get("open"), None if "dur" in span else "true")
        check.equal(f"{what} links", [got["args"].get(f"links[{n}].span_id") for n in range(len(span["links"]))], span["links"])
        if "dur" in span:
            compare_fields(check, what, span["fields"], got["args"], not is_json)
        check.equal(f"{what} process", got["process"].split()[0].rstrip("s"), span["origin"])
    compare_nesting(check, trace, wanted, spans)

    events = sorted((int(event["ts"]), event["name"]) for event in expected["events"])
    got = sorted((one["ts"], name(one["name"])) for one in trace.slices if one["dur"] == 0 and one["name"] != "lex")
    check.equal("events", got, events)
    for event in expected["events"]:
        one = next((one for one in trace.slices if one["ts"] == int(event["ts"]) and one["dur"] == 0 and name(one["name"]) == event["name"]), None)
        if one is None or "span_id" not in event:
            continue
        around = trace.by_id.get(one["parent"])
        # One that happened before its span was moved, or at its very end, may stand beside it.
        check.equal(f"event {event['name']!r} is in its span", around is not None and around["args"]["span_id"], event["span_id"])

    suffix = " value" if is_json else ""
    for sample in expected["samples"]:
        ts = int(sample["ts"])
        for series, value in [
            ('sample_calls_total{kind="a "b""}', sample["total"]), ("sample_heap_bytes", sample["gauge"]),
            ("sample_seconds_count", sample["count"]), ("sample_seconds_sum", sample["sum"]),
        ]:  # fmt: skip
            found = [float(one[2]) for one in trace.counters if one[0] == series + suffix and one[1] == ts]
            check.equal(f"counter {series} at {ts}", found, [float(value)])
    check.equal("values of counters", len(trace.counters), 4 * len(expected["samples"]))
    arrows = {(trace.by_id[out]["name"], trace.by_id[to]["name"]) for out, to in trace.flows}
    # In JSON an arrow goes to what began last in its nanosecond, which in the sample is more than one span.
    begun = {("call-to-guest", "parse"), ("parse", "call-to-host")} if is_json else set()
    exact = {("call-to-guest", "handle_request"), ("handle_request", "call-to-host")}
    check.equal("arrows", arrows in (exact, begun), True)


def compare_nesting(check: Check, trace: Trace, wanted: dict, spans: dict):
    """What is drawn inside of each other is so in truth; what is sequential, is drawn so; what overlaps, is not."""
    moved = {"outlives", "ended early", "ended late", "inside", "task"}
    lanes: dict = {}
    for identifier, one in spans.items():
        span = wanted[identifier]
        around = trace.by_id.get(one["parent"])
        what = f"span {span['name']!r}"
        if around is not None:
            ancestors, above = [], span.get("parent_span_id")
            while above is not None:
                ancestors.append(above)
                above = wanted[above].get("parent_span_id") if above in wanted else None
            check.equal(f"{what} is inside of a span that it is below", around["args"]["span_id"] in ancestors, True)
        parent = wanted.get(span.get("parent_span_id", ""))
        if parent is not None and parent["origin"] == span["origin"] and span["name"] not in moved:
            check.equal(f"{what} is inside of its parent", around and around["args"]["span_id"], span["parent_span_id"])
        lanes.setdefault((one["process"], one["lane"]), []).append((one["ts"], one["ts"] + max(one["dur"], 0), span["name"]))
    tasks = {one["lane"] for one in spans.values() if one["name"] == "task"}
    check.equal("lanes of eight tasks", len(tasks), 8)
    for lane, slices in lanes.items():
        open_slices: list = []
        for start, end, name in sorted(slices, key=lambda one: (one[0], -one[1])):
            while open_slices and open_slices[-1] <= start:
                open_slices.pop()
            check.equal(f"{name!r} on {lane} overlaps nothing", not open_slices or end <= open_slices[-1], True)
            open_slices.append(end)


def check_cut_short(check: Check, path: pathlib.Path, prefix: str, whole: int):
    """A file that ends in the middle, and not between two records."""
    content = path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        short = pathlib.Path(folder) / ("short" + path.suffix)
        short.write_bytes(content[: len(content) * 2 // 3 + 1])
        trace = Trace(short, prefix, 0)
    check.equal("part of a file that is cut short", whole // 4 < len(trace.slices) < whole, True)


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text())
    first = min(int(span["ts"]) for span in expected["spans"]) // 10**9
    midnight = int(datetime.datetime.fromtimestamp(first, datetime.timezone.utc).replace(hour=0, minute=0, second=0).timestamp())
    failed = 0
    for kind, name, prefix, origin in [
        ("Chrome", "sample.json", "args.", midnight * 10**9), ("Perfetto", "sample.pftrace", "debug.", 0),
    ]:  # fmt: skip
        check = Check(kind)
        try:
            trace = Trace(folder / name, prefix, origin)
            compare(check, trace, expected, name.endswith(".json"))
            check_cut_short(check, folder / name, prefix, len(trace.slices))
        except Refused as refusal:
            check.failures.append(f"{kind}: refused: {refusal}")
        print(f"{kind}: {check.count} comparisons, {len(check.failures)} failures")
        for failure in check.failures[:20]:
            print("  " + failure)
        failed += len(check.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
