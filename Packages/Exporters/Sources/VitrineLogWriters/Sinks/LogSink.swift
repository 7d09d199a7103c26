// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Why a text did not go out, or a sink could not be made.
public struct LogSinkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kernel's error number, for example `EPIPE` or `ENOSPC`.
    public let errno: Int32

    /// A failure with the kernel's number.
    public init(errno: Int32) {
        self.errno = errno
    }

    /// The system's words and the number, without the path.
    public var description: String { "lines cannot be written: \(reason)" }

    /// The system's words and the number.
    package var reason: String {
        // SAFETY: a C string that is glibc's own, or the thread's for a number that it does not know; copied at once.
        let words = unsafe strerror(errno).map { unsafe String(cString: $0) }
        return "\(words ?? "the system refuses it") (errno \(errno))"
    }
}

/// Where a tree writer's text goes: whole trees, each in one call, never two calls at once.
public typealias LogSink = @Sendable (String) throws(LogSinkError) -> Void
