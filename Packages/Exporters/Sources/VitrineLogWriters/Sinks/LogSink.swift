// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a text did not go out, or a sink could not be made.
public struct LogSinkError: Error, Sendable, Hashable {
    /// The kernel's error number, for example `EPIPE` or `ENOSPC`.
    public let errno: Int32

    /// A failure with the kernel's number.
    public init(errno: Int32) {
        self.errno = errno
    }
}

/// Where a tree writer's text goes: whole trees, each in one call, never two calls at once.
public typealias LogSink = @Sendable (String) throws(LogSinkError) -> Void
