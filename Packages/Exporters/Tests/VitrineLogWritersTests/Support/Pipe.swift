// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing

/// Two connected descriptors, closed at the end.
final class Pipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    private init(readEnd: Int32, writeEnd: Int32) {
        self.readEnd = readEnd
        self.writeEnd = writeEnd
    }

    static func pipe() throws -> Pipe {
        var ends: [Int32] = [-1, -1]
        // SAFETY: pipe writes two descriptors into an array of two.
        try #require(unsafe Glibc.pipe(&ends) == 0)
        return Pipe(readEnd: ends[0], writeEnd: ends[1])
    }

    static func socketPair() throws -> Pipe {
        var ends: [Int32] = [-1, -1]
        // SAFETY: socketpair writes two descriptors into an array of two.
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        return Pipe(readEnd: ends[0], writeEnd: ends[1])
    }

    /// What comes until there is no more, or until so many bytes have come.
    func readAll(upTo byteCount: Int = .max) -> [UInt8] {
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while all.count < byteCount {
            // SAFETY: reads at most as many bytes as the array has.
            let count = unsafe read(readEnd, &part, min(part.count, byteCount - all.count))
            guard count > 0 else { break }
            all += part.prefix(count)
        }
        return all
    }
}
