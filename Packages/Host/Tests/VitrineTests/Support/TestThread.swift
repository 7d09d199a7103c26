// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import Vitrine

/// A thread of its own for what blocks: Swift's cooperative pool, on which tests run, may have only two.
enum TestThread {
    /// Starts a thread that runs `body`.
    static func start(_ body: @escaping @Sendable () -> Void) {
        _ = WorkerThread.start(body)
    }

    /// Runs `body` on a new thread, with nothing of the current task's, and waits without blocking.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            start {
                continuation.resume(with: Swift.Result { try body() })
            }
        }
    }

    /// Waits without blocking until something is so, however long that takes on a busy machine; after ten minutes it is an
    /// issue.
    static func wait(
        for what: Comment, sourceLocation: SourceLocation = #_sourceLocation, until isSo: @escaping @Sendable () -> Bool
    ) async throws {
        let came = try await run {
            for _ in 0..<600_000 {
                if isSo() { return true }
                usleepMilliseconds(1)
            }
            return false
        }
        #expect(came, what, sourceLocation: sourceLocation)
    }
}
