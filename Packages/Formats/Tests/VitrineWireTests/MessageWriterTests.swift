// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineWire

@Suite("MessageWriter")
struct MessageWriterTests {
    @Test("A message that does not fit is an error that tells the size", arguments: 0..<40)
    func insufficientSpace(capacity: Int) {
        let needed =
            switch capacity {
            case ..<24: 24
            default: 40
            }
        #expect(throws: WireError.insufficientSpace(needed: needed, available: capacity)) {
            _ = try written(capacity: capacity) { (writer) throws(WireError) in
                try writer.beginCall(name: "f", parameterCount: 1, resultType: .void)
                try writer.append(Int64(1))
            }
        }
    }

    @Test("A message that just fits is written")
    func justFits() throws {
        let bytes = try written(capacity: 40) { (writer) throws(WireError) in
            try writer.beginCall(name: "f", parameterCount: 1, resultType: .void)
            try writer.append(Int64(1))
        }
        #expect(bytes.count == 40)
    }

    @Test("Nothing behind the message is touched")
    func bounds() throws {
        var bytes = [UInt8](repeating: 0xAA, count: 64)
        var span = bytes.mutableSpan
        var writer = MessageWriter(span.mutableRawBytes)
        try writer.beginResult()
        try writer.append([1, 2, 3] as [UInt8])
        let byteCount = try writer.finish()
        #expect(byteCount == 32)
        #expect(bytes[32...].allSatisfy { $0 == 0xAA })
    }

    @Test("More parameters than the limit are an error", arguments: [-1, 11, Int.max])
    func tooManyParameters(count: Int) {
        #expect(throws: WireError.tooManyParameters(count)) { _ = try call("f", count: count) }
    }

    @Test("A name of 256 bytes is written, one of 257 an error")
    func nameLimit() throws {
        #expect(try call(String(repeating: "n", count: 256), count: 0).count == 272)
        #expect(throws: WireError.nameTooLong(byteCount: 257)) {
            _ = try call(String(repeating: "n", count: 257), count: 0)
        }
    }

    @Test("Fewer or more values than announced are errors")
    func valueCount() {
        #expect(throws: WireError.valueCount(declared: 2)) {
            _ = try call("f", count: 2) { (writer) throws(WireError) in try writer.append(true) }
        }
        #expect(throws: WireError.valueCount(declared: 1)) {
            _ = try call("f", count: 1) { (writer) throws(WireError) in
                try writer.append(true)
                try writer.append(true)
            }
        }
        #expect(throws: WireError.valueCount(declared: 0)) {
            _ = try written { (_) throws(WireError) in }
        }
    }

    @Test("A writer may begin again, such as with an error in place of a result")
    func beginsAgain() throws {
        let bytes = try written { (writer) throws(WireError) in
            try writer.beginResult()
            try writer.append("half")
            try writer.writeError(code: .malformed, text: "no")
        }
        #expect(bytes == (try errorMessage(.malformed, "no")))
    }

    @Test("An error text is cut to the limit, between characters")
    func errorText() throws {
        let plain = String(repeating: "t", count: 5000)
        #expect(try text(ofError: plain).utf8.count == 4096)
        // Three bytes a character: 4096 = 3 * 1365 + 1.
        let wide = String(repeating: "€", count: 2000)
        #expect(try text(ofError: wide) == String(repeating: "€", count: 1365))
    }

    private func text(ofError text: String) throws(WireError) -> String {
        let bytes = try errorMessage(.panic, text)
        var reader = try MessageReader(bytes.span.rawBytes)
        return try reader.nextValue().string()
    }
}
