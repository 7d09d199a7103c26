// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineWire

@Suite("TelemetryRecordReader")
struct TelemetryRecordReaderTests {
    private static let header = TelemetryRecordWriter.Header(level: .warn, sequence: 5, ticks: 6)
    private static let place = TelemetryRecordWriter.Place(target: .inline("t"), file: .inline("f"), line: 7)

    @Test("Every kind comes back as it was written")
    func roundTrip() throws {
        let bytes = TelemetrySample.bytes
        let records = bytes.span.rawBytes
        let found = self.records(in: bytes)
        try #require(found.count == 7)
        #expect(found.map(\.sequence) == [0, 1, 2, 3, 4, 5, 6])
        #expect(found.map(\.ticks) == [100, 101, 102, 103, 104, 105, 106])
        #expect(found.map(\.level) == [.info, .off, .off, .error, .off, .off, .off])
        #expect(found.map(\.isTruncated) == [false, false, false, true, false, false, false])

        guard case .spanOpen(let open) = found[0].content else { return #expect(Bool(false)) }
        #expect(open.span == 1 && open.parent == 0 && open.line == 12)
        #expect(text(open.name, records) == "span")
        #expect(text(open.target, records) == "module")
        #expect(open.file == .image(address: 0x20_4000, byteCount: 9))
        #expect(open.fields.count == 6)

        guard case .event(let event) = found[1].content else { return #expect(Bool(false)) }
        #expect(event.span == 1 && event.line == 13 && event.fields.count == 0)
        #expect(text(event.message, records) == "message")

        guard case .spanEdit(let span, let fields) = found[2].content else { return #expect(Bool(false)) }
        #expect(span == 1 && fields.count == 1)
        #expect(found[3].content == .spanClose(span: 1))
        guard case .print(let printed) = found[4].content else { return #expect(Bool(false)) }
        #expect(text(printed, records) == "printed\n")

        guard case .allocate(let allocation) = found[5].content else { return #expect(Bool(false)) }
        #expect(allocation.address == 0x50_0000 && allocation.byteCount == 64 && allocation.frames.count == 3)
        #expect((0..<4).map { allocation.frames.address($0, in: records) } == [0x20_0001, 0x20_0002, 0x20_0003, nil])
        guard case .free(let free) = found[6].content else { return #expect(Bool(false)) }
        #expect(free.byteCount == 0 && free.frames.count == 0 && free.frames.address(0, in: records) == nil)
    }

    @Test("Fields come back with their types and values")
    func fields() throws {
        let bytes = TelemetrySample.bytes
        let records = bytes.span.rawBytes
        guard case .spanOpen(let open) = try #require(self.records(in: bytes).first).content else {
            return #expect(Bool(false))
        }
        var reader = open.fields.reader(in: records)
        var found: [TelemetryField] = []
        while let field = reader.next() {
            found.append(field)
        }
        #expect(found.map { text($0.key, records) } == ["b", "i", "u", "d", "s", "r"])
        #expect(found[0].value == .bool(true))
        #expect(found[1].value == .int64(.min))
        #expect(found[2].value == .uint64(.max))
        #expect(found[3].value == .double(bitPattern: Double.nan.bitPattern))
        guard case .string(let string) = found[4].value else { return #expect(Bool(false)) }
        #expect(text(string, records) == "värde")
        #expect(found[5].value == .string(.image(address: 0x20_5000, byteCount: 1)))
    }

    @Test("Fields and strings asked of other bytes end early, without a trap")
    func otherBytes() {
        let bytes = TelemetrySample.bytes
        guard case .spanOpen(let open) = records(in: bytes).first?.content else { return #expect(Bool(false)) }
        let other: [UInt8] = [1, 2, 3]
        var reader = open.fields.reader(in: other.span.rawBytes)
        #expect(reader.next() == nil)
        #expect(open.name.inlineBytes(in: other.span.rawBytes)?.count == nil)
    }

    @Test("No bytes have no records")
    func empty() {
        #expect(items(in: []).isEmpty)
    }

    @Test("A malformed record of plausible length is skipped, the next one read")
    func skipped() {
        var bytes = TelemetrySample.bytes
        let first = Int(bytes[0]) | Int(bytes[1]) << 8
        bytes[4] = 99
        let found = items(in: bytes)
        #expect(found.count == 7)
        #expect(found.first == .malformed(.badKind(99), offset: 0, lostByteCount: first))
        #expect(records(in: bytes).map(\.sequence) == [1, 2, 3, 4, 5, 6])
    }

    @Test(
        "An implausible length gives up the rest, and says how much",
        arguments: [0, 8, 23, 25, 33, 1 << 20, UInt32.max] as [UInt32])
    func givenUp(byteCount: UInt32) {
        var bytes = TelemetrySample.bytes
        bytes.replaceSubrange(0..<4, with: words(byteCount))
        #expect(
            items(in: bytes) == [.malformed(.badByteCount(byteCount), offset: 0, lostByteCount: bytes.count)])
    }

    @Test("Every cut gives the records before it and one loss", arguments: 1..<160)
    func cut(count: Int) {
        var writer = TelemetryRecordWriter()
        for sequence in 0..<5 as Range<UInt64> {
            writer.spanClose(.init(sequence: sequence, ticks: 0), span: 1)
        }
        let found = items(in: Array(writer.bytes[..<count]))
        let lost = count % 32
        #expect(found.count == count / 32 + (lost > 0 ? 1 : 0))
        guard lost > 0 else { return }
        let error: TelemetryError = lost < 24 ? .truncated(offset: count, needed: 24 - lost) : .badByteCount(32)
        #expect(found.last == .malformed(error, offset: count - lost, lostByteCount: lost))
    }

    @Test("A header's bad level and flags are errors")
    func badHeader() {
        var writer = TelemetryRecordWriter()
        writer.spanClose(Self.header, span: 1)
        var bytes = writer.bytes
        bytes[5] = 6
        #expect(items(in: bytes) == [.malformed(.badLevel(6), offset: 0, lostByteCount: 32)])
        bytes = writer.bytes
        bytes[6] = 2
        #expect(items(in: bytes) == [.malformed(.badFlags(2), offset: 0, lostByteCount: 32)])
    }

    @Test("Bytes that a record does not use, or lacks, are errors")
    func wrongLength() {
        var writer = TelemetryRecordWriter()
        writer.spanClose(Self.header, span: 1)
        var bytes = writer.bytes + [UInt8](repeating: 0, count: 8)
        bytes[0] = 40
        #expect(items(in: bytes) == [.malformed(.trailingBytes(count: 8), offset: 0, lostByteCount: 40)])
        bytes = Array(writer.bytes[..<24])
        bytes[0] = 24
        #expect(items(in: bytes) == [.malformed(.truncated(offset: 24, needed: 8), offset: 0, lostByteCount: 24)])
    }

    @Test("A record of 8192 bytes is read, a longer one skipped")
    func recordLimit() {
        let frames = [UInt64](repeating: 1, count: 64)
        var writer = TelemetryRecordWriter()
        writer.print(Self.header, text: .inline(String(repeating: "p", count: 8200)))
        writer.allocate(Self.header, address: 1, byteCount: 1, frames: frames)
        let found = items(in: writer.bytes)
        #expect(found.first == .malformed(.recordTooLong(byteCount: 8232), offset: 0, lostByteCount: 8232))
        #expect(records(in: writer.bytes).count == 1)
    }

    @Test("Strings, fields and frames have limits")
    func limits() {
        let long = String(repeating: "s", count: 4097)
        expectError(.stringTooLong(byteCount: 4097, offset: 24)) { $0.print(Self.header, text: .inline(long)) }
        expectError(.stringTooLong(byteCount: .max >> 31, offset: 24)) {
            $0.print(Self.header, text: .image(address: 0, byteCount: .max))
        }
        let fields = [TelemetryRecordWriter.Field](repeating: (.inline(""), .bool(true)), count: 33)
        expectError(.tooManyFields(33)) { $0.spanEdit(Self.header, span: 1, fields: fields) }
        let frames = [UInt64](repeating: 1, count: 65)
        expectError(.tooManyFrames(65)) { $0.free(Self.header, address: 1, byteCount: 1, frames: frames) }
    }

    @Test("Strings at the limit are read")
    func stringLimit() {
        var writer = TelemetryRecordWriter()
        writer.print(Self.header, text: .inline(String(repeating: "s", count: 4096)))
        writer.print(Self.header, text: .image(address: .max, byteCount: 4096))
        #expect(
            records(in: writer.bytes).map(\.content) == [
                .print(.inline(32..<4128)), .print(.image(address: .max, byteCount: 4096)),
            ])
    }

    @Test("Unknown forms and types, bad bools and reserved words are errors that tell where")
    func badContent() {
        var edit = TelemetryRecordWriter()
        edit.spanEdit(Self.header, span: 1, fields: [(.inline("k"), .bool(true))])
        // Record header 24, span 8, reserved 4, count 4, key 16, type 4, reserved 4, value 8.
        #expect(error(in: edit.bytes, setting: 32, to: 1) == .badReserved(offset: 32))
        #expect(error(in: edit.bytes, setting: 44, to: 2) == .badStringForm(2, offset: 44))
        #expect(error(in: edit.bytes, setting: 56, to: 6) == .badFieldType(6, offset: 56))
        #expect(error(in: edit.bytes, setting: 60, to: 1) == .badReserved(offset: 60))
        #expect(error(in: edit.bytes, setting: 64, to: 2) == .badBool(2, offset: 64))
        #expect(error(in: edit.bytes, setting: 71, to: 1) == .badBool(1 << 56 | 1, offset: 64))
        var allocate = TelemetryRecordWriter()
        allocate.allocate(Self.header, address: 1, byteCount: 2, frames: [])
        #expect(error(in: allocate.bytes, setting: 40, to: 1) == .badReserved(offset: 40))
    }

    private func expectError(_ error: TelemetryError, _ write: (inout TelemetryRecordWriter) -> Void) {
        var writer = TelemetryRecordWriter()
        write(&writer)
        #expect(items(in: writer.bytes) == [.malformed(error, offset: 0, lostByteCount: writer.bytes.count)])
    }

    private func error(in bytes: [UInt8], setting offset: Int, to value: UInt8) -> TelemetryError? {
        var bytes = bytes
        bytes[offset] = value
        guard case .malformed(let error, _, _) = items(in: bytes).first else { return nil }
        return error
    }

    private func text(_ string: TelemetryString, _ records: RawSpan) -> String? {
        guard let bytes = string.inlineBytes(in: records) else { return nil }
        return String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }

    private func items(in bytes: [UInt8]) -> [TelemetryItem] {
        var reader = TelemetryRecordReader(bytes.span.rawBytes)
        var found: [TelemetryItem] = []
        while let item = reader.next() {
            found.append(item)
        }
        return found
    }

    private func records(in bytes: [UInt8]) -> [TelemetryRecord] {
        items(in: bytes).compactMap { item in
            guard case .record(let record) = item else { return nil }
            return record
        }
    }
}
