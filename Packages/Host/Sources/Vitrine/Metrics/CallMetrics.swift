// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// What is counted of calls, and of how they fail.
struct CallMetrics: Sendable {
    private let calls: Counter
    private let hostCalls: Counter
    private let bytesIn: Counter
    private let bytesOut: Counter
    private let errors: CounterFamily
    private let cancellations: Counter
    private let aborts: CounterFamily
    /// By function name, if that was asked for.
    private let callDuration: HistogramFamily?
    private let hostCallDuration: HistogramFamily?

    init(_ recorder: any MetricsRecorder, hasDurations: Bool) {
        calls = recorder.counter("guest_calls_total", help: "Calls of guest functions that the guest began to run.")
        hostCalls = recorder.counter("host_calls_total", help: "Calls by guests that ran a host function.")
        func bytes(_ direction: String) -> Counter {
            recorder.counter(
                "guest_call_bytes_total", unit: .bytes, help: "Bytes of the messages of calls, by direction.",
                labels: [("direction", direction)])
        }
        bytesIn = bytes("in")
        bytesOut = bytes("out")
        errors = recorder.counterFamily(
            MetricDescriptor(
                "guest_errors_total",
                help: "Guest calls, and starts of guests, that failed in the guest, by error code."),
            labelNames: ["code"])
        cancellations = recorder.counter(
            "guest_cancellations_total",
            help: "Calls, and starts of guests, ended by cancellation or deadline while the guest ran.")
        aborts = recorder.counterFamily(
            MetricDescriptor(
                "guest_aborts_total",
                help: "Guests that were ended in a call or at their start, by kind, and for exceptions by vector."),
            labelNames: ["kind", "vector"])
        func duration(_ name: String, _ help: String) -> HistogramFamily? {
            guard hasDurations else { return nil }
            return recorder.histogramFamily(
                MetricDescriptor(name, unit: .seconds, help: help), labelNames: ["function_name"])
        }
        callDuration = duration("guest_call_duration_seconds", "How long calls of guest functions took, by name.")
        hostCallDuration = duration("host_call_duration_seconds", "How long calls of host functions took, by name.")
    }

    /// A call that the guest began to run, and what went in and out.
    @inline(__always)
    func count(_ statistics: CallStatistics) {
        calls.increment()
        bytesIn.increment(by: statistics.bytesIn)
        bytesOut.increment(by: statistics.bytesOut)
        if statistics.hostCalls > 0 { hostCalls.increment(by: statistics.hostCalls) }
    }

    /// Whether durations are recorded: two readings of the clock for each call.
    var hasDurations: Bool { callDuration != nil }

    /// How long a guest function took.
    func recordCall(of function: String, since start: MonotonicInstant) {
        callDuration?.record(start.secondsUntilNow, function)
    }

    /// How long a host function took.
    func recordHostCall(of function: String, since start: MonotonicInstant) {
        hostCallDuration?.record(start.secondsUntilNow, function)
    }

    /// Counts a failed call or start, if it is the guest's failure.
    ///
    /// - Parameter isPoisoned: whether the guest cannot run any more; one that was stopped cannot, one that was never
    ///   started can.
    func count(_ error: SandboxError, isPoisoned: Bool) {
        switch error.code {
        case .cancelled, .deadlineExceeded:
            if isPoisoned { cancellations.increment() }
        case .guestError, .guestAborted, .cpuException, .hostFunctionFailed, .outOfMemory, .protocolViolation:
            errors.increment(error.code.name)
        case .unknownFunction, .wrongParameters, .messageTooLarge:
            // Without a guest's code it is the caller's mistake, and the guest has not seen it.
            guard error.guestCode != nil else { return }
            errors.increment(error.code.name)
        default: return
        }
        if isPoisoned { aborts.increment(error.abortKind, error.exception?.mnemonic ?? "") }
    }
}

extension SandboxError {
    /// The label `kind` of `guest_aborts_total`: how the guest came to its end.
    var abortKind: String {
        switch code {
        case .guestAborted, .outOfMemory: "panic"
        case .cpuException: exception?.address == nil ? "exception" : "memory_fault"
        case .deadlineExceeded: "deadline"
        case .cancelled: "cancelled"
        default: "protocol_violation"
        }
    }
}

extension CPUException {
    /// `#PF` of `#PF page fault`.
    var mnemonic: String { String(name.prefix { $0 != " " }) }
}

extension MonotonicInstant {
    /// Seconds from this instant to now.
    fileprivate var secondsUntilNow: Double {
        Double(MonotonicInstant.now.nanoseconds &- nanoseconds) / 1e9
    }
}
