// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// The counters of a sandbox, registered when it is built.
struct SandboxMetrics: Sendable {
    private let registry: MetricsRegistry
    private let cancellations: Counter
    private let erroneousKicks: Counter

    init(_ registry: MetricsRegistry) {
        self.registry = registry
        cancellations = registry.counter(
            "guest_cancellations_total", help: "Calls ended by cancellation or deadline while the guest ran.")
        erroneousKicks = registry.counter(
            "erroneous_vcpu_kicks_total", help: "Signals that stopped a vCPU without a cause, and were ignored.")
    }

    /// Counts a failed call, if it is the guest's failure.
    ///
    /// - Parameter isPoisoned: whether the guest cannot run any more; one that was stopped cannot, one that was never
    ///   started can.
    func count(_ error: SandboxError, isPoisoned: Bool) {
        switch error.code {
        case .cancelled, .deadlineExceeded:
            if isPoisoned { cancellations.increment() }
        case .unknownFunction, .wrongParameters, .guestError, .guestAborted, .cpuException, .hostFunctionFailed,
            .outOfMemory, .protocolViolation:
            registry.counter(
                "guest_errors_total", help: "Guest calls that failed in the guest, by error code.",
                labels: [("code", error.code.name)]
            ).increment()
        default: break
        }
    }

    /// Counts kicks without a cause.
    func countErroneousKicks(_ count: UInt64) {
        erroneousKicks.increment(by: count)
    }

    /// Counts telemetry that was not delivered.
    func countDrops(_ drops: DropCounts) {
        for reason in DropReason.allCases where drops.count(reason) > 0 {
            registry.counter(
                "guest_telemetry_dropped_total", help: "Guest telemetry records that were not delivered, by reason.",
                labels: [("reason", reason.rawValue)]
            ).increment(by: drops.count(reason))
        }
    }
}
