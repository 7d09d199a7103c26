// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// The fuzzer's entry: any bytes give a message or an error, and a message that was read can be written again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMessage(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: the fuzzer lends `count` bytes for the time of the call.
    let message = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: count)
    var copy = [UInt8](repeating: 0, count: count)
    var memory = copy.mutableSpan
    do throws(WireError) {
        let byteCount = try rewrite(message, into: memory.mutableRawBytes)
        precondition(byteCount == count)
    } catch {
        return 0
    }
    precondition(isSame(message, memory.span.rawBytes))
    _ = try? Mailbox(reading: message).messageRange(outputByteCount: count)
    return 0
}

/// Reads the message and writes it again; gives its size.
func rewrite(_ message: RawSpan, into memory: consuming MutableRawSpan) throws(WireError) -> Int {
    var reader = try MessageReader(message)
    var writer = MessageWriter(memory)
    switch reader.header {
    case .call(let parameterCount, let resultType):
        try writer.beginCall(name: reader.name, parameterCount: parameterCount, resultType: resultType)
    case .result:
        try writer.beginResult()
    case .error(let code):
        let text = try reader.nextValue().string()
        try writer.writeError(code: code, text: text)
    }
    while reader.remainingValues > 0 {
        let value = try reader.nextValue()
        switch value.type {
        case .void: try writer.append(WireVoid(decoding: value))
        case .int32: try writer.append(Int32(decoding: value))
        case .uint32: try writer.append(UInt32(decoding: value))
        case .int64: try writer.append(Int64(decoding: value))
        case .uint64: try writer.append(UInt64(decoding: value))
        case .float: try writer.append(Float(decoding: value))
        case .double: try writer.append(Double(decoding: value))
        case .bool: try writer.append(Bool(decoding: value))
        case .string: try writer.append(String(decoding: value))
        case .bytes: try writer.append(bytes: value.bytes())
        }
    }
    try reader.finish()
    return try writer.finish()
}

/// Whether both messages say the same; padding may differ.
func isSame(_ left: RawSpan, _ right: RawSpan) -> Bool {
    do throws(WireError) {
        var left = try MessageReader(left)
        var right = try MessageReader(right)
        guard left.header == right.header, isSame(left.name, right.name) else { return false }
        while left.remainingValues > 0 {
            let one = try left.nextValue()
            let other = try right.nextValue()
            guard one.type == other.type, isSame(Span(_bytes: one.payload), Span(_bytes: other.payload)) else {
                return false
            }
        }
        return true
    } catch {
        return false
    }
}

func isSame(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for index in left.indices where left[index] != right[index] {
        return false
    }
    return true
}
