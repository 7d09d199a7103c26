// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import VitrineTraceFile

/// A path in the temporary folder that goes away with the value.
struct TemporaryFile: ~Copyable {
    let path: String

    init() {
        path = "/tmp/vitrine-tracefile-\(getpid())-\(UInt64.random(in: 0 ... .max)).trace"
    }

    deinit {
        unsafe unlink(path)
    }

    /// The whole file.
    func bytes() -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return result }
            result += buffer[0..<count]
        }
    }
}

/// The items of a file split into records and notices.
struct TraceContents: Equatable {
    var records: [TraceRecord] = []
    var notices: [TraceNotice] = []

    init(of bytes: [UInt8]) throws(TraceFileError) {
        for item in try TraceFileReader(parsing: bytes) {
            switch item {
            case .record(let record): records.append(record)
            case .notice(let notice): notices.append(notice)
            }
        }
    }
}

/// A small generator with a seed, so that a failing run can be repeated (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

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
