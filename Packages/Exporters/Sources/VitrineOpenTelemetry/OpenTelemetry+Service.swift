// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
public import ServiceLifecycle

extension OpenTelemetry: Service {
    /// Waits for a graceful shutdown, or for its task to be cancelled, and shuts down; returns when that is done.
    ///
    /// Put it first in its service group: services are stopped in the opposite order, so what the others emit while they
    /// stop is sent too. What could not be sent is told to `onShutdown` and fails nobody.
    public func run() async {
        try? await gracefulShutdown()
        await withCheckedContinuation { continuation in
            // It may wait for a network: on none of the threads that tasks run on.
            DispatchQueue.global().async {
                self.shutdown()
                continuation.resume()
            }
        }
    }
}
