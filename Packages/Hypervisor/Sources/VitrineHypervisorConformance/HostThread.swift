// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A plain thread of the host, to be joined.
@safe struct HostThread: ~Copyable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t

    /// Starts the thread; nil when the system has none left.
    init?(_ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        // SAFETY: the thread takes over the one retain; when it does not start, it is released here.
        let body = unsafe Unmanaged.passRetained(Body(run))
        let result = unsafe pthread_create(
            &thread, nil,
            { body in
                if let body = unsafe body { unsafe Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard result == 0 else {
            unsafe body.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits for the end of the thread.
    consuming func join() { pthread_join(thread, nil) }

    /// Sleeps.
    static func sleep(microseconds: Int) {
        var duration = timespec(tv_sec: microseconds / 1_000_000, tv_nsec: microseconds % 1_000_000 * 1000)
        // SAFETY: a local value; an early wake-up is harmless.
        unsafe nanosleep(&duration, nil)
    }
}
