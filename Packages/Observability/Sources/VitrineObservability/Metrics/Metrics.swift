// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Where a library gets its instruments: the recorder of the process, or of a scope.
///
/// An instrument belongs for good to the recorder that made it. So a program installs its recorder first, and a library
/// asks when its objects are made, not in globals.
public enum Metrics {
    private static let installed = Mutex<any MetricsRecorder>(NoOpMetricsRecorder())

    @TaskLocal
    private static var scoped: (any MetricsRecorder)?

    /// Makes a recorder the one of the process, in place of the one before. Instruments made before stay with theirs.
    public static func install(_ recorder: any MetricsRecorder) {
        // The one before is released outside of the lock, for its deinit may do anything.
        let before = installed.withLock { installed in
            let before = installed
            installed = recorder
            return before
        }
        withExtendedLifetime(before) {}
    }

    /// Leaves the process with the no-op recorder, as it was at first.
    public static func uninstall() {
        install(NoOpMetricsRecorder())
    }

    /// The recorder of the innermost scope around the caller, else the installed one. Takes a lock: keep the instruments.
    public static var recorder: any MetricsRecorder {
        scoped ?? installed.withLock { $0 }
    }

    /// Runs `body` with a recorder for everything that asks in it, in this task and its children. Scopes nest; the
    /// innermost wins. Meant for tests, which so can run in parallel, and for libraries that are handed a recorder.
    ///
    /// Threads started by hand and detached tasks inside `body` do not inherit it.
    public static func withRecorder<R, E: Error>(
        _ recorder: any MetricsRecorder,
        _ body: () throws(E) -> R
    ) throws(E) -> R {
        let outcome = $scoped.withValue(recorder) { () -> Result<R, E> in
            do throws(E) { return .success(try body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// The asynchronous form of the same; runs where the caller runs.
    public nonisolated(nonsending) static func withRecorder<R, E: Error>(
        _ recorder: any MetricsRecorder,
        _ body: nonisolated(nonsending) () async throws(E) -> R
    ) async throws(E) -> R {
        let outcome = await $scoped.withValue(recorder) { () async -> Result<R, E> in
            do throws(E) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
