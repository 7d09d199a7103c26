// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineKick
import Glibc
@_spi(Backend) import VitrineHypervisor

/// A run without a machine: the byte that a kick sets.
@safe final class KickByte {
    private let pointer: UnsafeMutablePointer<UInt8>

    init() {
        // SAFETY: one byte, released by `deinit`, after every run of the test has ended.
        unsafe pointer = .allocate(capacity: 1)
        unsafe pointer.initialize(to: 0)
    }

    // SAFETY: no run uses the byte any more.
    deinit { unsafe pointer.deallocate() }

    /// Begins a run of the handle's on this thread.
    func begin(_ handle: InterruptHandle, deadline: HostInstant? = nil) throws(HypervisorError) -> RunOutcome? {
        // SAFETY: the byte outlives the run, which the test ends before dropping this object.
        try unsafe handle.beginRun(kickByte: pointer, deadline: deadline)
    }

    /// Begins a run of the handle's with a deadline; a busy machine may let that pass before the run begins, and then again.
    func begin(_ handle: InterruptHandle, after duration: Duration) throws(HypervisorError) -> HostInstant? {
        for _ in 0..<1_000 {
            let deadline = HostInstant.now.advanced(by: duration)
            if try begin(handle, deadline: deadline) == nil { return deadline }
        }
        return nil
    }

    /// Whether a kick has come, or comes within five minutes.
    func wait() -> Bool {
        let end = HostInstant.now.advanced(by: .seconds(300))
        while HostInstant.now < end { if isSet { return true } }
        return false
    }

    /// Whether a kick has come.
    // SAFETY: the byte lives as long as this object.
    var isSet: Bool { unsafe pointer.pointee != 0 }

    /// Forgets it.
    // SAFETY: the byte lives as long as this object.
    func reset() { unsafe pointer.pointee = 0 }

    /// Sends this thread a signal of another's.
    static func raiseForeign(_ number: Int32) {
        var mask = sigset_t()
        // SAFETY: calls of the C library on local values.
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        pthread_kill(pthread_self(), number)
    }

    /// Installs a plain handler.
    static func install(_ number: Int32, _ handler: @convention(c) (Int32) -> Void) {
        var action = sigaction()
        // SAFETY: the handler does nothing but count.
        unsafe action.__sigaction_handler.sa_handler = handler
        unsafe sigaction(number, &action, nil)
    }
}
