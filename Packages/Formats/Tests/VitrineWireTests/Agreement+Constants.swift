// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineABI
import Testing
import VitrineWire

/// A constant or an offset, as the header and as Swift has it.
struct Agreement: CustomTestStringConvertible, Sendable {
    let name: String
    let header: UInt64
    let swift: UInt64

    init(_ name: String, _ header: some BinaryInteger, _ swift: some BinaryInteger) {
        self.name = name
        self.header = UInt64(header)
        self.swift = UInt64(swift)
    }

    var testDescription: String { name }
}

extension Agreement {
    /// Every constant of the header but the note's owner, which is no number.
    static let constants: [Agreement] = [
        Agreement("VITRINE_ABI_VERSION", VITRINE_ABI_VERSION, GuestABI.version),
        Agreement("VITRINE_CONTROL_MAGIC", VITRINE_CONTROL_MAGIC, GuestABI.controlMagic),
        Agreement("VITRINE_NOTE_TYPE", VITRINE_NOTE_TYPE, GuestABI.noteType),
        Agreement("VITRINE_IMAGE_BASE", VITRINE_IMAGE_BASE, GuestABI.imageBase),
        Agreement("VITRINE_IMAGE_LIMIT", VITRINE_IMAGE_LIMIT, GuestABI.imageLimit),
        Agreement("VITRINE_PORT_READY", VITRINE_PORT_READY, GuestABI.Port.ready.rawValue),
        Agreement("VITRINE_PORT_CALL_HOST", VITRINE_PORT_CALL_HOST, GuestABI.Port.callHost.rawValue),
        Agreement("VITRINE_PORT_ABORT", VITRINE_PORT_ABORT, GuestABI.Port.abort.rawValue),
        Agreement("VITRINE_PORT_DRAIN", VITRINE_PORT_DRAIN, GuestABI.Port.drain.rawValue),
        Agreement("VITRINE_PORT_EXCEPTION", VITRINE_PORT_EXCEPTION, GuestABI.Port.exception.rawValue),
        Agreement("VITRINE_LEVEL_OFF", VITRINE_LEVEL_OFF, GuestABI.Level.off.rawValue),
        Agreement("VITRINE_LEVEL_ERROR", VITRINE_LEVEL_ERROR, GuestABI.Level.error.rawValue),
        Agreement("VITRINE_LEVEL_WARN", VITRINE_LEVEL_WARN, GuestABI.Level.warn.rawValue),
        Agreement("VITRINE_LEVEL_INFO", VITRINE_LEVEL_INFO, GuestABI.Level.info.rawValue),
        Agreement("VITRINE_LEVEL_DEBUG", VITRINE_LEVEL_DEBUG, GuestABI.Level.debug.rawValue),
        Agreement("VITRINE_LEVEL_TRACE", VITRINE_LEVEL_TRACE, GuestABI.Level.trace.rawValue),
        Agreement("VITRINE_FEATURE_SPANS", VITRINE_FEATURE_SPANS, GuestABI.Features.spans.rawValue),
        Agreement("VITRINE_FEATURE_ALLOCATIONS", VITRINE_FEATURE_ALLOCATIONS, GuestABI.Features.allocations.rawValue),
        Agreement("VITRINE_MESSAGE_CALL", VITRINE_MESSAGE_CALL, GuestABI.MessageKind.call.rawValue),
        Agreement("VITRINE_MESSAGE_RESULT", VITRINE_MESSAGE_RESULT, GuestABI.MessageKind.result.rawValue),
        Agreement("VITRINE_MESSAGE_ERROR", VITRINE_MESSAGE_ERROR, GuestABI.MessageKind.error.rawValue),
        Agreement("VITRINE_TYPE_VOID", VITRINE_TYPE_VOID, WireType.void.rawValue),
        Agreement("VITRINE_TYPE_INT32", VITRINE_TYPE_INT32, WireType.int32.rawValue),
        Agreement("VITRINE_TYPE_UINT32", VITRINE_TYPE_UINT32, WireType.uint32.rawValue),
        Agreement("VITRINE_TYPE_INT64", VITRINE_TYPE_INT64, WireType.int64.rawValue),
        Agreement("VITRINE_TYPE_UINT64", VITRINE_TYPE_UINT64, WireType.uint64.rawValue),
        Agreement("VITRINE_TYPE_FLOAT", VITRINE_TYPE_FLOAT, WireType.float.rawValue),
        Agreement("VITRINE_TYPE_DOUBLE", VITRINE_TYPE_DOUBLE, WireType.double.rawValue),
        Agreement("VITRINE_TYPE_BOOL", VITRINE_TYPE_BOOL, WireType.bool.rawValue),
        Agreement("VITRINE_TYPE_STRING", VITRINE_TYPE_STRING, WireType.string.rawValue),
        Agreement("VITRINE_TYPE_BYTES", VITRINE_TYPE_BYTES, WireType.bytes.rawValue),
        Agreement(
            "VITRINE_ERROR_UNKNOWN_FUNCTION", VITRINE_ERROR_UNKNOWN_FUNCTION,
            GuestABI.ErrorCode.unknownFunction.rawValue),
        Agreement(
            "VITRINE_ERROR_WRONG_PARAMETERS", VITRINE_ERROR_WRONG_PARAMETERS,
            GuestABI.ErrorCode.wrongParameters.rawValue),
        Agreement("VITRINE_ERROR_WRONG_RESULT", VITRINE_ERROR_WRONG_RESULT, GuestABI.ErrorCode.wrongResult.rawValue),
        Agreement(
            "VITRINE_ERROR_HOST_FUNCTION_FAILED", VITRINE_ERROR_HOST_FUNCTION_FAILED,
            GuestABI.ErrorCode.hostFunctionFailed.rawValue),
        Agreement("VITRINE_ERROR_OUT_OF_MEMORY", VITRINE_ERROR_OUT_OF_MEMORY, GuestABI.ErrorCode.outOfMemory.rawValue),
        Agreement("VITRINE_ERROR_PANIC", VITRINE_ERROR_PANIC, GuestABI.ErrorCode.panic.rawValue),
        Agreement("VITRINE_ERROR_MALFORMED", VITRINE_ERROR_MALFORMED, GuestABI.ErrorCode.malformed.rawValue),
        Agreement(
            "VITRINE_ERROR_BUFFER_TOO_SMALL", VITRINE_ERROR_BUFFER_TOO_SMALL, GuestABI.ErrorCode.bufferTooSmall.rawValue
        ),
        Agreement("VITRINE_ERROR_FIRST_USER", VITRINE_ERROR_FIRST_USER, GuestABI.ErrorCode.firstUser.rawValue),
        Agreement("VITRINE_LIMIT_PARAMETERS", VITRINE_LIMIT_PARAMETERS, GuestABI.Limit.parameters),
        Agreement("VITRINE_LIMIT_NAME_BYTES", VITRINE_LIMIT_NAME_BYTES, GuestABI.Limit.nameBytes),
        Agreement("VITRINE_LIMIT_ERROR_TEXT_BYTES", VITRINE_LIMIT_ERROR_TEXT_BYTES, GuestABI.Limit.errorTextBytes),
        Agreement("VITRINE_RECORD_SPAN_OPEN", VITRINE_RECORD_SPAN_OPEN, GuestABI.RecordKind.spanOpen.rawValue),
        Agreement("VITRINE_RECORD_SPAN_CLOSE", VITRINE_RECORD_SPAN_CLOSE, GuestABI.RecordKind.spanClose.rawValue),
        Agreement("VITRINE_RECORD_SPAN_EDIT", VITRINE_RECORD_SPAN_EDIT, GuestABI.RecordKind.spanEdit.rawValue),
        Agreement("VITRINE_RECORD_EVENT", VITRINE_RECORD_EVENT, GuestABI.RecordKind.event.rawValue),
        Agreement("VITRINE_RECORD_PRINT", VITRINE_RECORD_PRINT, GuestABI.RecordKind.print.rawValue),
        Agreement("VITRINE_RECORD_ALLOCATE", VITRINE_RECORD_ALLOCATE, GuestABI.RecordKind.allocate.rawValue),
        Agreement("VITRINE_RECORD_FREE", VITRINE_RECORD_FREE, GuestABI.RecordKind.free.rawValue),
        Agreement("VITRINE_RECORD_TRUNCATED", VITRINE_RECORD_TRUNCATED, GuestABI.recordTruncatedFlag),
        Agreement("VITRINE_STRING_INLINE", VITRINE_STRING_INLINE, GuestABI.StringForm.inline.rawValue),
        Agreement("VITRINE_STRING_IN_IMAGE", VITRINE_STRING_IN_IMAGE, GuestABI.StringForm.inImage.rawValue),
        Agreement("VITRINE_FIELD_BOOL", VITRINE_FIELD_BOOL, GuestABI.FieldType.bool.rawValue),
        Agreement("VITRINE_FIELD_INT64", VITRINE_FIELD_INT64, GuestABI.FieldType.int64.rawValue),
        Agreement("VITRINE_FIELD_UINT64", VITRINE_FIELD_UINT64, GuestABI.FieldType.uint64.rawValue),
        Agreement("VITRINE_FIELD_DOUBLE", VITRINE_FIELD_DOUBLE, GuestABI.FieldType.double.rawValue),
        Agreement("VITRINE_FIELD_STRING", VITRINE_FIELD_STRING, GuestABI.FieldType.string.rawValue),
        Agreement("VITRINE_LIMIT_RECORD_BYTES", VITRINE_LIMIT_RECORD_BYTES, GuestABI.Limit.recordBytes),
        Agreement("VITRINE_LIMIT_STRING_BYTES", VITRINE_LIMIT_STRING_BYTES, GuestABI.Limit.stringBytes),
        Agreement("VITRINE_LIMIT_FIELDS", VITRINE_LIMIT_FIELDS, GuestABI.Limit.fields),
        Agreement("VITRINE_LIMIT_FRAMES", VITRINE_LIMIT_FRAMES, GuestABI.Limit.frames),
        Agreement("VITRINE_LIMIT_OPEN_SPANS", VITRINE_LIMIT_OPEN_SPANS, GuestABI.Limit.openSpans),
    ]
}
