#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Reads the golden requests beside this file with the decoder that OpenTelemetry publishes (PyPI opentelemetry-proto),
and writes what it sees: NAME.json for each NAME.binpb, and the protocol's messages and fields to schema.txt. The tests
compare both with our own. With --check nothing is written, and a difference is an error.

In the JSON all scalars are texts: numbers in decimal, doubles as their 16 hexadecimal digits, bytes in hexadecimal."""

import json
import struct
import sys
from pathlib import Path

from google.protobuf.descriptor import FieldDescriptor
from google.rpc import status_pb2  # PyPI googleapis-common-protos
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2 as logs
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces

HERE = Path(__file__).resolve().parent
REQUESTS = {
    "traces": traces.ExportTraceServiceRequest,
    "metrics": metrics.ExportMetricsServiceRequest,
    "logs": logs.ExportLogsServiceRequest,
}
TYPES = {
    getattr(FieldDescriptor, name): name[5:].lower() for name in dir(FieldDescriptor) if name.startswith("TYPE_")
}


def scalar(field, value) -> str:
    if field.type == FieldDescriptor.TYPE_DOUBLE:
        return struct.pack(">d", value).hex()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def tree(message) -> dict:
    result = {}
    for field, value in message.ListFields():
        one = tree if field.message_type else lambda item, field=field: scalar(field, item)
        result[field.name] = [one(item) for item in value] if field.is_repeated else one(value)
    return result


def schema() -> str:
    lines, seen = [], set()

    def add_message(message):
        for field in message.fields:
            kind = TYPES[field.type]
            if field.message_type:
                kind = field.message_type.full_name
            label = "repeated " if field.is_repeated else ""
            lines.append(f"{message.full_name} {field.number} {field.name} {label}{kind}")
        for nested in message.nested_types:
            add_message(nested)

    def add_file(file):
        if file.name in seen:
            return
        seen.add(file.name)
        for dependency in file.dependencies:
            add_file(dependency)
        for message in file.message_types_by_name.values():
            add_message(message)

    for service in (traces, metrics, logs):
        add_file(service.DESCRIPTOR)
    add_message(status_pb2.Status.DESCRIPTOR)
    return "\n".join(sorted(lines)) + "\n"


def main() -> None:
    written = {"schema.txt": schema()}
    for name, request in REQUESTS.items():
        data = (HERE / f"{name}.binpb").read_bytes()
        message = request.FromString(data)
        if message.SerializeToString(deterministic=True) != data:
            sys.exit(f"{name}: the official encoder writes other bytes")
        written[f"{name}.json"] = json.dumps(tree(message), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    for name, content in written.items():
        if "--check" not in sys.argv:
            (HERE / name).write_text(content, encoding="utf-8")
        elif (HERE / name).read_text(encoding="utf-8") != content:
            sys.exit(f"{name} is not what the official decoder reads")


if __name__ == "__main__":
    main()
