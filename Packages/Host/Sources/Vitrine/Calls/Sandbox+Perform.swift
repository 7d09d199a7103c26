// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineHypervisor
import VitrineObservability
public import VitrineWire

// Between two exits the processor's caches and branch history are cold, so that a call costs by the functions it
// enters: the way of a call nobody watches is inlined into one, and what is rare is kept out of it.
extension Sandbox {
    /// A synchronous call: in through the gate, run, out again.
    @usableFromInline
    func perform(
        _ function: String, parameterCount: Int, resultType: WireType, deadline: Duration?,
        encode: (inout MessageWriter) throws(WireError) -> Void,
        decode: (EncodedValue) throws(WireError) -> Void
    ) throws(SandboxError) {
        // The one look at telemetry that a call costs when nobody listens.
        let isWatched = Telemetry.isEnabled(.error)
        let call = GuestCall(
            parameterCount: parameterCount, resultType: resultType, deadline: deadline ?? defaultDeadline,
            isWatched: isWatched)
        if isWatched { return try performWatched(function, call, encode, decode) }
        if !gate.tryEnter() { try waitForTurn() }
        try performInside(function, call, encode, decode)
    }

    /// The same with a subscriber, in the spans of a call if it wants them.
    @inline(never)
    private func performWatched(
        _ function: String, _ call: GuestCall, _ encode: (inout MessageWriter) throws(WireError) -> Void,
        _ decode: (EncodedValue) throws(WireError) -> Void
    ) throws(SandboxError) {
        try withSpan("call", target: "vitrine.host", callFields(function)) { span throws(SandboxError) in
            var statistics = CallStatistics()
            do throws(SandboxError) {
                if !gate.tryEnter() {
                    try withSpan("wait-for-turn", target: "vitrine.host", level: .trace) { () throws(SandboxError) in
                        try waitForTurn()
                    }
                }
                try performInside(function, call, encode, decode) { statistics = $0 }
            } catch {
                statistics.tell(&span, error)
                span.recordUnheardError(error, target: "vitrine.host")
                throw error
            }
            statistics.tell(&span, nil)
        }
    }

    /// What the span of a call tells from its beginning.
    func callFields(_ function: String) -> InlineArray<3, Field> {
        [
            Field("function", GuestText.bounded(function, maximumByteCount: 256)), Field("sandbox.id", id),
            Field("backend", backendName),
        ]
    }

    /// Waits for the gate, unless that would be to wait for oneself.
    @inline(never)
    private func waitForTurn() throws(SandboxError) {
        if interruptHandle.isRunningOnThisThread || gate.isHeldByThisThread { throw .reentrant }
        WorkerPool.shared.whileBlocked { gate.enter() }
    }

    /// Runs a call that holds the gate, and gives the gate back.
    ///
    /// - Parameter tell: gets what the call has taken, however it ended.
    @inline(__always)
    func performInside(
        _ function: String, _ call: GuestCall, _ encode: (inout MessageWriter) throws(WireError) -> Void,
        _ decode: (EncodedValue) throws(WireError) -> Void, tell: (CallStatistics) -> Void = { _ in }
    ) throws(SandboxError) {
        defer { if !gate.tryLeave() { leave() } }
        do throws(SandboxError) {
            if !call.isWatched, !hasPrintHandler { return try runMachine(function, call, encode, decode) { _ in } }
            // A subscriber or the print handler may run on this thread before and after the guest does.
            gate.start()
            try withSpan("call-to-guest", target: "vitrine.host") { () throws(SandboxError) in
                try runMachine(function, call, encode, decode, tell)
            }
        } catch {
            metrics.calls.count(error, isPoisoned: status == .poisoned)
            throw error
        }
    }

    /// Gives the gate to the next call, and keeps from it a cancellation of this one.
    @inline(never)
    func leave() { gate.leave { interruptHandle.clear() } }

    /// Uses the machine, which the gate has given to this call alone.
    @inline(__always)
    private func runMachine(
        _ function: String, _ call: GuestCall, _ encode: (inout MessageWriter) throws(WireError) -> Void,
        _ decode: (EncodedValue) throws(WireError) -> Void, _ tell: (CallStatistics) -> Void
    ) throws(SandboxError) {
        try machine.withMachine { (machine: inout SandboxMachine) throws(SandboxError) in
            defer {
                tell(machine.statistics)
                if let poison = machine.poison { notePoison(by: poison) }
            }
            guard metrics.calls.hasDurations else {
                return try machine.call(function, call, encode: encode, decode: decode)
            }
            let start = MonotonicInstant.now
            // A call that never reaches the guest takes no time worth a sample.
            defer { if machine.statistics.hasRun { metrics.calls.recordCall(of: function, since: start) } }
            try machine.call(function, call, encode: encode, decode: decode)
        }
    }
}
