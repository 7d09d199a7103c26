# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares what Perfetto made of a timeline with what was emitted."""

import json
import re

from timelines.trace import Format, Trace


class Facts:
    """Counts comparisons, and keeps those that failed, by topic."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.failures: dict[str, list[str]] = {}
        self.topic = ""

    def begin(self, topic: str) -> None:
        self.topic = topic
        self.counts.setdefault(topic, 0)
        self.failures.setdefault(topic, [])

    def equal(self, what: str, found, expected) -> None:
        self.counts[self.topic] += 1
        if found != expected:
            self.failures[self.topic].append(f"{what} is {found!r} and not {expected!r}")


def compare(trace: Trace, expected: dict, format: Format) -> Facts:
    facts = Facts()
    facts.begin("the import")
    facts.equal("what went wrong", trace.problems, [])
    facts.equal("number of slices", len(trace.slices), sum(len(expected[kind]) for kind in ("spans", "open", "events")))
    wanted = {span["span_id"]: span for span in expected["spans"] + expected["open"]}
    # An event has the identity of its span, too, but no duration. Of the spans only this one has none either.
    found = {one["args"].get("span_id"): one for one in trace.slices if one["dur"] != 0 or one["name"] == "lex"}
    compare_spans(facts, wanted, found, format)
    compare_nesting(facts, trace, wanted, {key: one for key, one in found.items() if key in wanted})
    compare_events(facts, trace, expected["events"], format)
    compare_counters(facts, trace, expected["samples"], format)
    facts.begin("arrows")
    arrows = {(trace.by_id[start]["name"], trace.by_id[end]["name"]) for start, end in trace.flows}
    exact = {("call-to-guest", "handle_request"), ("handle_request", "call-to-host")}
    # In JSON an arrow goes to what began last in its nanosecond, which in the sample is more than one span.
    begun = {("call-to-guest", "parse"), ("parse", "call-to-host")}
    facts.equal("arrows", arrows, begun if format.is_json and arrows != exact else exact)
    return facts


def shown_name(name: str, format: Format) -> str:
    """Perfetto, up to version 52 at least, undoes the escapes of JSON in a name only if one is of a quotation mark."""
    if not format.is_json:
        return name
    return re.sub(r"\\u[0-9a-f]{4}|\\[nrt]", lambda escape: json.loads(f'"{escape[0]}"'), name)


def shown(value) -> str:
    """A value as Perfetto shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def shortest(number: str) -> str:
    """A number in whichever way Perfetto wrote it."""
    try:
        return shown(float(number)) if "." in number else number
    except ValueError:
        return number


def compare_spans(facts: Facts, wanted: dict, found: dict, format: Format) -> None:
    facts.begin("spans")
    for identifier, span in wanted.items():
        what, one = f"span {span['name']!r}", found.get(identifier)
        facts.equal(f"that {what} is there", one is not None, True)
        if one is None:
            continue
        args = one["args"]
        facts.equal(f"{what}: name", shown_name(one["name"], format), span["name"])
        facts.equal(f"{what}: start", one["ts"], int(span["ts"]))
        facts.equal(f"{what}: duration", one["dur"], int(span.get("dur", -1)))
        facts.equal(f"{what}: target", one["category"], span["category"])
        for key in ("level", "origin", "trace_id", "parent_span_id", "error"):
            facts.equal(f"{what}: {key}", args.get(key), span.get(key))
        facts.equal(f"{what}: whether it failed", args.get("status") == "error", "error" in span)
        facts.equal(f"{what}: kind", args.get("kind", "internal"), span["kind"])
        facts.equal(f"{what}: open", args.get("open"), None if "dur" in span else "true")
        facts.equal(f"{what}: links", [args.get(f"links[{n}].span_id") for n in range(len(span["links"]))], span["links"])
        if "dur" in span:
            compare_fields(facts, what, span["fields"], args, format)
        facts.equal(f"{what}: process", one["process"].split()[0].rstrip("s"), span["origin"])


def compare_fields(facts: Facts, what: str, fields: dict, args: dict, format: Format) -> None:
    for key, value in fields.items():
        if not format.is_json:
            # In its own format these are the signs of lists and of fields in fields.
            key = re.sub(r"[.\[\]]", "_", key)
        elements = [(f"[{place}]", element) for place, element in enumerate(value)] if isinstance(value, list) else [("", value)]
        for place, element in elements:
            facts.equal(f"{what}: field {key}{place}", shortest(args.get(f"fields.{key}{place}", "")), shown(element))


def compare_events(facts: Facts, trace: Trace, events: list[dict], format: Format) -> None:
    facts.begin("events")
    found = [one for one in trace.slices if one["dur"] == 0 and one["name"] != "lex"]
    names = sorted((one["ts"], shown_name(one["name"], format)) for one in found)
    facts.equal("events", names, sorted((int(event["ts"]), event["name"]) for event in events))
    for event in events:
        same = [one for one in found if (one["ts"], shown_name(one["name"], format)) == (int(event["ts"]), event["name"])]
        if not same or "span_id" not in event:
            continue
        around = trace.by_id.get(same[0]["parent"])
        # One that happened before its span was moved, or at its very end, may stand beside it.
        facts.equal(f"event {event['name']!r}: its span", around and around["args"].get("span_id"), event["span_id"])


def compare_counters(facts: Facts, trace: Trace, samples: list[dict], format: Format) -> None:
    facts.begin("counters")
    for sample in samples:
        for series, value in [
            ('sample_calls_total{kind="a "b""}', sample["total"]), ("sample_heap_bytes", sample["gauge"]),
            ("sample_seconds_count", sample["count"]), ("sample_seconds_sum", sample["sum"]),
        ]:  # fmt: skip
            name, ts = series + (" value" if format.is_json else ""), int(sample["ts"])
            values = [float(one[2]) for one in trace.counters if one[:2] == (name, ts)]
            facts.equal(f"counter {series} at {ts}", values, [float(value)])
    facts.equal("number of values", len(trace.counters), 4 * len(samples))


def compare_nesting(facts: Facts, trace: Trace, wanted: dict, found: dict) -> None:
    """What is drawn inside of each other is so in truth; what is sequential, is drawn so; what overlaps, is not."""
    facts.begin("nesting")
    moved = {"outlives", "ended early", "ended late", "inside", "task"}
    lanes: dict = {}
    for identifier, one in found.items():
        span = wanted[identifier]
        what, around = f"span {span['name']!r}", trace.by_id.get(one["parent"])
        if around is not None:
            ancestors, above = [], span.get("parent_span_id")
            while above is not None:
                ancestors.append(above)
                above = wanted[above].get("parent_span_id") if above in wanted else None
            facts.equal(f"that {what} is inside of a span that it is below", around["args"].get("span_id") in ancestors, True)
        parent = wanted.get(span.get("parent_span_id", ""))
        if parent is not None and parent["origin"] == span["origin"] and span["name"] not in moved:
            facts.equal(f"{what}: around it", around and around["args"].get("span_id"), span["parent_span_id"])
        lanes.setdefault((one["process"], one["lane"]), []).append((one["ts"], one["ts"] + max(one["dur"], 0), span["name"]))
    tasks = {one["lane"] for one in found.values() if one["name"] == "task"}
    facts.equal("lanes of eight tasks", len(tasks), 8)
    for lane, slices in lanes.items():
        around_it: list = []
        for start, end, name in sorted(slices, key=lambda one: (one[0], -one[1])):
            while around_it and around_it[-1] <= start:
                around_it.pop()
            facts.equal(f"that {name!r} on {lane} overlaps nothing", not around_it or end <= around_it[-1], True)
            around_it.append(end)
