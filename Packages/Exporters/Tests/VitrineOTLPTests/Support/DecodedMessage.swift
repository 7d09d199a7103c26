// SPDX-License-Identifier: MIT OR Apache-2.0

import COTLP
import CProtobufC
import Testing
import VitrineOTLP

/// What protobuf-c reads in a message, and what it packs again.
struct DecodedMessage {
    /// The fields that are set, by the names of our `.proto` files.
    let tree: Tree
    /// The bytes that it packs.
    let repacked: [UInt8]

    // SAFETY, of all below: messages that protobuf-c unpacked and that are freed after they were read. What lies where in
    // them is what their descriptors say, which the generated code holds.

    /// Reads a request; nil if protobuf-c refuses it.
    init?(_ bytes: [UInt8], _ signal: OTLPSignal) {
        let message: UnsafeMutableRawPointer? =
            switch signal {
            case .traces: unsafe .init(vitrine_otlp__export_trace_service_request__unpack(nil, bytes.count, bytes))
            case .metrics: unsafe .init(vitrine_otlp__export_metrics_service_request__unpack(nil, bytes.count, bytes))
            case .logs: unsafe .init(vitrine_otlp__export_logs_service_request__unpack(nil, bytes.count, bytes))
            }
        guard let message = unsafe message?.assumingMemoryBound(to: ProtobufCMessage.self) else { return nil }
        defer { unsafe protobuf_c_message_free_unpacked(message, nil) }
        tree = unsafe Self.tree(UnsafeRawPointer(message))
        let size = unsafe protobuf_c_message_get_packed_size(message)
        repacked = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            count = unsafe protobuf_c_message_pack(message, start)
        }
    }

    private static func tree(_ message: UnsafeRawPointer) -> Tree {
        let descriptor = unsafe message.load(as: ProtobufCMessage.self).descriptor.pointee
        var fields: [String: Tree] = [:]
        for index in 0..<Int(unsafe descriptor.n_fields) {
            let field = unsafe descriptor.fields[index]
            let value = unsafe message + Int(field.offset)
            let isOneOf = unsafe field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
            var tree: Tree?
            if unsafe field.label == PROTOBUF_C_LABEL_REPEATED {
                let count = unsafe (message + Int(field.quantifier_offset)).load(as: Int.self)
                if count > 0, let items = unsafe value.load(as: UnsafeRawPointer?.self) {
                    let stride = unsafe Self.stride(field.type)
                    tree = .list(
                        (0..<count).map { unsafe Self.one(field.type, items + $0 * stride, isPresent: true) ?? "" })
                }
            } else if isOneOf {
                let isSet = unsafe (message + Int(field.quantifier_offset)).load(as: UInt32.self) == field.id
                tree = isSet ? unsafe one(field.type, value, isPresent: true) : nil
            } else {
                tree = unsafe one(field.type, value, isPresent: false)
            }
            if let tree { fields[unsafe String(cString: field.name)] = tree }
        }
        return .message(fields)
    }

    /// A value; nil for one that is not written, unless it is present whatever it is.
    private static func one(_ type: ProtobufCType, _ place: UnsafeRawPointer, isPresent: Bool) -> Tree? {
        func number(_ value: some BinaryInteger) -> Tree? { value != 0 || isPresent ? .number(value) : nil }
        switch type {
        case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_SINT32, PROTOBUF_C_TYPE_ENUM:
            return number(unsafe place.load(as: Int32.self))
        case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_FIXED32: return number(unsafe place.load(as: UInt32.self))
        case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_SFIXED64: return number(unsafe place.load(as: Int64.self))
        case PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_FIXED64: return number(unsafe place.load(as: UInt64.self))
        case PROTOBUF_C_TYPE_BOOL:
            let truth = unsafe place.load(as: Int32.self) != 0
            return truth || isPresent ? .text("\(truth)") : nil
        case PROTOBUF_C_TYPE_DOUBLE:
            let value = unsafe place.load(as: Double.self)
            return value != 0 || isPresent ? .double(value) : nil
        case PROTOBUF_C_TYPE_STRING:
            let text = unsafe place.load(as: UnsafePointer<CChar>?.self).map { unsafe String(cString: $0) } ?? ""
            return !text.isEmpty || isPresent ? .text(text) : nil
        case PROTOBUF_C_TYPE_BYTES:
            let data = unsafe place.load(as: ProtobufCBinaryData.self)
            let digits = (0..<(unsafe data.len)).map { Tree.hexadecimal(UInt64(unsafe data.data[$0]), 2) }
            return !digits.isEmpty || isPresent ? .text(digits.joined()) : nil
        case PROTOBUF_C_TYPE_MESSAGE:
            return unsafe place.load(as: UnsafeRawPointer?.self).map { unsafe tree($0) }
        default: return .text("another type")
        }
    }

    /// How far apart the elements of a list are.
    private static func stride(_ type: ProtobufCType) -> Int {
        switch type {
        case PROTOBUF_C_TYPE_BYTES: unsafe MemoryLayout<ProtobufCBinaryData>.stride
        default: 8
        }
    }
}
