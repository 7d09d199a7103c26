// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPSpool

@Suite("Files of the spool")
struct SpoolFileTests {
    private static let file = TestFolder.file("123456789", .logs, recordCount: 2, second: 1)

    private func error(_ bytes: [UInt8]) -> OTLPSpoolFileError? {
        do throws(OTLPSpoolFileError) {
            _ = try OTLPSpoolFile(reading: bytes.span)
            return nil
        } catch {
            return error
        }
    }

    /// The file with some bytes of its header changed and a checksum that fits.
    private func forged(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var header = Array(Self.file[..<36])
        change(&header)
        let checksum = SpoolChecksum.of(header.span)
        return header + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> UInt32(8 * $0)) } + Self.file[40...]
    }

    @Test("the checksum is the one of gzip")
    func checksum() {
        // The check value of the catalogue of CRCs: CRC-32/ISO-HDLC of "123456789".
        #expect(SpoolChecksum.of(Array("123456789".utf8).span) == 0xCBF4_3926)
        #expect(SpoolChecksum.of([UInt8]().span) == 0)
    }

    @Test("the bytes are those of the documented layout")
    func layout() {
        let expected: [UInt8] =
            Array("VTRNOTLP".utf8) + [1, 0, 3, 0] + [2, 0, 0, 0] + [0x00, 0xCA, 0x9A, 0x3B, 0, 0, 0, 0]
            + [9, 0, 0, 0, 0, 0, 0, 0] + [0x26, 0x39, 0xF4, 0xCB]
        #expect(Array(Self.file[..<36]) == expected)
        #expect(Self.file.count == OTLPSpoolHeader.byteCount + 9)
        #expect(Array(Self.file[40...]) == Array("123456789".utf8))
    }

    @Test("what is written is read", arguments: OTLPSignal.allCases)
    func roundTrip(signal: OTLPSignal) throws {
        for text in ["", "x", String(repeating: "body", count: 10_000)] {
            let file = try OTLPSpoolFile(reading: TestFolder.file(text, signal, recordCount: 1, second: 7).span)
            #expect(file.header.signal == signal)
            #expect(file.header.recordCount == (text.isEmpty ? 0 : 1))
            #expect(file.header.time.nanosecondsSinceEpoch == 7_000_000_000)
            #expect(file.body == Array(text.utf8))
        }
    }

    @Test("a file that ends anywhere before its end is refused")
    func truncated() {
        for count in 0..<Self.file.count {
            let found = error(Array(Self.file[..<count]))
            if count < 40 {
                #expect(found == .truncated(byteCount: count))
            } else {
                #expect(found == .wrongByteCount(expected: 49, actual: UInt64(count)))
            }
        }
        #expect(error(Self.file + [0]) == .wrongByteCount(expected: 49, actual: 50))
    }

    @Test("a file with any bit turned is refused")
    func bits() {
        for index in Self.file.indices {
            for bit in 0..<8 {
                var bytes = Self.file
                bytes[index] ^= 1 << bit
                let found = error(bytes)
                switch index {
                case ..<8: #expect(found == .foreign)
                case 8..<10: #expect(found == .version(UInt16(bytes[8]) | UInt16(bytes[9]) << 8))
                case 10..<40: #expect(found == .damagedHeader)
                default: #expect(found == .damagedBody)
                }
            }
        }
    }

    @Test("a header that is whole and says what cannot be is refused")
    func malformed() {
        #expect(error(forged { _ in }) == nil)
        #expect(error(forged { $0[10] = 0 }) == .malformed)
        #expect(error(forged { $0[10] = 4 }) == .malformed)
        #expect(error(forged { $0[11] = 1 }) == .malformed)
        #expect(error(forged { $0[12] = 10 }) == .malformed)
        #expect(error(forged { $0[24] = 10 }) == .wrongByteCount(expected: 50, actual: 49))
        #expect(
            error(forged { $0.replaceSubrange(24..<32, with: repeatElement(0xFF, count: 8)) })
                == .wrongByteCount(expected: .max, actual: 49))
        #expect(error(forged { $0[32] ^= 1 }) == .damagedBody)
    }

    @Test("names are in the order of time, and read as they are written")
    func names() throws {
        let names = [(0, 5), (1, 2), (1, 3), (UInt64.max, 0), (.max, .max)].map {
            SpoolName(nanosecondsSinceEpoch: $0, number: $1)
        }
        #expect(names.shuffled().sorted() == names)
        #expect(names[1].text == "00000000000000000001-0000000000000002.tmp")
        for name in names {
            for state in SpoolName.State.allCases {
                let read = try #require(SpoolName(name.with(state).text))
                #expect(read == name.with(state))
                #expect(read.time == name.time)
            }
        }
    }

    @Test(
        "other names are not ours",
        arguments: [
            "", ".", "..", "lock", "00000000000000000001-0000000000000002", "00000000000000000001-0000000000000002.",
            "00000000000000000001-0000000000000002.xyz", "0000000000000000001-0000000000000002.otlp",
            "00000000000000000001_0000000000000002.otlp", "00000000000000000001-000000000000000G.otlp",
            "00000000000000000001-00000000000000AB.otlp", "0000000000000000000x-0000000000000002.otlp",
            "00000000000000000001-0000000000000002.otlp.otlp", "../0000000000000001-0000000000000002.otlp",
            "٠٠٠٠٠٠٠٠٠٠-0000000000000002.otlp",
        ])
    func foreignNames(text: String) {
        #expect(SpoolName(text) == nil)
    }
}
