// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineGuest
import Testing
import VitrineWire

extension Runtime {
    @Suite struct Telemetry {
        private let machine = FakeMachine.shared

        init() { machine.reset() }

        private func withText<Result>(_ string: String, _ body: (vitrine_text) -> Result) -> Result {
            var copy = string
            // SAFETY: used inside the closure only.
            return copy.withUTF8 { utf8 in
                let start = unsafe UnsafeRawPointer(utf8.baseAddress)?.assumingMemoryBound(to: CChar.self)
                return unsafe body(vitrine_text(bytes: start, byte_count: utf8.count))
            }
        }

        // SAFETY: texts and spans are lent for one call of the runtime.
        private func event(_ message: String, fieldCount: Int = 0) {
            unsafe withText(message) { text in
                var location = unsafe vitrine_location(target: text, file: text, line: 7)
                let fields = unsafe [vitrine_field](repeating: vitrine_field_int64(text, -5), count: fieldCount)
                unsafe vitrine_event(VITRINE_LEVEL_INFO, text, &location, fields, UInt32(fieldCount))
            }
        }

        // SAFETY: texts and spans are lent for one call of the runtime.
        private func open(_ name: String) -> vitrine_span {
            unsafe withText(name) { text in
                var location = unsafe vitrine_location(target: text, file: text, line: 8)
                return unsafe vitrine_span_open(VITRINE_LEVEL_INFO, text, &location, nil, 0)
            }
        }

        // SAFETY: texts and spans are lent for one call of the runtime.
        /// All records, which must be well formed.
        private func records(_ bytes: [UInt8]) throws -> [TelemetryRecord] {
            var reader = TelemetryRecordReader(unsafe bytes.span.bytes)
            var records: [TelemetryRecord] = []
            while let item = reader.next() {
                guard case .record(let record) = item else {
                    Issue.record("\(item)")
                    return records
                }
                records.append(record)
            }
            return records
        }

        // SAFETY: texts and spans are lent for one call of the runtime.
        private func text(_ string: TelemetryString, in bytes: [UInt8]) -> String? {
            guard let span = string.inlineBytes(in: unsafe bytes.span.bytes) else { return nil }
            return String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
        }

        // SAFETY: texts and spans are lent for one call of the runtime.
        @Test func `writes an event that the host reads`() throws {
            event("hello", fieldCount: 2)
            let bytes = machine.drain()
            let record = try #require(try records(bytes).first)
            guard case .event(let event) = record.content else { throw WrongRecord() }
            #expect(record.sequence == 0)
            #expect(record.level == .info)
            #expect(!record.isTruncated)
            #expect(event.line == 7)
            #expect(text(event.message, in: bytes) == "hello")
            var fields = event.fields.reader(in: unsafe bytes.span.bytes)
            #expect(fields.next()?.value == .int64(-5))
            #expect(fields.next()?.value == .int64(-5))
            #expect(fields.next() == nil)
        }

        @Test func `nests spans and gives events the open one`() throws {
            let outer = open("outer")
            let inner = open("inner")
            event("inside")
            vitrine_span_close(inner)
            vitrine_span_close(outer)
            event("outside")
            let contents = try records(machine.drain()).map(\.content)
            guard case .spanOpen(let first) = contents[0], case .spanOpen(let second) = contents[1],
                case .event(let inside) = contents[2], case .event(let outside) = contents[5]
            else { throw WrongRecord() }
            #expect(first.parent == 0)
            #expect(second.parent == first.span)
            #expect(inside.span == second.span)
            #expect(contents[3] == .spanClose(span: second.span))
            #expect(contents[4] == .spanClose(span: first.span))
            #expect(outside.span == 0)
        }

        @Test func `records at most 256 open spans`() throws {
            let spans = (0..<300).map { _ in open("deep") }
            #expect(spans.filter { $0.id != 0 }.count == 256)
            #expect(spans[299].id == 0)
            for span in spans.reversed() { vitrine_span_close(span) }
            #expect(open("after").parent == 0)
        }

        @Test func `cuts what is too long and says so`() throws {
            event(String(repeating: "x", count: 5000), fieldCount: 40)
            let bytes = machine.drain()
            let record = try #require(try records(bytes).first)
            guard case .event(let event) = record.content else { throw WrongRecord() }
            #expect(record.isTruncated)
            #expect(bytes.count <= GuestABI.Limit.recordBytes)
            #expect(event.message.byteCount == 4096)
            #expect(event.fields.count <= 32)
        }

        // SAFETY: texts and spans are lent for one call of the runtime.
        @Test func `keeps characters whole when it cuts`() throws {
            unsafe withText(String(repeating: "€", count: 2000)) { text in unsafe vitrine_print(text) }
            let bytes = machine.drain()
            let texts = try records(bytes).compactMap { record in
                if case .print(let string) = record.content { text(string, in: bytes) } else { nil }
            }
            #expect(texts.map(\.utf8.count) == [4095, 1905])
            #expect(texts.joined() == String(repeating: "€", count: 2000))
        }

        @Test func `drains a full region once for a record that needs room, and loses nothing`() throws {
            var drained: [TelemetryRecord] = []
            machine.onRing = { [machine] port in
                #expect(port == UInt16(VITRINE_PORT_DRAIN))
                drained += (try? records(machine.drain())) ?? []
            }
            var generator = SeededGenerator(3)
            for _ in 0..<20_000 {
                let length = Int.random(in: 0...600, using: &generator)
                event(String(repeating: "e", count: length), fieldCount: length % 5)
            }
            drained += try records(machine.drain())
            #expect(drained.map(\.sequence) == (0..<20_000).map { UInt64($0) })
            #expect(!drained.contains { $0.isTruncated })
            #expect(machine.telemetryHeader.dropped == 0)
            #expect(machine.rings.count > 100)
        }

        @Test func `drops and counts records when the host does not drain`() throws {
            for _ in 0..<1000 { event("a record of some length") }
            let header = machine.telemetryHeader
            let kept = try records(machine.drain())
            #expect(header.next_sequence == 1000)
            #expect(UInt64(kept.count) + header.dropped == 1000)
            #expect(kept.map(\.sequence) == kept.indices.map { UInt64($0) })
        }

        @Test(arguments: [0, 31, 32, 40, 80, 136, 200])
        func `fits, cuts or drops in a tiny region and stays inside it`(byteCount: Int) throws {
            machine.reset(telemetryByteCount: byteCount)
            for length in 0..<300 { event(String(repeating: "t", count: length), fieldCount: 1) }
            #expect(machine.telemetryHeader.used + 32 <= UInt64(max(byteCount, 32)))
            _ = try records(machine.drain())
        }

        @Test func `collects characters into lines`() throws {
            for byte in "two\nlines".utf8 { vitrine_print_character(byte) }
            #expect(try records(machine.drain()).count == 1)
            vitrine_print_flush()
            #expect(try records(machine.drain()).count == 1)
        }

        // SAFETY: the runtime reads the frames of this very thread, inside the bounds it is told.
        @Test func `records allocations and frees with the stack that made them`() throws {
            machine.reset(features: VITRINE_FEATURE_ALLOCATIONS)
            var here = 0
            machine.setStack(around: unsafe withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) })
            let address = unsafe vitrine_allocate(100)
            unsafe vitrine_free(address)
            let bytes = machine.drain()
            let contents = try records(bytes).map(\.content)
            guard case .allocate(let made) = contents.first, case .free(let freed) = contents.last else {
                throw WrongRecord()
            }
            #expect(made.byteCount == 100)
            #expect(made.address == UInt64(UInt(bitPattern: address)))
            #expect(freed.address == made.address)
            #expect(made.frames.count >= 1)
            #expect(made.frames.count <= GuestABI.Limit.frames)
        }

        @Test func `records nothing that the host has not asked for`() {
            machine.reset(level: 0, features: 0)
            let allocation = allocateAndFree()
            #expect(allocation)
            #expect(!vitrine_events_on(VITRINE_LEVEL_ERROR))
            #expect(!vitrine_spans_on(VITRINE_LEVEL_ERROR))
            #expect(machine.telemetryHeader.next_sequence == 0)
        }

        // SAFETY: the address is the allocator's own.
        private func allocateAndFree() -> Bool {
            let address = unsafe vitrine_allocate(10)
            unsafe vitrine_free(address)
            return unsafe address != nil
        }

        private struct WrongRecord: Error {}
    }
}
