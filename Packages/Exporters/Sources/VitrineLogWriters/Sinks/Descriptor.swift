// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A file descriptor to write to, which somebody else owns: with what has to be known of it so that nothing it does ends the
/// process.
package struct Descriptor: Sendable {
    private enum Kind {
        /// A write can raise no signal: files without a limit, terminals, devices.
        case quiet
        /// A write may raise SIGXFSZ: a file in a process whose files may not grow without limit.
        case limitedFile
        /// A write may raise SIGPIPE, unless it is told not to.
        case socket
        /// A write may raise SIGPIPE.
        case pipe
    }

    package let number: Int32
    private let kind: Kind

    /// A descriptor as it is now: it must not become another thing later (`dup2`), and a process that limits its files
    /// (`RLIMIT_FSIZE`) has to do so before.
    package init(_ number: Int32) {
        self.number = number
        var status = stat()
        // SAFETY: the kernel fills a local of its type.
        guard unsafe fstat(number, &status) == 0 else {
            kind = .pipe
            return
        }
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFSOCK: .socket
            case S_IFIFO: .pipe
            case S_IFREG: Self.isFileSizeLimited ? .limitedFile : .quiet
            default: .quiet
            }
    }

    /// Whether files of this process may grow to some size only, or may be so later because nobody knows.
    private static var isFileSizeLimited: Bool {
        var limit = rlimit()
        // SAFETY: the kernel fills a local of its type.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { return true }
        return limit.rlim_cur != rlim_t.max  // RLIM_INFINITY, which Swift does not import
    }

    /// Writes all of the bytes: in one `write` as far as the kernel takes it, in more where it does not.
    ///
    /// - Returns: how many bytes went out, and the error number if that was not all, else 0.
    @inline(__always)
    package func write(_ bytes: Swift.Span<UInt8>) -> (written: Int, errno: Int32) {
        // SAFETY: the buffer is read inside of the call only.
        unsafe bytes.withUnsafeBytes { buffer in
            switch kind {
            case .quiet: unsafe Self.writeAll(buffer) { unsafe Glibc.write(number, $0, $1) }
            case .socket: unsafe Self.writeAll(buffer) { unsafe send(number, $0, $1, Int32(MSG_NOSIGNAL)) }
            case .pipe:
                WriteSignal.brokenPipe.hold {
                    unsafe Self.writeAll(buffer) { unsafe Glibc.write(number, $0, $1) }
                }
            case .limitedFile:
                WriteSignal.fileTooLarge.hold {
                    unsafe Self.writeAll(buffer) { unsafe Glibc.write(number, $0, $1) }
                }
            }
        }
    }

    @inline(__always)
    private static func writeAll(
        _ buffer: UnsafeRawBufferPointer, _ writeOnce: (UnsafeRawPointer, Int) -> Int
    ) -> (written: Int, errno: Int32) {
        guard let start = buffer.baseAddress else { return (0, 0) }
        var offset = 0
        while offset < buffer.count {
            // SAFETY: each write starts inside the buffer and reads no more than what is left of it.
            let written = unsafe writeOnce(start + offset, buffer.count - offset)
            if written > 0 {
                offset += written
            } else if written == 0 {
                return (offset, EIO)
            } else if errno != EINTR {
                return (offset, errno)
            }
        }
        return (offset, 0)
    }
}
