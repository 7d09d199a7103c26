// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A file descriptor to write to, which somebody else owns: with what has to be known of it so that nothing it does ends the
/// process.
struct Descriptor: Sendable {
    private enum Kind {
        /// A write can raise no signal: files, terminals, devices.
        case quiet
        /// A write may raise SIGPIPE, unless it is told not to.
        case socket
        /// A write may raise SIGPIPE.
        case pipe
    }

    let number: Int32
    private let kind: Kind

    /// A descriptor as it is now: it must not become another thing later (`dup2`).
    init(_ number: Int32) {
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
            default: .quiet
            }
    }

    /// Writes all of the bytes: in one `write` as far as the kernel takes it, in more where it does not.
    ///
    /// - Returns: how many bytes went out, and the error number if that was not all, else 0.
    @inline(__always)
    func write(_ bytes: Swift.Span<UInt8>) -> (written: Int, errno: Int32) {
        // SAFETY: the buffer is read inside of the call only.
        unsafe bytes.withUnsafeBytes { buffer in
            switch kind {
            case .quiet: unsafe Self.writeAll(buffer) { unsafe Glibc.write(number, $0, $1) }
            case .socket: unsafe Self.writeAll(buffer) { unsafe send(number, $0, $1, Int32(MSG_NOSIGNAL)) }
            case .pipe:
                BrokenPipe.withoutSignal { unsafe Self.writeAll(buffer) { unsafe Glibc.write(number, $0, $1) } }
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

/// The signal of a pipe without a reader.
enum BrokenPipe {
    /// Runs a write so that a broken pipe is an error number and not the end of the process: SIGPIPE is blocked in this
    /// thread, and taken back if the write raised it. The handlers of the process stay as they are. Two system calls.
    static func withoutSignal(_ write: () -> (written: Int, errno: Int32)) -> (written: Int, errno: Int32) {
        var pipeSignal = sigset_t()
        var before = sigset_t()
        // SAFETY: these fill or read signal sets that are locals of their type.
        unsafe sigemptyset(&pipeSignal)
        unsafe sigaddset(&pipeSignal, SIGPIPE)
        guard unsafe pthread_sigmask(SIG_BLOCK, &pipeSignal, &before) == 0 else { return write() }
        // One that waits already, which it only can where it is blocked, is not ours to take.
        // SAFETY: reads a local signal set.
        let wasBlocked = unsafe sigismember(&before, SIGPIPE) == 1
        let wasPending = wasBlocked && isPending
        let result = write()
        if result.errno == EPIPE, !wasPending {
            var noTime = timespec()
            // SAFETY: as above; a broken pipe raises the signal in the writing thread before `write` returns.
            while unsafe sigtimedwait(&pipeSignal, nil, &noTime) < 0, errno == EINTR {}
        }
        // SAFETY: restores the mask that was read above.
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
    }

    private static var isPending: Bool {
        var pending = sigset_t()
        // SAFETY: fills and reads a local signal set.
        unsafe sigemptyset(&pending)
        unsafe sigpending(&pending)
        return unsafe sigismember(&pending, SIGPIPE) == 1
    }
}
