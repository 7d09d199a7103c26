// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// A detached thread that runs one closure.
enum WorkerThread {
    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Starts the thread; the result is 0, or the `errno` of `pthread_create` and `body` is never run.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        var attributes = pthread_attr_t()
        // SAFETY: the attributes are a local, initialized here and destroyed below.
        guard unsafe pthread_attr_init(&attributes) == 0 else { return ENOMEM }
        // SAFETY: as above.
        defer { unsafe pthread_attr_destroy(&attributes) }
        // SAFETY: as above.
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        // SAFETY: the retain is balanced by the thread that takes the value, or below if there is no thread.
        let start = unsafe Unmanaged.passRetained(Start(body))
        var thread = pthread_t()
        // SAFETY: the argument is the object retained above, taken exactly once.
        let result = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        if result != 0 {
            // SAFETY: no thread was made, so the retain is still ours.
            unsafe start.release()
        }
        return result
    }
}
