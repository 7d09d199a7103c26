// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineTraceFile

/// The file of one sandbox's allocations.
final class AllocationTrace: Sendable {
    let path: String
    private let writer: Mutex<TraceFileWriter>

    /// Creates or empties the file.
    init(path: String, buildID: [UInt8]) throws(TraceFileError) {
        self.path = path
        writer = Mutex(try TraceFileWriter(path: path, buildID: buildID))
    }

    /// Writes an allocation; `frames` are innermost first. What cannot be written is counted by the writer.
    func allocation(nanoseconds: UInt64, address: UInt64, byteCount: UInt64, frames: [UInt64]) {
        writer.withLock { writer in
            try? writer.allocation(
                timeNanoseconds: nanoseconds, address: address, byteCount: byteCount, frames: frames.span)
        }
    }

    /// Writes a free.
    func free(nanoseconds: UInt64, address: UInt64, frames: [UInt64]) {
        writer.withLock { writer in
            try? writer.free(timeNanoseconds: nanoseconds, address: address, frames: frames.span)
        }
    }

    /// Writes that records are missing.
    func dropped(_ count: UInt64, _ reason: TraceDropReason) {
        guard count > 0 else { return }
        writer.withLock { try? $0.dropped(count: count, reason: reason) }
    }

    /// Hands everything to the kernel, so that a crash of the host loses nothing.
    func flush() {
        writer.withLock { try? $0.flush() }
    }

    /// Records that did not get into the file.
    var lostRecordCount: UInt64 { writer.withLock { $0.lostRecordCount } }
}
