// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// A thread that exports, and knows it: what is emitted there by any code goes to no exporter, lest exporting makes more to
/// export.
enum ExportThread {
    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        // SAFETY: the key is a local of its type; nothing is to be released at a thread's end.
        return unsafe pthread_key_create(&key, nil) == 0 ? key : nil
    }()

    /// Whether the calling thread is one of them.
    static var isCurrent: Bool {
        guard let key else { return false }
        // SAFETY: what is there is compared and not followed.
        return unsafe pthread_getspecific(key) != nil
    }

    /// Marks the calling thread for as long as the body runs.
    static func whileMarked(_ body: () -> Void) {
        guard let key else { return body() }
        // SAFETY: a value that nobody follows.
        unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1))
        body()
        pthread_setspecific(key, nil)
    }

    /// Starts a marked, detached thread; the result is 0, or an `errno` and the body is never run.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        guard key != nil else { return EAGAIN }
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
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                ExportThread.whileMarked(start.body)
                return nil
            }, start.toOpaque())
        // SAFETY: without a thread the retain is still ours.
        if result != 0 { unsafe start.release() }
        return result
    }
}
