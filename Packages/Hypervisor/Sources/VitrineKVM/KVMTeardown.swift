// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization

/// Releases dropped machines on a thread of its own, since the kernel takes about 0.4 ms for each.
///
/// At most `limit` wait; with more, the dropping thread does the work itself, so that dropped machines cannot pile up.
final class KVMTeardown: Sendable {
    static let shared = KVMTeardown()
    /// Machines that may wait.
    static let limit = 64

    private enum Work {
        case release(KVMResources)
        case signal(Semaphore)
    }

    private struct State {
        var waiting: [Work] = []
        var hasThread = false
    }

    private let state = Mutex(State())
    /// Counts what waits.
    private let available = Semaphore()

    /// Hands the resources over, or releases them at once when too many wait or no thread can be had.
    func enqueue(_ resources: KVMResources) {
        let isAccepted = state.withLock { state in
            guard state.waiting.count < Self.limit, startThread(&state) else { return false }
            state.waiting.append(.release(resources))
            return true
        }
        if isAccepted { available.signal() } else { resources.release() }
    }

    /// Returns when everything handed over before this call is released.
    func drain() {
        let done = Semaphore()
        let mustWait = state.withLock { state in
            guard state.hasThread else { return false }
            state.waiting.append(.signal(done))
            return true
        }
        guard mustWait else { return }
        available.signal()
        done.wait()
    }

    private func startThread(_ state: inout State) -> Bool {
        if state.hasThread { return true }
        var thread = pthread_t()
        var all = sigset_t()
        var previous = sigset_t()
        // SAFETY: plain calls of the C library on local values; the thread uses the shared object, which is never freed.
        // It inherits a full mask, since the program's signals are not for it.
        unsafe sigfillset(&all)
        unsafe pthread_sigmask(SIG_SETMASK, &all, &previous)
        let result = unsafe pthread_create(
            &thread, nil,
            { _ in
                KVMTeardown.shared.work()
                return nil
            }, nil)
        unsafe pthread_sigmask(SIG_SETMASK, &previous, nil)
        guard result == 0 else { return false }
        pthread_detach(thread)
        state.hasThread = true
        return true
    }

    private func work() {
        while true {
            available.wait()
            switch state.withLock({ $0.waiting.removeFirst() }) {
            case .release(let resources): resources.release()
            case .signal(let done): done.signal()
            }
        }
    }
}
