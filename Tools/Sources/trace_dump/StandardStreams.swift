// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Standard output and standard error of the tool.
enum StandardStreams {
    /// Standard output, gathered and written in large pieces.
    struct Output {
        private var text: [UInt8] = []

        mutating func write(_ piece: String) {
            text += piece.utf8
            if text.count >= 1 << 16 { flush() }
        }

        mutating func flush() {
            StandardStreams.write(text, to: STDOUT_FILENO)
            text.removeAll(keepingCapacity: true)
        }
    }

    static func printError(_ line: String) {
        write(Array("trace_dump: \(line)\n".utf8), to: STDERR_FILENO)
    }

    /// Writes everything. A stream that nobody reads any more is no reason to complain.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var offset = 0
        while offset < bytes.count {
            // SAFETY: the pointer is used inside the closure only; offset is less than the count.
            let written = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            offset += written
        }
    }
}
