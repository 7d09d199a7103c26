// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Asks again and again whether something is so, five minutes at most.
///
/// A subscriber that was replaced is released when the last thread has left it, and those of other suites come and go.
func eventually(_ isSo: () -> Bool) -> Bool {
    for _ in 0..<300_000 {
        if isSo() { return true }
        usleep(1_000)
    }
    return false
}

/// A thread of its own, whose end can be waited for: tasks run on threads that stay.
final class TestThread {
    private var thread = pthread_t()

    /// Starts a thread that runs `body`.
    init(_ body: @escaping @Sendable () -> Void) {
        let box = Box(body)
        // SAFETY: the retain is taken over by the thread; the identifier is a variable of its type.
        let result = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                }
                return nil
            }, Unmanaged.passRetained(box).toOpaque())
        precondition(result == 0)
    }

    /// Waits until the thread has ended, its destructors included. To be called once.
    func join() {
        pthread_join(thread, nil)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
