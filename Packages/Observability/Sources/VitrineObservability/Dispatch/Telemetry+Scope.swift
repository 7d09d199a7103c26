// SPDX-License-Identifier: MIT OR Apache-2.0

/// The subscriber of the current task or thread, in front of the installed one.
enum ScopedSubscriber {
    @TaskLocal
    static var current: Dispatch?
}

extension Telemetry {
    /// Runs `body` with a subscriber that takes everything emitted in it, by this task and its children, instead of
    /// the installed one. Scopes nest; the innermost wins. Meant for tests, which so can run in parallel.
    ///
    /// Threads started by hand and detached tasks inside `body` do not inherit it.
    public static func withSubscriber<R, E: Error>(
        _ subscriber: any Subscriber,
        _ body: () throws(E) -> R
    ) throws(E) -> R {
        let dispatch = Dispatch(subscriber)
        countScope(dispatch.maximumLevel, by: 1)
        defer { countScope(dispatch.maximumLevel, by: -1) }
        let outcome = ScopedSubscriber.$current.withValue(dispatch) { () -> Result<R, E> in
            do throws(E) { return .success(try body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// The asynchronous form of the same; runs where the caller runs.
    public nonisolated(nonsending) static func withSubscriber<R, E: Error>(
        _ subscriber: any Subscriber,
        _ body: nonisolated(nonsending) () async throws(E) -> R
    ) async throws(E) -> R {
        let dispatch = Dispatch(subscriber)
        countScope(dispatch.maximumLevel, by: 1)
        defer { countScope(dispatch.maximumLevel, by: -1) }
        let outcome = await ScopedSubscriber.$current.withValue(dispatch) { () async -> Result<R, E> in
            do throws(E) { return .success(try await body()) } catch { return .failure(error) }
        }
        return try outcome.get()
    }
}
