// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineWire

@Suite("MessageReader")
struct MessageReaderTests {
    @Test("A call's header, name and values are read in order")
    func call() throws {
        let bytes = try VitrineWireTests.call("mix", count: 2, resultType: .bytes) { (writer) throws(WireError) in
            try writer.append("text")
            try writer.append(UInt32(9))
        }
        var reader = try MessageReader(bytes.span.rawBytes)
        #expect(reader.header == .call(parameterCount: 2, resultType: .bytes))
        #expect(name(of: reader) == "mix")
        #expect(reader.remainingValues == 2)
        #expect(try reader.nextValue().string() == "text")
        #expect(try reader.nextValue().uint32() == 9)
        #expect(reader.remainingValues == 0)
        #expect(throws: WireError.valueCount(declared: 2)) { _ = try reader.nextValue().type }
        try reader.finish()
    }

    @Test("Bytes are borrowed where they lie")
    func borrowedBytes() throws {
        let bytes = try result([1, 2, 3] as [UInt8])
        let span = bytes.span.rawBytes
        var reader = try MessageReader(span)
        let value = try reader.nextValue()
        #expect(value.payloadOffset == 24)
        #expect(span.byteOffsets(of: try value.bytes()) == 24..<27)
    }

    @Test("An error message gives its code and text")
    func error() throws {
        let bytes = try errorMessage(.outOfMemory, "heap")
        var reader = try MessageReader(bytes.span.rawBytes)
        #expect(reader.header == .error(code: .outOfMemory))
        #expect(name(of: reader).isEmpty)
        #expect(try reader.nextValue().string() == "heap")
        try reader.finish()
    }

    @Test("Every shorter message is truncated", arguments: 0..<56)
    func truncated(count: Int) throws {
        let bytes = try add()
        let needed = count < 16 ? 16 - count : 56 - count
        #expect(throws: WireError.truncated(offset: count, needed: needed)) {
            try readAll(Array(bytes[..<count]))
        }
    }

    @Test("Bytes behind the message are an error")
    func trailing() throws {
        let bytes = try add()
        #expect(throws: WireError.trailingBytes(count: 8)) { try readAll(bytes + [UInt8](repeating: 0, count: 8)) }
    }

    @Test("Bytes behind the last value are an error")
    func trailingInside() throws {
        var bytes = try add() + [UInt8](repeating: 0, count: 8)
        bytes[0] += 8
        #expect(throws: WireError.trailingBytes(count: 8)) { try readAll(bytes) }
    }

    @Test("A length below the header's or no multiple of 8 is an error", arguments: [0, 8, 15, 17, 55] as [UInt8])
    func badLength(byteCount: UInt8) throws {
        var bytes = try add()
        bytes[0] = byteCount
        #expect(throws: WireError.badLength(UInt64(byteCount), offset: 0)) { try readAll(bytes) }
    }

    @Test("An enormous length is truncated")
    func enormousLength() throws {
        var bytes = try add()
        bytes.replaceSubrange(0..<4, with: words(0xFFFF_FFF8))
        #expect(throws: WireError.truncated(offset: 56, needed: 0xFFFF_FFF8 - 56)) { try readAll(bytes) }
    }

    @Test("Unknown kinds are errors", arguments: [0, 4, 0xFF] as [UInt8])
    func badKind(kind: UInt8) throws {
        var bytes = try add()
        bytes[4] = kind
        #expect(throws: WireError.badKind(UInt16(kind))) { try readAll(bytes) }
    }

    @Test("More than ten parameters are an error")
    func tooManyParameters() throws {
        var bytes = try add()
        bytes[6] = 11
        #expect(throws: WireError.tooManyParameters(11)) { try readAll(bytes) }
    }

    @Test("A name above the limit is an error, one beyond the message truncated")
    func badName() throws {
        var bytes = try add()
        bytes.replaceSubrange(8..<12, with: words(257))
        #expect(throws: WireError.nameTooLong(byteCount: 257)) { try readAll(bytes) }
        bytes.replaceSubrange(8..<12, with: words(256))
        #expect(throws: WireError.truncated(offset: 56, needed: 216)) { try readAll(bytes) }
    }

    @Test("An unknown result type is an error")
    func badResultType() throws {
        var bytes = try add()
        bytes[12] = 10
        #expect(throws: WireError.badType(10, offset: 12)) { try readAll(bytes) }
    }

    @Test("An unknown value type is an error")
    func badValueType() throws {
        var bytes = try add()
        bytes[27] = 1
        #expect(throws: WireError.badType(0x0100_0003, offset: 24)) { try readAll(bytes) }
    }

    @Test("A payload of another size than its type's is an error")
    func badPayload() throws {
        var bytes = try add()
        bytes[28] = 4
        #expect(throws: WireError.badLength(4, offset: 28)) { try readAll(bytes) }
    }

    @Test("A payload beyond the message is truncated", arguments: [9, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
    func longPayload(byteCount: UInt32) throws {
        var bytes = try result("12345678")
        bytes.replaceSubrange(20..<24, with: words(byteCount))
        let needed = (Int(byteCount) + 7) / 8 * 8 - 8
        #expect(throws: WireError.truncated(offset: 32, needed: needed)) { try readAll(bytes) }
    }

    @Test("A missing value is truncated, a declared one that is not read an error")
    func missingValue() throws {
        var bytes = try add()
        bytes[6] = 3
        #expect(throws: WireError.truncated(offset: 56, needed: 8)) { try readAll(bytes) }
        let reader = try MessageReader(bytes.span.rawBytes)
        #expect(throws: WireError.valueCount(declared: 3)) { try reader.finish() }
    }

    @Test("Header fields that results and errors do not use must be zero", arguments: [6, 8])
    func reserved(offset: Int) throws {
        for message in [try result(Int32(1)), try errorMessage(.panic, "")] {
            var bytes = message
            bytes[offset] = 1
            #expect(throws: WireError.badReserved(offset: offset)) { try readAll(bytes) }
        }
    }

    @Test("A result has no code")
    func resultCode() throws {
        var bytes = try result(Int32(1))
        bytes[12] = 1
        #expect(throws: WireError.badReserved(offset: 12)) { try readAll(bytes) }
    }

    @Test("An error's value is a string within the limit")
    func badErrorText() throws {
        var bytes = try errorMessage(.panic, "12345678")
        bytes.replaceSubrange(20..<24, with: words(4097))
        #expect(throws: WireError.errorTextTooLong(byteCount: 4097)) { try readAll(bytes) }
        bytes.replaceSubrange(16..<24, with: words(WireType.bytes.rawValue, 8))
        #expect(throws: WireError.wrongType(expected: .string, found: .bytes)) { try readAll(bytes) }
    }

    private func add() throws(WireError) -> [UInt8] {
        try VitrineWireTests.call("add", count: 2, resultType: .int64) { (writer) throws(WireError) in
            try writer.append(Int64(1))
            try writer.append(Int64(2))
        }
    }

    private func name(of reader: borrowing MessageReader) -> String {
        let name = reader.name
        return String(decoding: name.indices.map { name[$0] }, as: UTF8.self)
    }
}
