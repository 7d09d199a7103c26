// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
import VitrineWire

/// Exits of the vCPU by reason: `vm_exits_total{reason}`.
struct ExitMetrics: Sendable {
    /// The guest waits for a call, or has answered one.
    let ready: Counter
    private let callHost: Counter
    private let drain: Counter
    private let abort: Counter
    private let kicked: Counter
    private let exception: Counter
    private let shutdown: Counter
    private let unexpected: Counter

    init(_ recorder: any MetricsRecorder) {
        func counter(_ reason: String) -> Counter {
            recorder.counter("vm_exits_total", help: "Exits of the vCPU, by reason.", labels: [("reason", reason)])
        }
        ready = counter("ready")
        callHost = counter("host_call")
        drain = counter("drain")
        abort = counter("abort")
        kicked = counter("kicked")
        exception = counter("exception")
        shutdown = counter("shutdown")
        unexpected = counter("unexpected")
    }

    /// Counts an exit that is not `ready`.
    func count(_ exit: borrowing VMExit) {
        switch copy exit {
        case .portWrite(let port):
            switch GuestABI.Port(rawValue: port) {
            case .ready: ready.increment()
            case .callHost: callHost.increment()
            case .drain: drain.increment()
            case .abort: abort.increment()
            case .exception, nil: unexpected.increment()
            }
        case .kicked: kicked.increment()
        case .exception: exception.increment()
        case .shutdown: shutdown.increment()
        case .unexpected: unexpected.increment()
        }
    }
}
