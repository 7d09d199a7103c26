// SPDX-License-Identifier: MIT OR Apache-2.0

import Mutation
import Testing
import VitrineWire

/// 600,000 damaged messages and telemetry records: each gives a value or a typed error, and no trap.
@Suite("Damaged messages and records")
struct WireMutationTests {
    @Test("Calls", arguments: [1, 2] as [UInt64])
    func calls(seed: UInt64) throws {
        let sample = try call("function", count: 9, resultType: .string) { (writer) throws(WireError) in
            try writer.append(Int32(1))
            try writer.append(UInt32(2))
            try writer.append(Int64(3))
            try writer.append(UInt64(4))
            try writer.append(Float(5))
            try writer.append(Double(6))
            try writer.append(true)
            try writer.append("text, ẗëẍt")
            try writer.append([8, 9, 10] as [UInt8])
        }
        damage(sample, seed: seed, times: 100_000)
    }

    @Test("Results")
    func results() throws {
        for (seed, sample) in try [result("some text"), result(true), result([1, 2, 3, 4, 5] as [UInt8])].enumerated() {
            damage(sample, seed: UInt64(seed), times: 33_334)
        }
    }

    @Test("Errors")
    func errors() throws {
        try damage(errorMessage(.hostFunctionFailed, "what it said"), seed: 3, times: 100_000)
    }

    @Test("Telemetry", arguments: [4, 5] as [UInt64])
    func telemetry(seed: UInt64) {
        var mutator = Mutator(seed: seed)
        var bytes = TelemetrySample.bytes
        let most = bytes.count / 24
        for _ in 0..<100_000 {
            mutator.damage(&bytes)
            let count = mutator.next(below: 8) == 0 ? mutator.next(below: bytes.count) : bytes.count
            let (items, covered) = walk(bytes.span.rawBytes.extracting(0..<count))
            if items > most || covered != count {
                Issue.record("\(items) items cover \(covered) of \(count) bytes, seed \(seed)")
            }
            mutator.mend(&bytes)
        }
    }

    /// Reads the damaged message as far as it goes.
    private func damage(_ sample: [UInt8], seed: UInt64, times: Int) {
        let before = TestFile.peakMemoryByteCount
        var mutator = Mutator(seed: seed, edges: 32)
        var bytes = sample
        var values = 0
        for _ in 0..<times {
            mutator.damage(&bytes)
            if mutator.next(below: 8) == 0 {
                values += (try? readAll(Array(bytes[..<mutator.next(below: bytes.count)]))) ?? 0
            } else {
                values += (try? readAll(bytes)) ?? 0
            }
            mutator.mend(&bytes)
        }
        #expect(bytes == sample)
        // Some damage is harmless: else this test would not reach the decoders' depths.
        #expect(values > times / 100)
        #expect(TestFile.peakMemoryByteCount - before < 32 << 20)
    }

    /// Reads all records with their fields and frames; gives the number of items, and the bytes that they cover.
    private func walk(_ records: RawSpan) -> (items: Int, covered: Int) {
        var reader = TelemetryRecordReader(records)
        var items = 0
        var lost = 0
        var read = 0
        while let item = reader.next() {
            items += 1
            switch item {
            case .malformed(_, _, let lostByteCount):
                lost += lostByteCount
            case .record(let record):
                read += TelemetryWalk.byteCount(of: record, in: records)
            }
        }
        return (items, lost + read)
    }
}

/// Looks at everything that a record points to.
enum TelemetryWalk {
    /// The record's size, as its parts tell it.
    static func byteCount(of record: TelemetryRecord, in records: RawSpan) -> Int {
        let content =
            switch record.content {
            case .spanOpen(let open):
                24 + strings(open.name, open.target, open.file, records) + fields(open.fields, records)
            case .spanClose: 8
            case .spanEdit(_, let edited): 16 + fields(edited, records)
            case .event(let event):
                16 + strings(event.message, event.target, event.file, records) + fields(event.fields, records)
            case .print(let text): string(text, records)
            case .allocate(let allocation), .free(let allocation): 24 + frames(allocation.frames, records)
            }
        return GuestABI.RecordOffset.byteCount + content
    }

    private static func strings(
        _ first: TelemetryString, _ second: TelemetryString, _ third: TelemetryString, _ records: RawSpan
    ) -> Int {
        string(first, records) + string(second, records) + string(third, records)
    }

    private static func string(_ string: TelemetryString, _ records: RawSpan) -> Int {
        guard case .inline = string else { return 16 }
        guard let bytes = string.inlineBytes(in: records) else { return -1 }
        return 8 + (bytes.count + 7) / 8 * 8
    }

    private static func fields(_ fields: TelemetryFields, _ records: RawSpan) -> Int {
        var reader = fields.reader(in: records)
        var byteCount = 0
        while let field = reader.next() {
            byteCount += string(field.key, records) + 8
            if case .string(let text) = field.value {
                byteCount += string(text, records)
            } else {
                byteCount += 8
            }
        }
        return byteCount
    }

    private static func frames(_ frames: TelemetryFrames, _ records: RawSpan) -> Int {
        (0..<frames.count).count { frames.address($0, in: records) != nil } * 8
    }
}
