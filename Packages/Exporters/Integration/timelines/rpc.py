# SPDX-License-Identifier: MIT OR Apache-2.0
"""Asks the trace processor in its own protocol: numbered messages, TraceProcessorRpc, in a stream of them.

The schema has of Perfetto's trace_processor.proto what is used here."""

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from timelines.webassembly import Instance, Program

APPEND_TRACE_DATA, FINALIZE_TRACE_DATA, QUERY_STREAMING = 1, 2, 3
NULL, VARINT, FLOAT64, STRING = 1, 2, 3, 4

# Message: field: number and type; `*` after a type is for a repeated field.
SCHEMA = {
    "TraceProcessorRpcStream": {"msg": (1, "TraceProcessorRpc*")},
    "TraceProcessorRpc": {
        "seq": (1, "int64"), "request": (2, "int32"), "response": (3, "int32"), "invalid_request": (4, "int32"),
        "fatal_error": (5, "string"), "append_trace_data": (101, "bytes"), "query_args": (103, "QueryArgs"),
        "append_result": (201, "AppendTraceDataResult"), "query_result": (203, "QueryResult"),
        "finalize_data_result": (212, "FinalizeDataResult"),
    },
    "AppendTraceDataResult": {"total_bytes_parsed": (1, "int64"), "error": (2, "string")},
    "FinalizeDataResult": {"error": (1, "string")},
    "QueryArgs": {"sql_query": (1, "string")},
    "QueryResult": {"column_names": (1, "string*"), "error": (2, "string"), "batch": (3, "CellsBatch*")},
    "CellsBatch": {
        "cells": (1, "int32*"), "varint_cells": (2, "int64*"), "float64_cells": (3, "double*"),
        "string_cells": (5, "string"), "is_last_batch": (6, "bool"),
    },
}  # fmt: skip


def messages() -> dict:
    """The classes of the messages, by name."""
    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="timelines.proto", package="timelines", syntax="proto2")
    for name, fields in SCHEMA.items():
        message = file.message_type.add(name=name)
        for field_name, (number, kind) in fields.items():
            repeated, kind = kind.endswith("*"), kind.rstrip("*")
            field = message.field.add(name=field_name, number=number)
            field.label = kinds.LABEL_REPEATED if repeated else kinds.LABEL_OPTIONAL
            if kind in SCHEMA:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".timelines.{kind}"
            else:
                field.type = kinds.Type.Value(f"TYPE_{kind.upper()}")
                field.options.packed = repeated and kind != "string"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"timelines.{name}")) for name in SCHEMA}


MESSAGES = messages()


class Refused(Exception):
    """Perfetto did not take the trace or a query, or its reply is none of its protocol."""


class Session:
    """A trace that the trace processor has read."""

    def __init__(self, program: Program, trace: bytes, **options) -> None:
        self.instance = Instance(program, **options)
        self.sent, self.received = 0, 0
        for reply in self.call(APPEND_TRACE_DATA, append_trace_data=trace):
            self.refuse(reply.append_result.error)
        for reply in self.call(FINALIZE_TRACE_DATA):
            self.refuse(reply.finalize_data_result.error)

    @staticmethod
    def refuse(error: str) -> None:
        if error:
            raise Refused(error)

    def call(self, method: int, **arguments) -> list:
        request = MESSAGES["TraceProcessorRpc"](seq=self.sent, request=method, **arguments)
        self.sent += 1
        stream = MESSAGES["TraceProcessorRpcStream"](msg=[request]).SerializeToString()
        replies = MESSAGES["TraceProcessorRpcStream"].FromString(self.instance.request(stream)).msg
        if not replies:
            raise Refused(f"no reply to request {method}")
        for reply in replies:
            self.refuse(reply.fatal_error)
            if reply.response != method or reply.seq != self.received:
                raise Refused(f"reply {reply.seq} of kind {reply.response} to request {method}")
            self.received += 1
        return list(replies)

    def query(self, sql: str) -> list[list]:
        """The rows."""
        results = [reply.query_result for reply in self.call(QUERY_STREAMING, query_args={"sql_query": sql})]
        columns = [name for result in results for name in result.column_names]
        cells: list = []
        batches = [batch for result in results for batch in result.batch]
        for result in results:
            self.refuse(result.error)
        for batch in batches:
            texts = iter(batch.string_cells.split("\0"))
            values = {NULL: None, VARINT: iter(batch.varint_cells), FLOAT64: iter(batch.float64_cells), STRING: texts}
            cells += [None if kind == NULL else next(values[kind]) for kind in batch.cells]
        if [batch.is_last_batch for batch in batches] != [False] * (len(batches) - 1) + [True] or not columns:
            raise Refused(f"the rows of a query are not whole: {sql}")
        if len(cells) % len(columns):
            raise Refused(f"{len(cells)} values in {len(columns)} columns: {sql}")
        return [cells[start : start + len(columns)] for start in range(0, len(cells), len(columns))]
