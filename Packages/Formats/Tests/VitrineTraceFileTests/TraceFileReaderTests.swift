// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineTraceFile

@Suite struct TraceFileReaderTests {
    @Test func aFileCutAnywhereGivesAPrefixOfItsRecords() throws {
        let bytes = try SampleTrace.bytes()
        let whole = try TraceContents(of: bytes)
        #expect(whole.records.count == 51)
        #expect(whole.notices == [.complete(recordCount: 51)])
        var largest = 0
        for byteCount in 0..<bytes.count {
            let cut = Array(bytes[0..<byteCount])
            guard byteCount >= 96 else {
                #expect(throws: TraceFileError.tooShort(byteCount: byteCount)) { try TraceContents(of: cut) }
                continue
            }
            let contents = try TraceContents(of: cut)
            #expect(contents.records == Array(whole.records.prefix(contents.records.count)))
            #expect(contents.records.count >= largest)
            largest = contents.records.count
            guard case .truncated(let offset) = contents.notices.last else {
                Issue.record("cut at \(byteCount): \(contents.notices)")
                continue
            }
            #expect(contents.notices.count == 1)
            #expect(offset <= byteCount)
        }
        #expect(largest == 51)
    }

    @Test func everyFlippedBitIsNoticed() throws {
        let bytes = try SampleTrace.bytes(allocations: 12)
        let whole = try TraceContents(of: bytes)
        for index in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[index] ^= 1 << UInt8(bit)
                guard index >= 96 else {
                    #expect(throws: TraceFileError.self) { try TraceContents(of: damaged) }
                    continue
                }
                let contents = try TraceContents(of: damaged)
                #expect(contents.notices.contains { $0.isProblem }, "byte \(index), bit \(bit)")
                for record in contents.records where !whole.records.contains(record) {
                    // Only a lost stack may differ: the record itself is under another checksum.
                    switch record {
                    case .allocation(let allocation): #expect(allocation.stack == .lost)
                    case .free(let free): #expect(free.stack == .lost)
                    case .dropped: Issue.record("a dropped record changed")
                    }
                }
            }
        }
    }

    @Test func recordsBehindADamagedChunkAreRead() throws {
        var bytes = try SampleTrace.bytes()
        let whole = try TraceContents(of: bytes)
        bytes[96 + 24 + 5] ^= 0xFF
        let contents = try TraceContents(of: bytes)
        #expect(contents.records.count > 30)
        #expect(contents.records.last == whole.records.last)
        guard case .damagedChunk(let offset, let byteCount) = contents.notices.first else {
            Issue.record("\(contents.notices)")
            return
        }
        #expect(offset == 96)
        #expect(byteCount >= 512)
        #expect(contents.notices.last == .recordsMissing(expected: 51, found: UInt64(contents.records.count)))
    }

    @Test func headerErrorsAreToldApart() throws {
        let bytes = try SampleTrace.bytes()
        func error(_ change: (inout [UInt8]) -> Void) -> TraceFileError? {
            var copy = bytes
            change(&copy)
            do throws(TraceFileError) { _ = try TraceFileReader(parsing: copy) } catch { return error }
            return nil
        }
        #expect(error { $0 = [] } == .tooShort(byteCount: 0))
        #expect(error { $0 = Array("VT".utf8) } == .tooShort(byteCount: 2))
        #expect(error { $0 = Array("\u{7F}ELF".utf8) } == .notATraceFile)
        #expect(error { $0[4] = 2 } == .unsupportedVersion(2))
        #expect(error { $0.swapAt(6, 7) } == .wrongByteOrder)
        #expect(error { $0[30] = 1 } == .damagedHeader)
        #expect(error { _ in } == nil)
    }

    @Test(arguments: [1, 2, 3, 4]) func mutatedFilesNeverTrapNorGrow(seed: Int) throws {
        let bytes = try SampleTrace.bytes(allocations: 20)
        var generator = SeededGenerator(state: UInt64(seed))
        for _ in 0..<25_000 {
            var mutant = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                mutate(&mutant, &generator)
            }
            guard let reader = try? TraceFileReader(parsing: mutant) else { continue }
            var itemCount = 0
            for _ in reader { itemCount += 1 }
            #expect(itemCount <= mutant.count / 16 + 8)
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        // Mostly behind the header, or nearly every mutant would end there.
        let index = Int.random(in: Swift.min(96, bytes.count - 1)..<bytes.count, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[index] = [0, 0xFF, 0x7F, 0x80].randomElement(using: &generator) ?? 0
        case 2: bytes.removeSubrange(index...)
        case 3: bytes.remove(at: index)
        case 4: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: index)
        default:
            let end = Swift.min(bytes.count, index + Int.random(in: 1...200, using: &generator))
            bytes += bytes[index..<end]
        }
    }
}
