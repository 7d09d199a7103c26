// SPDX-License-Identifier: MIT OR Apache-2.0

import COTLP
import CProtobufC

/// The messages that our generated code knows, a line for each field: message, number, name, type.
enum ProtocolSchema {
    // SAFETY, of all below: messages are freed after they were looked at, and descriptors are constants of the generated code.

    /// All lines, in order.
    static func lines() -> [String] {
        let messages: [UnsafeMutableRawPointer?] = unsafe [
            .init(vitrine_otlp__export_trace_service_request__unpack(nil, 0, nil)),
            .init(vitrine_otlp__export_trace_service_response__unpack(nil, 0, nil)),
            .init(vitrine_otlp__export_metrics_service_request__unpack(nil, 0, nil)),
            .init(vitrine_otlp__export_metrics_service_response__unpack(nil, 0, nil)),
            .init(vitrine_otlp__export_logs_service_request__unpack(nil, 0, nil)),
            .init(vitrine_otlp__export_logs_service_response__unpack(nil, 0, nil)),
            .init(vitrine_otlp__traces_data__unpack(nil, 0, nil)),
            .init(vitrine_otlp__metrics_data__unpack(nil, 0, nil)),
            .init(vitrine_otlp__logs_data__unpack(nil, 0, nil)),
            .init(vitrine_otlp_rpc__status__unpack(nil, 0, nil)),
        ]
        var lines: [String: [String]] = [:]
        for index in unsafe messages.indices {
            let message = unsafe messages[index]?.assumingMemoryBound(to: ProtobufCMessage.self)
            guard let message = unsafe message else { continue }
            unsafe add(message.pointee.descriptor, to: &lines)
            unsafe protobuf_c_message_free_unpacked(message, nil)
        }
        return lines.values.joined().sorted()
    }

    private static func add(
        _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, to lines: inout [String: [String]]
    ) {
        let name = unsafe String(cString: descriptor.pointee.name)
        guard lines[name] == nil else { return }
        lines[name] = []
        for index in 0..<Int(unsafe descriptor.pointee.n_fields) {
            let field = unsafe descriptor.pointee.fields[index]
            var type = unsafe typeName(field.type)
            if unsafe field.type == PROTOBUF_C_TYPE_MESSAGE {
                let message = unsafe field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
                type = unsafe String(cString: message.pointee.name)
                unsafe add(message, to: &lines)
            }
            let label = unsafe field.label == PROTOBUF_C_LABEL_REPEATED ? "repeated " : ""
            lines[name]?.append(unsafe "\(name) \(field.id) \(String(cString: field.name)) \(label)\(type)")
        }
    }

    private static func typeName(_ type: ProtobufCType) -> String {
        switch type {
        case PROTOBUF_C_TYPE_INT32: "int32"
        case PROTOBUF_C_TYPE_SINT32: "sint32"
        case PROTOBUF_C_TYPE_UINT32: "uint32"
        case PROTOBUF_C_TYPE_FIXED32: "fixed32"
        case PROTOBUF_C_TYPE_INT64: "int64"
        case PROTOBUF_C_TYPE_SFIXED64: "sfixed64"
        case PROTOBUF_C_TYPE_UINT64: "uint64"
        case PROTOBUF_C_TYPE_FIXED64: "fixed64"
        case PROTOBUF_C_TYPE_DOUBLE: "double"
        case PROTOBUF_C_TYPE_BOOL: "bool"
        case PROTOBUF_C_TYPE_ENUM: "enum"
        case PROTOBUF_C_TYPE_STRING: "string"
        case PROTOBUF_C_TYPE_BYTES: "bytes"
        default: "another"
        }
    }
}
