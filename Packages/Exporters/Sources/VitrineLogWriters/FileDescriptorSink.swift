// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// Writes to a file descriptor that somebody else owns, and survives a reader that has gone.
enum FileDescriptorSink {
    /// Writes all of the text: in one `write` as far as the kernel takes it, in more where it does not.
    static func write(_ text: String, to fileDescriptor: Int32) throws(LogSinkError) {
        let bytes = ContiguousArray(text.utf8)
        let failure = withoutBrokenPipeSignal { write(bytes, to: fileDescriptor) }
        if failure != 0 { throw LogSinkError(errno: failure) }
    }

    /// The error number of the first failed write, 0 if all bytes went out.
    private static func write(_ bytes: ContiguousArray<UInt8>, to fileDescriptor: Int32) -> Int32 {
        // SAFETY: each write starts inside the buffer and reads no more than what is left of it.
        unsafe bytes.withUnsafeBytes { buffer -> Int32 in
            guard let start = buffer.baseAddress else { return 0 }
            var offset = 0
            while offset < buffer.count {
                let written = unsafe Glibc.write(fileDescriptor, start + offset, buffer.count - offset)
                if written > 0 {
                    offset += written
                } else if written == 0 {
                    return EIO
                } else if errno != EINTR {
                    return errno
                }
            }
            return 0
        }
    }

    /// Runs `body` so that a broken pipe is an error number and not the end of the process: SIGPIPE is blocked in this
    /// thread, and taken back if it was `body` that raised it. The handlers of the process stay as they are.
    private static func withoutBrokenPipeSignal(_ body: () -> Int32) -> Int32 {
        var pipeSignal = sigset_t()
        var before = sigset_t()
        var pending = sigset_t()
        // SAFETY: all of these fill or read signal sets that are locals of their type.
        unsafe sigemptyset(&pipeSignal)
        unsafe sigaddset(&pipeSignal, SIGPIPE)
        unsafe sigemptyset(&pending)
        unsafe sigpending(&pending)
        let wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
        guard unsafe pthread_sigmask(SIG_BLOCK, &pipeSignal, &before) == 0 else { return body() }
        let result = body()
        if result == EPIPE, !wasPending {
            var noTime = timespec()
            // SAFETY: as above; a broken pipe raises the signal in the writing thread before `write` returns.
            while unsafe sigtimedwait(&pipeSignal, nil, &noTime) < 0, errno == EINTR {}
        }
        // SAFETY: restores the mask that was read above.
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
    }
}
