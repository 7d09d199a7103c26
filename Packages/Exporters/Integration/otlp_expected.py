# SPDX-License-Identifier: MIT OR Apache-2.0
"""What receivers have to get of what was emitted: the rules of the README of Exporters, written a second time.

Takes the truth that `otlp-samples` writes down and gives the `Content` that otlp_content.py makes of requests."""

import math
import struct

from otlp_content import Content, bits

KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}
STATUS = {"unset": 0, "ok": 1, "error": 2}
SEVERITY = {"error": (17, "ERROR"), "warn": (13, "WARN"), "info": (9, "INFO"), "debug": (5, "DEBUG")}
CUMULATIVE = 2
INT64_MAX = 2**63 - 1


def text(value: str) -> str:
    return value.replace("\0", "\ufffd")


def cut(value: str, limit: int) -> str:
    """At most so many bytes of UTF-8, whole characters."""
    data = text(value).encode()
    return data.decode() if len(data) <= limit else data[:limit].decode(errors="ignore")


def double(digits: str) -> float:
    return math.nan if digits == "nan" else struct.unpack(">d", int(digits, 16).to_bytes(8))[0]


def plain(kind: str, value, limit: int):
    match kind:
        case "bool":
            return ("bool", value == "true")
        case "int":
            return ("int", int(value))
        case "uint":
            return ("int", int(value)) if int(value) <= INT64_MAX else ("string", value)
        case "double":
            return ("double", bits(double(value)))
        case _:
            return ("string", cut(value, limit))


def field_value(encoded: list, limit: int):
    if encoded[0] == "array":
        return ("array", [plain(encoded[1], element, limit) for element in encoded[2]])
    return plain(encoded[0], encoded[1], limit)


class Limits:
    def __init__(self, encoded: dict) -> None:
        self.attributes, self.events, self.links, self.value_bytes = (
            int(encoded[name]) for name in ("attributes", "events", "links", "value_bytes")
        )


class Expected:
    """Of one sample."""

    def __init__(self, truth: dict) -> None:
        self.truth = truth
        self.limits = Limits(truth["limits"])
        self.content = Content()
        self.content.scopes = {tuple(truth["scope"])}
        events: dict[tuple[str, str], list] = {}
        known = {tuple(span["context"][:2]) for span in truth["spans"]}
        for event in truth["events"]:
            key = tuple(event["context"][:2])
            if key in known:
                events.setdefault(key, []).append(event)
            else:
                self.content.logs.append(self.log(event))
        for span in truth["spans"]:
            if int(span["context"][2]) & 1:
                key = tuple(span["context"][:2])
                self.content.spans[key] = self.span(span, events.get(key, []))
        for family in truth["families"]:
            self.metric(family)

    def details(self, record: dict, *, with_level: bool) -> list:
        metadata = record["metadata"]
        found = [("vitrine.origin", ("string", record["origin"])), ("vitrine.target", ("string", text(metadata["target"])))]
        if with_level:
            found.append(("vitrine.level", ("string", metadata["level"])))
        if metadata["file"]:
            found.append(("code.file.path", ("string", text(metadata["file"]))))
            if int(metadata["line"]) > 0:
                found.append(("code.line.number", ("int", int(metadata["line"]))))
        return found

    def attributes(self, details: list, fields: list, field_count: int) -> tuple[list, int]:
        """No empty key and none twice; what stands in a detail's place or beyond the limit is dropped and counted."""
        found: dict[str, tuple] = {}
        protected = dict(details)
        dropped = field_count - len(fields)
        for key, value in fields:
            key = text(key)
            if not key or key in protected or (key not in found and len(found) >= self.limits.attributes):
                dropped += 1
            else:
                found[key] = field_value(value, self.limits.value_bytes)
        return details + list(found.items()), dropped

    def span(self, span: dict, events: list) -> dict:
        attributes, dropped = self.attributes(self.details(span, with_level=True), span["fields"], int(span["field_count"]))
        code, description = span["status"]
        start = int(span["start"])
        event_count = int(self.truth["event_counts"].get(span["context"][1], 0))
        kept = min(event_count, self.limits.events)
        links = span["links"][: self.limits.links]
        return {
            "parent": span["parent"],
            "name": text(span["metadata"]["name"]) or "unknown",
            "kind": KINDS[span["kind"]],
            "start": start,
            "end": max(start, int(span["end"])),
            "flags": int(span["context"][2]),
            "attributes": attributes,
            "dropped_attributes": dropped,
            "events": [self.event(event) for event in events[:kept]],
            "dropped_events": event_count - kept,
            "links": [self.link(link) for link in links],
            "dropped_links": int(span["link_count"]) - len(links),
            "status": (STATUS[code], text(description)),
        }

    def event(self, event: dict) -> dict:
        name, message = event["metadata"]["name"], event["message"]
        is_named = name not in ("", "event")
        fields, count = event["fields"], int(event["field_count"])
        if is_named and message not in ("", name):
            key = "exception.message" if name == "exception" else "message"
            fields, count = [[key, ["string", message]]] + fields, count + 1
        attributes, dropped = self.attributes(self.details(event, with_level=True), fields, count)
        return {
            "time": int(event["time"]),
            "name": text(name if is_named else message) or "event",
            "attributes": attributes,
            "dropped_attributes": dropped,
        }

    def link(self, link: dict) -> dict:
        attributes, dropped = self.attributes([], link["fields"], len(link["fields"]))
        trace, span, flags = link["context"]
        return {
            "trace": trace,
            "span": span,
            "flags": int(flags),
            "attributes": attributes,
            "dropped_attributes": dropped,
        }

    def log(self, event: dict) -> dict:
        attributes, dropped = self.attributes(
            self.details(event, with_level=False), event["fields"], int(event["field_count"])
        )
        trace, span, flags = event["context"] or ("", "", "0")
        name = event["metadata"]["name"]
        return {
            "time": int(event["time"]),
            "observed": int(event["time"]),
            "severity": SEVERITY[event["metadata"]["level"]],
            "body": ("string", text(event["message"])),
            "name": "" if name == "event" else text(name),
            "trace": trace,
            "span": span,
            "flags": int(flags),
            "attributes": attributes,
            "dropped_attributes": dropped,
        }

    # Metrics.

    SHAPES = {
        "counter": ("sum", True, "total"),
        "upDownCounter": ("sum", False, "sum"),
        "gauge": ("gauge", False, "value"),
        "histogram": ("histogram", False, "buckets"),
        "exponentialHistogram": ("exponential_histogram", False, "scale"),
    }

    def metric(self, family: dict) -> None:
        kind, is_monotonic, mark = self.SHAPES[family["kind"]]
        points = {}
        for series in family["series"]:
            if mark not in series["value"] or (kind == "histogram" and "scale" in series["value"]):
                continue
            labels = [
                ("otel.metric.overflow", ("bool", True))
                if name == "otel_metric_overflow"
                else (text(name), ("string", text(value)))
                for name, value in series["labels"]
            ]
            points[tuple(sorted(labels))] = self.point(kind, series)
        if points:
            self.content.metrics[family["name"]] = {
                "unit": family["unit"],
                "help": text(family["help"]),
                "kind": kind,
                "monotonic": is_monotonic,
                "temporality": 0 if kind == "gauge" else CUMULATIVE,
                "points": points,
            }

    def point(self, kind: str, series: dict) -> dict:
        value = series["value"]
        point = {"start": 0 if kind == "gauge" else int(self.truth["start"]), "time": int(self.truth["time"])}
        if "total" in value or (kind == "sum" and "sum" in value):
            total = int(value.get("total", value.get("sum")))
            point["value"] = ("int", total) if total <= INT64_MAX else ("double", bits(float(total)))
        elif kind == "gauge":
            point["value"] = ("double", bits(double(value["value"])))
        else:
            buckets = [int(count) for count in value["buckets"]]
            point |= {"count": sum(buckets) + int(value.get("zeros", 0)), "sum": bits(double(value["sum"]))}
            if kind == "histogram":
                bounds = [double(bound) for bound in value["bounds"]]
                is_sound = len(buckets) == len(bounds) + 1 and all(a < b for a, b in zip(bounds, bounds[1:]))
                point |= {"bounds": [bits(bound) for bound in bounds] if is_sound else [], "buckets": buckets if is_sound else []}
            else:
                point |= {
                    "scale": int(value["scale"]),
                    "zeros": int(value["zeros"]),
                    "zero_threshold": bits(double(value["zero_threshold"])),
                    "offset": int(value["offset"]),
                    "buckets": buckets,
                    "negative": [],
                }
        point["exemplars"] = [
            {
                "value": plain(*exemplar["value"], 0),
                "attributes": self.attributes([], exemplar["fields"], 0)[0],
                "time": int(exemplar["time"]),
                "context": tuple(exemplar["context"]) or ("", ""),
            }
            for exemplar in series["exemplars"]
        ]
        return point
