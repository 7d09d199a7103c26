// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// The file a trace is written to: owns the descriptor and closes it when it goes.
struct TraceFileOutput: ~Copyable {
    private var descriptor: Int32

    /// Creates or empties the file at `path`.
    init(path: String) throws(TraceFileError) {
        // SAFETY: the string's bytes live through the call; a mode is given, as O_CREAT asks.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .systemCall(.open, errno: errno) }
        self.descriptor = descriptor
    }

    /// Takes over an open descriptor.
    init(takingOver descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Writes all of `bytes`; a signal is no reason to stop.
    func write(_ bytes: [UInt8]) throws(TraceFileError) {
        var offset = 0
        while offset < bytes.count {
            // SAFETY: the pointer is used inside the closure only; offset is less than the count.
            let written = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if written < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .systemCall(.write, errno: code)
            }
            offset += written
        }
    }

    /// Closes the descriptor and reports what the kernel says, for example a full disk of a network file system.
    /// Nothing may be written afterwards.
    mutating func close() throws(TraceFileError) {
        let closing = descriptor
        descriptor = -1
        if closing >= 0, Glibc.close(closing) != 0 { throw .systemCall(.close, errno: errno) }
    }

    /// Unix time at the zero of CLOCK_MONOTONIC, in nanoseconds.
    static func monotonicEpochNanoseconds() -> UInt64 {
        var realTime = timespec()
        var monotonic = timespec()
        // SAFETY: both point to values of this frame.
        unsafe clock_gettime(CLOCK_REALTIME, &realTime)
        unsafe clock_gettime(CLOCK_MONOTONIC, &monotonic)
        let seconds = realTime.tv_sec - monotonic.tv_sec
        return UInt64(clamping: seconds * 1_000_000_000 + (realTime.tv_nsec - monotonic.tv_nsec))
    }
}
