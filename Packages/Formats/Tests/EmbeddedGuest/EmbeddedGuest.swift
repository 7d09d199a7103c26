// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// Uses every part of VitrineWire that a guest may use, so that `check-embedded.sh` sees what it drags in.
@_cdecl("embedded_guest")
public func embeddedGuest() -> Int {
    var buffer = [UInt8](repeating: 0, count: 512)
    var span = buffer.mutableSpan
    do throws(WireError) {
        var writer = MessageWriter(span.mutableRawBytes)
        try writer.beginCall(name: "all", parameterCount: 9, resultType: .void)
        try writer.append(Int32(-1))
        try writer.append(UInt32(1))
        try writer.append(Int64(-1))
        try writer.append(UInt64(1))
        try writer.append(Float(1))
        try writer.append(Double(1))
        try writer.append(true)
        try writer.append("text")
        try writer.append([1, 2, 3] as [UInt8])
        let byteCount = try writer.finish()
        var reader = try MessageReader(span.span.rawBytes.extracting(0..<byteCount))
        var sum = reader.name.count
        sum += Int(try reader.nextValue().int32())
        sum += Int(try reader.nextValue().uint32())
        sum += Int(try reader.nextValue().int64())
        sum += Int(try reader.nextValue().uint64())
        sum += Int(try reader.nextValue().float())
        sum += Int(try reader.nextValue().double())
        sum += try reader.nextValue().bool() ? 1 : 0
        sum += try String(decoding: reader.nextValue()).utf8.count
        sum += try [UInt8](decoding: reader.nextValue()).count
        try reader.finish()
        return try sum + reply(&span)
    } catch {
        return -1
    }
}

func reply(_ span: inout MutableSpan<UInt8>) throws(WireError) -> Int {
    var writer = MessageWriter(span.mutableRawBytes)
    try writer.beginResult()
    try writer.append(WireVoid())
    let result = try writer.finish()
    try writer.writeError(code: .panic, text: "gone")
    let error = try writer.finish()
    let mailbox = Mailbox(replySequence: 1, messageOffset: 64, messageByteCount: UInt64(result + error))
    var bytes = span.mutableRawBytes
    mailbox.write(to: &bytes)
    TelemetryHeader(used: 8).write(to: &bytes)
    var records = TelemetryRecordReader(span.span.rawBytes)
    var count = 0
    while records.next() != nil {
        count += 1
    }
    return count
}
