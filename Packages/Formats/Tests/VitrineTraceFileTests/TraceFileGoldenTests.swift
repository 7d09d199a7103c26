// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineTraceFile

@Suite struct TraceFileGoldenTests {
    @Test func checksumIsTheCastagnoliOne() {
        // RFC 3720, appendix B.4, and the usual check value.
        func checksum(_ bytes: [UInt8]) -> UInt32 {
            var crc = CRC32C()
            crc.update(bytes.span, 0..<bytes.count)
            return crc.value
        }
        #expect(checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(checksum((0..<32).map { UInt8($0) }) == 0x46DD_794E)
        #expect(checksum([]) == 0)
    }

    /// Version 1, byte by byte: a change here is a new version of the format.
    @Test func versionOneHasTheseBytes() throws {
        let file = TemporaryFile()
        var writer = try TraceFileWriter(
            path: file.path,
            buildID: [0xDE, 0xAD, 0xBE, 0xEF],
            epochNanoseconds: 0x0102_0304_0506_0708,
            producer: "golden"
        )
        try writer.allocation(timeNanoseconds: 0x11, address: 0x40_0000, byteCount: 0x20, frames: [0x20_1000].span)
        try writer.free(timeNanoseconds: 0x12, address: 0x40_0000, frames: [UInt64]().span)
        try writer.dropped(count: 9, reason: .guestBufferFull)
        try writer.close()
        #expect(file.bytes() == Self.golden)
    }

    @Test func theGoldenFileIsRead() throws {
        let contents = try TraceContents(of: Self.golden)
        #expect(contents.records.count == 3)
        #expect(contents.notices == [.complete(recordCount: 3)])
    }

    private static let golden: [UInt8] =
        Array("VTRC".utf8) + [
            // version, byte order mark, header byte count, build id byte count
            0x01, 0x00, 0xFF, 0xFE, 0x60, 0, 0, 0, 0x04, 0, 0, 0,
            // ticks per second, epoch
            0x00, 0xCA, 0x9A, 0x3B, 0, 0, 0, 0, 0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01,
            // build id
            0xDE, 0xAD, 0xBE, 0xEF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            // producer
            0x67, 0x6F, 0x6C, 0x64, 0x65, 0x6E, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            // zero, checksum
            0, 0, 0, 0, 0xE0, 0xD9, 0x1D, 0x02,
            // chunk "VTRCHUNK": type 1, 88 bytes, zero, checksum
            0x56, 0x54, 0x52, 0x43, 0x48, 0x55, 0x4E, 0x4B, 1, 0, 0, 0, 88, 0, 0, 0, 0, 0, 0, 0, 0x75, 0x29, 0x71, 0x13,
            // stack 1: one frame
            3, 0, 1, 0, 1, 0, 0, 0, 0x00, 0x10, 0x20, 0, 0, 0, 0, 0,
            // allocation with stack 1: time, address, byte count
            1, 0, 0, 0, 1, 0, 0, 0, 0x11, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0x40, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0,
            // free without a stack: time, address
            2, 0, 0, 0, 0, 0, 0, 0, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0,
            // dropped: reason 1, count
            4, 0, 1, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0,
            // chunk: type 2 (end), 8 bytes, zero, checksum, three records
            0x56, 0x54, 0x52, 0x43, 0x48, 0x55, 0x4E, 0x4B, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0x84, 0xF4, 0x8D, 0x3F,
            3, 0, 0, 0, 0, 0, 0, 0,
        ]
}
