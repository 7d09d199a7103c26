// SPDX-License-Identifier: MIT OR Apache-2.0

import NIOPosix

/// Runs what waits on a thread that may.
func onThread<R: Sendable>(_ body: @Sendable @escaping () throws -> R) async throws -> R {
    try await NIOThreadPool.singleton.runIfActive(body)
}
