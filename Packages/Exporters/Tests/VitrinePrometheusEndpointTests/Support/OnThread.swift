// SPDX-License-Identifier: MIT OR Apache-2.0

import NIOPosix

/// Threads that may wait.
private let threads: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: 8)
    pool.start()
    return pool
}()

/// Runs what waits on one of them.
func onThread<R: Sendable>(_ body: @Sendable @escaping () throws -> R) async throws -> R {
    try await threads.runIfActive(body)
}
