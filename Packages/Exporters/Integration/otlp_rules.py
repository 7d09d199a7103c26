# SPDX-License-Identifier: MIT OR Apache-2.0
"""What OTLP's data model asks of the content of a request, and no receiver looks at.

https://opentelemetry.io/docs/specs/otel/ and the comments of the .proto files. Each violation is (kind, place, words,
service): a collector puts what several services sent into one request, and each answers for its own. The service is
empty where a request names none."""

import math

from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

REQUESTS = {
    "traces": trace_service_pb2.ExportTraceServiceRequest,
    "metrics": metrics_service_pb2.ExportMetricsServiceRequest,
    "logs": logs_service_pb2.ExportLogsServiceRequest,
}
RESPONSES = {
    "traces": trace_service_pb2.ExportTraceServiceResponse,
    "metrics": metrics_service_pb2.ExportMetricsServiceResponse,
    "logs": logs_service_pb2.ExportLogsServiceResponse,
}

# A time outside of these years is one in another unit, or was never taken.
EARLIEST, LATEST = 1_577_836_800 * 10**9, 4_102_444_800 * 10**9  # 2020 to 2100


def parse(signal: str, body: bytes):
    """The message and its violations; no message if the bytes are none. Texts that are not UTF-8 are none either."""
    message = REQUESTS[signal]()
    try:
        message.ParseFromString(body)
    except DecodeError as error:
        return None, [("body", signal, str(error), "")]
    rules = Rules()
    rules.unknown_fields(message, signal, depth=0)
    getattr(rules, signal)(message)
    return message, rules.violations


class Rules:
    def __init__(self) -> None:
        self.violations: list[tuple[str, str, str, str]] = []
        self.service = ""

    def bad(self, kind: str, where: str, words: str) -> None:
        self.violations.append((kind, where, words[:300], self.service))

    def unknown_fields(self, message, where: str, depth: int = 100) -> None:
        """A field that the schema does not have is nearly always a wrong number or wire type."""
        for field in UnknownFieldSet(message):
            self.bad("schema", where, f"unknown field {field.field_number}, wire type {field.wire_type}")
        for field, value in message.ListFields():
            if field.message_type is None or depth == 0:
                continue
            for part in value if field.is_repeated else [value]:
                self.unknown_fields(part, f"{where}.{field.name}", depth - 1)

    # What all signals have.

    def identifier(self, value: bytes, length: int, where: str, *, may_be_empty: bool = False) -> None:
        if not value and may_be_empty:
            return
        if len(value) != length:
            self.bad("identifier", where, f"{len(value)} bytes and not {length}")
        elif not any(value):
            self.bad("identifier", where, "all zero")

    def time(self, value: int, where: str) -> None:
        if not EARLIEST <= value <= LATEST:
            self.bad("time", where, f"{value} ns is no time from 2020 to 2100")

    def attributes(self, pairs, where: str) -> None:
        seen = set()
        for pair in pairs:
            if not pair.key:
                self.bad("key", where, "empty key")
            if pair.key in seen:
                self.bad("key", where, f"key {pair.key!r} twice")
            seen.add(pair.key)
            if not pair.HasField("value") or pair.value.WhichOneof("value") is None:
                self.bad("value", where, f"no value of {pair.key!r}")
            else:
                self.value(pair.value, f"{where}[{pair.key[:40]}]")

    def value(self, value, where: str, depth: int = 0) -> None:
        kind = value.WhichOneof("value")
        if depth > 16:
            self.bad("value", where, "nested too deep")
        elif kind == "bytes_value":
            self.bad("value", where, "bytes, for which some receivers drop the span")
        elif kind == "array_value":
            if len({element.WhichOneof("value") for element in value.array_value.values}) > 1:
                self.bad("value", where, "an array of several types")
            for element in value.array_value.values:
                self.value(element, where, depth + 1)
        elif kind == "kvlist_value":
            self.attributes(value.kvlist_value.values, where)

    def origin(self, group, scopes, where: str) -> None:
        """The resource, which has to name its service, and the scopes. What follows is of this service."""
        names = [pair.value.string_value for pair in group.resource.attributes if pair.key == "service.name"]
        self.service = names[0] if names else ""
        self.unknown_fields(group, where)
        self.attributes(group.resource.attributes, f"{where}.resource")
        if not self.service:
            self.bad("resource", where, "no service.name")
        if not scopes:
            self.bad("empty", where, "a resource without scopes")
        for scope in scopes:
            if not scope.scope.name:
                self.bad("scope", where, "a scope without a name")
            self.attributes(scope.scope.attributes, f"{where}.scope")

    # Traces.

    def traces(self, request) -> None:
        for group in request.resource_spans:
            self.origin(group, group.scope_spans, "spans")
            for scope in group.scope_spans:
                if not scope.spans:
                    self.bad("empty", "spans", "a scope without spans")
                for span in scope.spans:
                    self.span(span, f"span {span.name[:40]!r}")

    def span(self, span, where: str) -> None:
        self.identifier(span.trace_id, 16, f"{where} trace_id")
        self.identifier(span.span_id, 8, f"{where} span_id")
        self.identifier(span.parent_span_id, 8, f"{where} parent_span_id", may_be_empty=True)
        if span.parent_span_id == span.span_id:
            self.bad("identifier", where, "its own parent")
        if not span.name:
            self.bad("name", where, "no name")
        if not 1 <= span.kind <= 5:
            self.bad("kind", where, f"kind {span.kind}")
        self.time(span.start_time_unix_nano, f"{where} start")
        self.time(span.end_time_unix_nano, f"{where} end")
        if span.end_time_unix_nano < span.start_time_unix_nano:
            self.bad("order", where, "ends before it starts")
        if span.flags & ~0x3FF:
            self.bad("flags", where, f"reserved bits of {span.flags:#x}")
        if span.status.code not in (0, 1, 2):
            self.bad("status", where, f"code {span.status.code}")
        if span.status.message and span.status.code != 2:
            self.bad("status", where, "a description without an error")
        self.attributes(span.attributes, where)
        for event in span.events:
            if not event.name:
                self.bad("name", f"{where} event", "no name")
            self.time(event.time_unix_nano, f"{where} event")
            self.attributes(event.attributes, f"{where} event")
        for link in span.links:
            self.identifier(link.trace_id, 16, f"{where} link")
            self.identifier(link.span_id, 8, f"{where} link")
            self.attributes(link.attributes, f"{where} link")

    # Logs.

    def logs(self, request) -> None:
        for group in request.resource_logs:
            self.origin(group, group.scope_logs, "logs")
            for scope in group.scope_logs:
                if not scope.log_records:
                    self.bad("empty", "logs", "a scope without records")
                for record in scope.log_records:
                    where = f"record {record.body.string_value[:40]!r}"
                    self.time(record.time_unix_nano or record.observed_time_unix_nano, where)
                    self.time(record.observed_time_unix_nano, f"{where} observed")
                    if not 0 <= record.severity_number <= 24:
                        self.bad("severity", where, f"{record.severity_number}")
                    if bool(record.trace_id) != bool(record.span_id):
                        self.bad("identifier", where, "a trace without a span, or a span without a trace")
                    self.identifier(record.trace_id, 16, where, may_be_empty=True)
                    self.identifier(record.span_id, 8, where, may_be_empty=True)
                    if record.flags & ~0xFF:
                        self.bad("flags", where, f"reserved bits of {record.flags:#x}")
                    self.attributes(record.attributes, where)

    # Metrics.

    def metrics(self, request) -> None:
        for group in request.resource_metrics:
            self.origin(group, group.scope_metrics, "metrics")
            for scope in group.scope_metrics:
                names = set()
                for metric in scope.metrics:
                    where = f"metric {metric.name[:60]!r}"
                    if not metric.name:
                        self.bad("name", where, "no name")
                    if metric.name.lower() in names:
                        self.bad("name", where, "twice in a scope")
                    names.add(metric.name.lower())
                    if len(metric.unit) > 63 or not metric.unit.isascii():
                        self.bad("unit", where, repr(metric.unit))
                    self.metric(metric, where)

    def metric(self, metric, where: str) -> None:
        kind = metric.WhichOneof("data")
        if kind is None:
            return self.bad("empty", where, "no data")
        data = getattr(metric, kind)
        if not data.data_points:
            self.bad("empty", where, "no data points")
        if kind != "gauge" and data.aggregation_temporality not in (1, 2):
            self.bad("temporality", where, f"{data.aggregation_temporality}")
        seen = set()
        for point in data.data_points:
            key = tuple(sorted(pair.SerializeToString(deterministic=True) for pair in point.attributes))
            if key in seen:
                self.bad("series", where, "two points of the same attributes")
            seen.add(key)
            self.point(point, where, is_sum=kind != "gauge")
            if kind == "sum" and data.is_monotonic and not (point.as_double if point.HasField("as_double") else point.as_int) >= 0:
                self.bad("value", where, "a negative total")
            if kind in ("gauge", "sum") and point.WhichOneof("value") is None:
                self.bad("value", where, "a point without a value")
            if kind == "histogram":
                self.histogram(point, where)
            if kind == "exponential_histogram":
                self.exponential_histogram(point, where)

    def point(self, point, where: str, *, is_sum: bool) -> None:
        self.time(point.time_unix_nano, where)
        if is_sum:
            self.time(point.start_time_unix_nano, f"{where} start")
            if point.start_time_unix_nano > point.time_unix_nano:
                self.bad("order", where, "was taken before it began")
        self.attributes(point.attributes, where)
        for exemplar in point.exemplars:
            self.time(exemplar.time_unix_nano, f"{where} exemplar")
            if exemplar.WhichOneof("value") is None:
                self.bad("value", where, "an exemplar without a value")
            self.identifier(exemplar.trace_id, 16, f"{where} exemplar", may_be_empty=not exemplar.span_id)
            self.identifier(exemplar.span_id, 8, f"{where} exemplar", may_be_empty=not exemplar.trace_id)
            self.attributes(exemplar.filtered_attributes, f"{where} exemplar")

    def histogram(self, point, where: str) -> None:
        bounds, counts = point.explicit_bounds, point.bucket_counts
        if (bounds or counts) and len(counts) != len(bounds) + 1:
            self.bad("histogram", where, f"{len(counts)} buckets of {len(bounds)} bounds")
        if not all(lower < upper for lower, upper in zip(bounds, bounds[1:])) or any(map(math.isnan, bounds)):
            self.bad("histogram", where, "bounds that do not rise")
        if counts and sum(counts) != point.count:
            self.bad("histogram", where, f"{sum(counts)} values in buckets and {point.count} in all")
        if point.count == 0 and point.sum != 0:
            self.bad("histogram", where, "a sum of no values")

    def exponential_histogram(self, point, where: str) -> None:
        total = point.zero_count + sum(point.positive.bucket_counts) + sum(point.negative.bucket_counts)
        if total != point.count:
            self.bad("histogram", where, f"{total} values in buckets and {point.count} in all")
        if not -10 <= point.scale <= 20:
            self.bad("histogram", where, f"scale {point.scale}")
