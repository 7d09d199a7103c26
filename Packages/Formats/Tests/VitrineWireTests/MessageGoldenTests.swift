// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineWire

/// The bytes of every kind of message and of every type of value: a change of one is a change of the ABI.
@Suite("Messages, byte for byte")
struct MessageGoldenTests {
    @Test("A call")
    func call() throws {
        let bytes = try VitrineWireTests.call("add", count: 2, resultType: .int64) { (writer) throws(WireError) in
            try writer.append(Int64(1))
            try writer.append(Int64(-2))
        }
        let header: [UInt8] = [
            0x38, 0, 0, 0,  // 56 bytes
            1, 0,  // a call
            2, 0,  // two parameters
            3, 0, 0, 0,  // bytes of the name
            3, 0, 0, 0,  // expects an int64
        ]
        let name: [UInt8] = [0x61, 0x64, 0x64, 0, 0, 0, 0, 0]
        let first: [UInt8] = [3, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        let second: [UInt8] = [3, 0, 0, 0, 8, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(bytes == header + name + first + second)
    }

    @Test("A call without parameters")
    func emptyCall() throws {
        let bytes = try VitrineWireTests.call("12345678", count: 0)
        #expect(bytes == [24, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0] + Array("12345678".utf8))
    }

    @Test("An error")
    func error() throws {
        let bytes = try errorMessage(GuestABI.ErrorCode(rawValue: 1001), "nope")
        let header: [UInt8] = [32, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0xE9, 3, 0, 0]
        #expect(bytes == header + [8, 0, 0, 0, 4, 0, 0, 0, 0x6E, 0x6F, 0x70, 0x65, 0, 0, 0, 0])
    }

    @Test("A result of each type")
    func results() throws {
        #expect(try result(WireVoid()) == header(24) + [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(try result(Int32(-2)) == header(32) + [1, 0, 0, 0, 4, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
        #expect(try result(UInt32(0x0403_0201)) == header(32) + [2, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0])
        #expect(try result(Int64(1)) == header(32) + [3, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            try result(UInt64(0x0807_0605_0403_0201)) == header(32) + [4, 0, 0, 0, 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
        #expect(try result(Float(1)) == header(32) + [5, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0])
        #expect(try result(Double(1)) == header(32) + [6, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
        #expect(try result(true) == header(32) + [7, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(try result("é") == header(32) + [8, 0, 0, 0, 2, 0, 0, 0, 0xC3, 0xA9, 0, 0, 0, 0, 0, 0])
        #expect(try result("") == header(24) + [8, 0, 0, 0, 0, 0, 0, 0])
        #expect(try result([7, 8, 9] as [UInt8]) == header(32) + [9, 0, 0, 0, 3, 0, 0, 0, 7, 8, 9, 0, 0, 0, 0, 0])
    }

    private func header(_ byteCount: UInt8) -> [UInt8] {
        [byteCount, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    }
}
