// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A signal that the kernel raises in a thread whose write it refuses, and that would end the process.
struct WriteSignal {
    private let signal: Int32
    /// The error number of the write that raised it.
    private let number: Int32

    /// A pipe without a reader.
    static var brokenPipe: WriteSignal { WriteSignal(signal: SIGPIPE, number: EPIPE) }
    /// A file that has reached the size that files of this process may have (`RLIMIT_FSIZE`).
    static var fileTooLarge: WriteSignal { WriteSignal(signal: SIGXFSZ, number: EFBIG) }

    /// Runs a write so that its refusal is an error number and not the end of the process: the signal is blocked in this
    /// thread, and taken back if the write raised it. The handlers of the process stay as they are. Two system calls.
    func hold(_ write: () -> (written: Int, errno: Int32)) -> (written: Int, errno: Int32) {
        var signals = sigset_t()
        var before = sigset_t()
        // SAFETY: these fill or read signal sets that are locals of their type.
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, signal)
        guard unsafe pthread_sigmask(SIG_BLOCK, &signals, &before) == 0 else { return write() }
        // One that waits already, which it only can where it is blocked, is not ours to take.
        // SAFETY: reads a local signal set.
        let wasBlocked = unsafe sigismember(&before, signal) == 1
        let wasPending = wasBlocked && isPending
        let result = write()
        if result.errno == number, !wasPending {
            var noTime = timespec()
            // SAFETY: as above; the kernel raises both signals in the writing thread before `write` returns.
            while unsafe sigtimedwait(&signals, nil, &noTime) < 0, errno == EINTR {}
        }
        // SAFETY: restores the mask that was read above.
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
    }

    private var isPending: Bool {
        var pending = sigset_t()
        // SAFETY: fills and reads a local signal set.
        unsafe sigemptyset(&pending)
        unsafe sigpending(&pending)
        return unsafe sigismember(&pending, signal) == 1
    }
}
