// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineWire

/// The bytes of every kind of telemetry record, written out: the C guests' encoder has to produce the same.
@Suite("Telemetry records, byte for byte")
struct TelemetryGoldenTests {
    private static let header = TelemetryRecordWriter.Header(
        level: .info, isTruncated: true, sequence: 0x0102, ticks: 0x0304_0506_0708)
    private static let place = TelemetryRecordWriter.Place(
        target: .image(address: 0x20_1000, byteCount: 5), file: .inline("f"), line: 7)

    @Test("Span open, with a field of each type")
    func spanOpen() {
        var writer = TelemetryRecordWriter()
        writer.spanOpen(
            Self.header,
            span: 1,
            parent: 2,
            name: .inline("ab"),
            at: Self.place,
            fields: [
                (.inline("b"), .bool(true)),
                (.inline("i"), .int64(-1)),
                (.inline("u"), .uint64(9)),
                (.inline("d"), .double(1)),
                (.inline("s"), .string(.inline("123456789"))),
                (.image(address: 0x20_2000, byteCount: 3), .string(.image(address: 0x20_3000, byteCount: 4))),
            ]
        )
        var expected = header(kind: 1, byteCount: 24 + 24 + 16 * 3 + 32 * 4 + 48 + 40)
        expected += words(1, 0, 2, 0, 7, 6)
        expected += words(2, 0) + padded("ab")
        expected += words(5, 1, 0x20_1000, 0)
        expected += words(1, 0) + padded("f")
        expected += words(1, 0) + padded("b") + words(1, 0, 1, 0)
        expected += words(1, 0) + padded("i") + words(2, 0, 0xFFFF_FFFF, 0xFFFF_FFFF)
        expected += words(1, 0) + padded("u") + words(3, 0, 9, 0)
        expected += words(1, 0) + padded("d") + words(4, 0, 0, 0x3FF0_0000)
        expected += words(1, 0) + padded("s") + words(5, 0, 9, 0) + padded("123456789")
        expected += words(3, 1, 0x20_2000, 0, 5, 0, 4, 1, 0x20_3000, 0)
        #expect(writer.bytes == expected)
    }

    @Test("Span close")
    func spanClose() {
        var writer = TelemetryRecordWriter()
        writer.spanClose(Self.header, span: 0x1122_3344_5566_7788)
        #expect(writer.bytes == header(kind: 2, byteCount: 32) + words(0x5566_7788, 0x1122_3344))
    }

    @Test("Span edit")
    func spanEdit() {
        var writer = TelemetryRecordWriter()
        writer.spanEdit(Self.header, span: 3, fields: [(.inline("key"), .bool(false))])
        let content = words(3, 0, 0, 1) + words(3, 0) + padded("key") + words(1, 0, 0, 0)
        #expect(writer.bytes == header(kind: 3, byteCount: 72) + content)
    }

    @Test("Event")
    func event() {
        var writer = TelemetryRecordWriter()
        writer.event(Self.header, span: 4, message: .inline("12345678"), at: Self.place)
        var expected = header(kind: 4, byteCount: 88) + words(4, 0, 7, 0)
        expected += words(8, 0) + padded("12345678")
        expected += words(5, 1, 0x20_1000, 0)
        expected += words(1, 0) + padded("f")
        #expect(writer.bytes == expected)
    }

    @Test("Print")
    func print() {
        var writer = TelemetryRecordWriter()
        writer.print(Self.header, text: .inline(""))
        writer.print(Self.header, text: .inline("hi\n"))
        let empty = header(kind: 5, byteCount: 32) + words(0, 0)
        #expect(writer.bytes == empty + header(kind: 5, byteCount: 40) + words(3, 0) + padded("hi\n"))
    }

    @Test("Allocate and free")
    func allocateAndFree() {
        var writer = TelemetryRecordWriter()
        writer.allocate(Self.header, address: 0x1000, byteCount: 24, frames: [0x20_0004, 0x20_0008])
        writer.free(Self.header, address: 0x1000, byteCount: 0, frames: [])
        let allocate = words(0x1000, 0, 24, 0, 0, 2, 0x20_0004, 0, 0x20_0008, 0)
        let free = words(0x1000, 0, 0, 0, 0, 0)
        #expect(
            writer.bytes == header(kind: 6, byteCount: 64) + allocate + header(kind: 7, byteCount: 48) + free)
    }

    private func header(kind: UInt8, byteCount: UInt32) -> [UInt8] {
        words(byteCount) + [kind, 3, 1, 0] + words(0x0102, 0) + words(0x0506_0708, 0x0304)
    }
}
