# SPDX-License-Identifier: MIT OR Apache-2.0
"""The content of requests in plain values, the same whoever decoded them, grouped by the service that sent them.

Doubles are the hexadecimal digits of their bits and NaN is "nan", so that equality means equality."""

import math
import struct
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Content:
    """What receivers got of one service."""

    spans: dict[tuple[str, str], dict] = field(default_factory=dict)
    logs: list[dict] = field(default_factory=list)
    metrics: dict[str, dict] = field(default_factory=dict)
    resource: list = field(default_factory=list)
    scopes: set = field(default_factory=set)
    duplicates: int = 0


def bits(value: float) -> str:
    return "nan" if math.isnan(value) else f"{struct.unpack('>Q', struct.pack('>d', value))[0]:x}"


def number(value: float) -> tuple[str, str]:
    return ("double", bits(value))


def any_value(value):
    kind = value.WhichOneof("value")
    match kind:
        case "string_value":
            return ("string", value.string_value)
        case "bool_value":
            return ("bool", value.bool_value)
        case "int_value":
            return ("int", value.int_value)
        case "double_value":
            return number(value.double_value)
        case "array_value":
            return ("array", [any_value(element) for element in value.array_value.values])
        case _:
            return (str(kind), None)


def attributes(pairs) -> list:
    return [(pair.key, any_value(pair.value)) for pair in pairs]


def span(message) -> dict:
    return {
        "parent": message.parent_span_id.hex(),
        "name": message.name,
        "kind": message.kind,
        "start": message.start_time_unix_nano,
        "end": message.end_time_unix_nano,
        "flags": message.flags,
        "attributes": attributes(message.attributes),
        "dropped_attributes": message.dropped_attributes_count,
        "events": [
            {
                "time": event.time_unix_nano,
                "name": event.name,
                "attributes": attributes(event.attributes),
                "dropped_attributes": event.dropped_attributes_count,
            }
            for event in message.events
        ],
        "dropped_events": message.dropped_events_count,
        "links": [
            {
                "trace": link.trace_id.hex(),
                "span": link.span_id.hex(),
                "flags": link.flags,
                "attributes": attributes(link.attributes),
                "dropped_attributes": link.dropped_attributes_count,
            }
            for link in message.links
        ],
        "dropped_links": message.dropped_links_count,
        "status": (message.status.code, message.status.message),
    }


def log(message) -> dict:
    return {
        "time": message.time_unix_nano,
        "observed": message.observed_time_unix_nano,
        "severity": (message.severity_number, message.severity_text),
        "body": any_value(message.body),
        "name": message.event_name,
        "trace": message.trace_id.hex(),
        "span": message.span_id.hex(),
        "flags": message.flags,
        "attributes": attributes(message.attributes),
        "dropped_attributes": message.dropped_attributes_count,
    }


def point_value(point):
    kind = point.WhichOneof("value")
    return ("int", point.as_int) if kind == "as_int" else number(point.as_double) if kind else None


def metric(message) -> dict:
    kind = message.WhichOneof("data")
    data = getattr(message, kind)
    points = {}
    for point in data.data_points:
        content = {"start": point.start_time_unix_nano, "time": point.time_unix_nano}
        if kind in ("sum", "gauge"):
            content["value"] = point_value(point)
        else:
            content |= {"count": point.count, "sum": bits(point.sum) if point.HasField("sum") else None}
        if kind == "histogram":
            content |= {
                "bounds": [bits(bound) for bound in point.explicit_bounds],
                "buckets": list(point.bucket_counts),
            }
        if kind == "exponential_histogram":
            content |= {
                "scale": point.scale,
                "zeros": point.zero_count,
                "zero_threshold": bits(point.zero_threshold),
                "offset": point.positive.offset,
                "buckets": list(point.positive.bucket_counts),
                "negative": list(point.negative.bucket_counts),
            }
        content["exemplars"] = [
            {
                "value": point_value(exemplar),
                "time": exemplar.time_unix_nano,
                "context": (exemplar.trace_id.hex(), exemplar.span_id.hex()),
                "attributes": attributes(exemplar.filtered_attributes),
            }
            for exemplar in point.exemplars
        ]
        points[tuple(sorted((pair.key, any_value(pair.value)) for pair in point.attributes))] = content
    return {
        "unit": message.unit,
        "help": message.description,
        "kind": kind,
        "monotonic": kind == "sum" and data.is_monotonic,
        "temporality": getattr(data, "aggregation_temporality", 0),
        "points": points,
    }


def by_service(messages) -> dict[str, Content]:
    """Takes (signal, request) pairs."""
    services: dict[str, Content] = defaultdict(Content)
    groups = {
        "traces": ("resource_spans", "scope_spans", "spans"),
        "metrics": ("resource_metrics", "scope_metrics", "metrics"),
        "logs": ("resource_logs", "scope_logs", "log_records"),
    }
    for signal, request in messages:
        group_name, scope_name, record_name = groups[signal]
        for group in getattr(request, group_name):
            resource = attributes(group.resource.attributes)
            name = next((value[1] for key, value in resource if key == "service.name"), "")
            content = services[name]
            content.resource = resource
            for scope in getattr(group, scope_name):
                content.scopes.add((scope.scope.name, scope.scope.version))
                for record in getattr(scope, record_name):
                    add(content, signal, record)
    return services


def add(content: Content, signal: str, record) -> None:
    if signal == "logs":
        content.logs.append(log(record))
        return
    if signal == "traces":
        key, kept, value = (record.trace_id.hex(), record.span_id.hex()), content.spans, span(record)
    else:
        key, kept, value = record.name, content.metrics, metric(record)
    if key in kept and signal == "metrics":
        # A collector may hand on the points of a metric in several parts.
        value["points"] = kept[key]["points"] | value["points"]
    elif key in kept:
        content.duplicates += 1
    kept[key] = value
