// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineWire

@Suite("WireValue")
struct WireValueTests {
    @Test("An int32 comes back", arguments: [0, 1, -1, Int32.min, .max])
    func int32(value: Int32) throws {
        #expect(try decodedResult(result(value), as: Int32.self) == value)
    }

    @Test("A uint32 comes back", arguments: [0, 1, UInt32.max])
    func uint32(value: UInt32) throws {
        #expect(try decodedResult(result(value), as: UInt32.self) == value)
    }

    @Test("An int64 comes back", arguments: [0, 1, -1, Int64.min, .max])
    func int64(value: Int64) throws {
        #expect(try decodedResult(result(value), as: Int64.self) == value)
    }

    @Test("A uint64 comes back", arguments: [0, 1, UInt64.max])
    func uint64(value: UInt64) throws {
        #expect(try decodedResult(result(value), as: UInt64.self) == value)
    }

    @Test(
        "A float comes back bit for bit",
        arguments: [0, 0x8000_0000, 1, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0001, 0x7F80_0001, 0x7F7F_FFFF] as [UInt32])
    func float(bits: UInt32) throws {
        #expect(try decodedResult(result(Float(bitPattern: bits)), as: Float.self).bitPattern == bits)
    }

    @Test(
        "A double comes back bit for bit",
        arguments: [
            0, 1 << 63, 1, 0x7FF0_0000_0000_0000, 0xFFF0_0000_0000_0000, 0x7FF8_0000_0000_0001, 0x7FF0_0000_0000_0001,
        ] as [UInt64])
    func double(bits: UInt64) throws {
        #expect(try decodedResult(result(Double(bitPattern: bits)), as: Double.self).bitPattern == bits)
    }

    @Test("A bool comes back", arguments: [false, true])
    func bool(value: Bool) throws {
        #expect(try decodedResult(result(value), as: Bool.self) == value)
    }

    @Test("Void comes back")
    func void() throws {
        #expect(try decodedResult(result(WireVoid()), as: WireVoid.self) == WireVoid())
    }

    @Test(
        "A string comes back",
        arguments: ["", "a", "1234567", "12345678", "123456789", "\0", "naïve 🪟 ", "e\u{301}", "\u{FFFD}"])
    func string(value: String) throws {
        let decoded = try decodedResult(result(value), as: String.self)
        #expect(Array(decoded.utf8) == Array(value.utf8))
    }

    @Test("Bytes come back at every padding", arguments: 0...17)
    func bytes(count: Int) throws {
        let value = (0..<count).map { UInt8($0 + 1) }
        #expect(try decodedResult(result(value), as: [UInt8].self) == value)
    }

    @Test("1 MiB and a byte comes back, as bytes and as a string")
    func large() throws {
        let count = 1 << 20 | 1
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(try decodedResult(result(bytes), as: [UInt8].self) == bytes)
        let string = String(repeating: "z", count: count)
        #expect(try decodedResult(result(string), as: String.self) == string)
    }

    @Test("The size that a value tells is the size that it takes")
    func sizes() throws {
        #expect(try result(Int32(1)).count == MessageWriter.resultByteCount(Int32(1)))
        #expect(try result("12345678").count == MessageWriter.resultByteCount("12345678"))
        let parameters = try call("name", count: 3) { (writer) throws(WireError) in
            try writer.append(true)
            try writer.append("text")
            try writer.append([1, 2, 3, 4, 5, 6, 7, 8, 9] as [UInt8])
        }
        let computed = MessageWriter.callByteCount(
            name: "name", true, "text", [1, 2, 3, 4, 5, 6, 7, 8, 9] as [UInt8])
        #expect(parameters.count == computed)
    }

    @Test("Asking for another type is an error that names both")
    func wrongType() throws {
        let bytes = try result(Int32(1))
        #expect(throws: WireError.wrongType(expected: .string, found: .int32)) {
            try decodedResult(bytes, as: String.self)
        }
        #expect(throws: WireError.wrongType(expected: .uint32, found: .int32)) {
            try decodedResult(bytes, as: UInt32.self)
        }
        #expect(throws: WireError.wrongType(expected: .void, found: .int32)) {
            try decodedResult(bytes, as: WireVoid.self)
        }
    }

    @Test("A bool that is neither 0 nor 1 is an error")
    func badBool() throws {
        var bytes = try result(true)
        bytes[24] = 2
        #expect(throws: WireError.badBool(2, offset: 24)) { try decodedResult(bytes, as: Bool.self) }
    }

    @Test("A string that is no UTF-8 is an error that tells where")
    func badUTF8() throws {
        var bytes = try result("abcdefg")
        bytes[27] = 0xFF
        #expect(throws: WireError.notUTF8(offset: 27)) { try decodedResult(bytes, as: String.self) }
    }

    @Test("Padding may hold anything")
    func padding() throws {
        var bytes = try result("abc")
        bytes[27...31] = [1, 2, 3, 4, 5]
        #expect(try decodedResult(bytes, as: String.self) == "abc")
    }
}
