// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A call of the system that failed.
struct SpoolCallError: Error, Sendable, Hashable {
    let call: String
    let code: Int32
}

enum SpoolCall {
    /// Makes a call until no signal interrupts it; throws where it gives -1.
    @discardableResult
    static func run(_ name: String, _ call: () -> Int32) throws(SpoolCallError) -> Int32 {
        while true {
            let result = call()
            if result >= 0 { return result }
            let code = errno
            if code != EINTR { throw SpoolCallError(call: name, code: code) }
        }
    }

    /// Runs a write that may be beyond the size that files of this process may have: the signal that the kernel would end
    /// the process with is blocked in this thread, and taken back if it came, so that `EFBIG` is all there is.
    static func holdingFileSizeSignal<Result>(_ write: () -> Result) -> Result {
        var signals = sigset_t()
        var before = sigset_t()
        var pending = sigset_t()
        // SAFETY, of all below: fills and reads signal sets and a time that are locals of their types.
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGXFSZ)
        guard unsafe pthread_sigmask(SIG_BLOCK, &signals, &before) == 0 else { return write() }
        unsafe sigemptyset(&pending)
        unsafe sigpending(&pending)
        // One that waits already is not ours to take.
        let wasPending = unsafe sigismember(&pending, SIGXFSZ) == 1
        let result = write()
        if !wasPending {
            var noTime = timespec()
            while unsafe sigtimedwait(&signals, nil, &noTime) < 0, errno == EINTR {}
        }
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
    }
}
