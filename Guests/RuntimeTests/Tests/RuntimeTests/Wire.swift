// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineWire

/// Messages as the host writes and reads them, with the host's own coder: the two sides check each other.
enum Wire {
    /// A call message with up to two parameters.
    static func call<each Value: WireValue>(
        _ name: String, _ values: repeat each Value, returns result: WireType
    ) throws -> [UInt8] {
        var count = 0
        for _ in repeat each values { count += 1 }
        return try message { (writer: inout MessageWriter) throws(WireError) in
            try writer.beginCall(name: name, parameterCount: count, resultType: result)
            for value in repeat each values { try writer.append(value) }
        }
    }

    /// A result message.
    static func result(_ value: some WireValue) throws -> [UInt8] {
        try message { (writer: inout MessageWriter) throws(WireError) in
            try writer.beginResult()
            try writer.append(value)
        }
    }

    /// An error message.
    static func error(_ code: UInt32, _ text: String) throws -> [UInt8] {
        try message { (writer: inout MessageWriter) throws(WireError) in
            try writer.writeError(code: GuestABI.ErrorCode(rawValue: code), text: text)
        }
    }

    // SAFETY: the span lives as long as the array it is of.
    private static func message(_ write: (inout MessageWriter) throws(WireError) -> Void) throws(WireError) -> [UInt8] {
        var memory = [UInt8](repeating: 0, count: 32 << 10)
        var byteCount = 0
        do {
            var bytes = memory.mutableSpan
            var writer = MessageWriter(unsafe bytes.mutableBytes)
            try write(&writer)
            byteCount = try writer.finish()
        }
        return Array(memory.prefix(byteCount))
    }

    /// What a reply says.
    enum Reply: Equatable {
        case value(String)
        case error(UInt32, String)
        case call(String, [String], returns: WireType)
    }

    // SAFETY: the span lives as long as the array it is of.
    /// Reads a whole message; values as text.
    static func read(_ message: [UInt8]) throws -> Reply {
        var reader = try MessageReader(unsafe message.span.bytes)
        var values: [String] = []
        while reader.remainingValues > 0 { values.append(try text(try reader.nextValue())) }
        try reader.finish()
        switch reader.header {
        case .call(_, let result):
            let name = reader.name
            let bytes = name.indices.map { name[$0] }
            return .call(String(decoding: bytes, as: UTF8.self), values, returns: result)
        case .result: return .value(values[0])
        case .error(let code): return .error(code.rawValue, String(values[0].dropFirst("string ".count)))
        }
    }

    private static func text(_ value: EncodedValue) throws -> String {
        switch value.type {
        case .void: "void"
        case .int32: "int32 \(try value.int32())"
        case .uint32: "uint32 \(try value.uint32())"
        case .int64: "int64 \(try value.int64())"
        case .uint64: "uint64 \(try value.uint64())"
        case .float: "float \(try value.float())"
        case .double: "double \(try value.double())"
        case .bool: "bool \(try value.bool())"
        case .string: "string \(try value.string())"
        case .bytes: "bytes \(try [UInt8](decoding: value))"
        }
    }
}
