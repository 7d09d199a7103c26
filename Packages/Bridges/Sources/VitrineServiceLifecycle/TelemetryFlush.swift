// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
public import ServiceLifecycle
import VitrineObservability

/// A service that waits for the end of the program and then has telemetry handed on: `Telemetry.flush()`.
///
///     ServiceGroup(services: [TelemetryFlush(), server], gracefulShutdownSignals: [.sigterm], logger: logger)
///
/// Put it first: a service group stops its services in the opposite order and waits for each, so what the others emit
/// while they stop is handed on too.
public struct TelemetryFlush: Service {
    /// The service.
    public init() {}

    /// Waits for a graceful shutdown, or for its task to be cancelled, and flushes; returns when that is done.
    ///
    /// The flush may wait for a network. It runs on a thread of its own kind, so it holds up none of the threads that tasks
    /// run on.
    public func run() async {
        // Cancelled or shut down, the records are to be handed on.
        try? await gracefulShutdown()
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                Telemetry.flush()
                continuation.resume()
            }
        }
    }
}
