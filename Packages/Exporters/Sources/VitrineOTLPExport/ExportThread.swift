// SPDX-License-Identifier: MIT OR Apache-2.0

import CExportThread
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

    /// Whether the calling thread is one of them.
    static var isCurrent: Bool { vitrine_export_is_silent() }

    /// Marks the calling thread for as long as the body runs.
    static func whileMarked(_ body: () -> Void) {
        let wasMarked = isCurrent
        vitrine_export_set_silent(true)
        // The lane that the thread used last is found without a look at the mark.
        vitrine_export_set_lane(0, nil)
        body()
        vitrine_export_set_silent(wasMarked)
    }

    /// Starts a marked, detached thread; the result is 0, or an `errno` and the body is never run.
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
                let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                // Where the system forbids it, all is as ever.
                _ = vitrine_export_give_way()
                ExportThread.whileMarked(start.body)
                return nil
            }, start.toOpaque())
        // SAFETY: without a thread the retain is still ours.
        if result != 0 { unsafe start.release() }
        return result
    }
}
