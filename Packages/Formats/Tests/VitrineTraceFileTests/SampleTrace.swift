// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineTraceFile

/// Files that several suites use.
enum SampleTrace {
    static let header = TraceFileHeader(
        buildID: [0xA0, 0xA1, 0xA2, 0xA3],
        epochNanoseconds: 1_700_000_000_000_000_000,
        producer: "tests"
    )

    /// One allocation, one free, three stacks' worth of frames, one dropped record, in chunks of 512 bytes.
    static func bytes(allocations: Int = 40) throws -> [UInt8] {
        let file = TemporaryFile()
        var options = TraceFileWriter.Options()
        options.chunkByteCount = 512
        var writer = try TraceFileWriter(
            path: file.path,
            buildID: header.buildID,
            epochNanoseconds: header.epochNanoseconds,
            producer: header.producer,
            options: options
        )
        for index in 0..<UInt64(allocations) {
            let frames: [UInt64] = [0x20_1000 + index % 3, 0x20_2000, 0x20_3000]
            try writer.allocation(
                timeNanoseconds: 1000 * index,
                address: 0x40_0000 + 64 * index,
                byteCount: 16 + index,
                frames: frames.span
            )
            if index % 4 == 1 {
                let none: [UInt64] = []
                try writer.free(timeNanoseconds: 1000 * index + 500, address: 0x40_0000, frames: none.span)
            }
        }
        try writer.dropped(count: 7, reason: .guestBufferFull)
        try writer.close()
        return file.bytes()
    }
}
