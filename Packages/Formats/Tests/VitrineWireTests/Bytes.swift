// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// The bytes that a message writer writes; errors are the writer's.
func written(
    capacity: Int = 4096, _ write: (inout MessageWriter) throws(WireError) -> Void
) throws(WireError) -> [UInt8] {
    // Not zero, so that a byte which the writer leaves out shows.
    var bytes = [UInt8](repeating: 0xAA, count: capacity)
    var span = bytes.mutableSpan
    var writer = MessageWriter(span.mutableRawBytes)
    try write(&writer)
    let byteCount = try writer.finish()
    return Array(bytes[..<byteCount])
}

/// A call message.
func call(
    _ name: String, count: Int, resultType: WireType = .void,
    _ values: (inout MessageWriter) throws(WireError) -> Void = { (_) throws(WireError) in }
) throws(WireError) -> [UInt8] {
    try written { (writer) throws(WireError) in
        try writer.beginCall(name: name, parameterCount: count, resultType: resultType)
        try values(&writer)
    }
}

/// A result message with this value.
func result(_ value: some WireValue) throws(WireError) -> [UInt8] {
    try written(capacity: MessageWriter.resultByteCount(value)) { (writer) throws(WireError) in
        try writer.beginResult()
        try writer.append(value)
    }
}

/// An error message.
func errorMessage(_ code: GuestABI.ErrorCode, _ text: String) throws(WireError) -> [UInt8] {
    try written(capacity: 8192) { (writer) throws(WireError) in try writer.writeError(code: code, text: text) }
}

/// Reads the message, its only value as this type, and its end.
func decodedResult<Value: WireValue>(_ bytes: [UInt8], as type: Value.Type) throws(WireError) -> Value {
    var reader = try MessageReader(bytes.span.rawBytes)
    let value = try Value(decoding: reader.nextValue())
    try reader.finish()
    return value
}

/// Reads everything that the message has, in the way of its types; gives the number of values.
@discardableResult
func readAll(_ bytes: [UInt8]) throws(WireError) -> Int {
    var reader = try MessageReader(bytes.span.rawBytes)
    _ = reader.name.count
    var count = 0
    while reader.remainingValues > 0 {
        let value = try reader.nextValue()
        count += 1
        switch value.type {
        case .void: _ = try WireVoid(decoding: value)
        case .int32: _ = try value.int32()
        case .uint32: _ = try value.uint32()
        case .int64: _ = try value.int64()
        case .uint64: _ = try value.uint64()
        case .float: _ = try value.float()
        case .double: _ = try value.double()
        case .bool: _ = try value.bool()
        case .string: _ = try value.string()
        case .bytes: _ = try [UInt8](decoding: value)
        }
    }
    try reader.finish()
    return count
}

/// The little-endian bytes of the words.
func words(_ values: UInt32...) -> [UInt8] {
    values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) } }
}

/// The bytes of the text, padded with zeros to a multiple of 8.
func padded(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    return bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
}
