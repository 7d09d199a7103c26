// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineHypervisor
import VitrineObservability
public import VitrineWire

extension Sandbox {
    /// A synchronous call: in through the gate, run, out again.
    @usableFromInline
    func perform(
        _ function: String, parameterCount: Int, resultType: WireType, deadline: Duration?,
        encode: (inout MessageWriter) throws(WireError) -> Void,
        decode: (EncodedValue) throws(WireError) -> Void
    ) throws(SandboxError) {
        // The one look at telemetry that a call costs when nobody listens.
        guard Telemetry.isEnabled(.info) else {
            try enter()
            return try performInside(
                function, parameterCount: parameterCount, resultType: resultType, deadline: deadline, isTraced: false,
                encode: encode, decode: decode)
        }
        try withSpan("call", target: "vitrine.host", callFields(function)) { () throws(SandboxError) in
            try enter()
            try performInside(
                function, parameterCount: parameterCount, resultType: resultType, deadline: deadline, isTraced: true,
                encode: encode, decode: decode)
        }
    }

    /// What the span of a call tells.
    func callFields(_ function: String) -> [Field] {
        [Field("function", GuestText.bounded(function, maximumByteCount: 256)), Field("backend", backendName)]
    }

    /// Waits for the gate, unless that would be to wait for oneself.
    private func enter() throws(SandboxError) {
        if gate.tryEnter() { return }
        if gate.isHeldByThisThread || HostCallScope.isServing(ObjectIdentifier(gate)) { throw .reentrant }
        gate.enter()
    }

    /// Runs a call that holds the gate, and gives the gate back.
    func performInside(
        _ function: String, parameterCount: Int, resultType: WireType, deadline: Duration?, isTraced: Bool,
        encode: (inout MessageWriter) throws(WireError) -> Void,
        decode: (EncodedValue) throws(WireError) -> Void
    ) throws(SandboxError) {
        defer { gate.leave { interruptHandle.clear() } }
        do throws(SandboxError) {
            let call = GuestCall(
                function: function, parameterCount: parameterCount, resultType: resultType,
                deadline: deadline ?? defaultDeadline)
            guard isTraced else { return try runMachine(call, encode, decode) }
            gate.start()
            try withSpan("call-to-guest", target: "vitrine.host") { () throws(SandboxError) in
                try runMachine(call, encode, decode)
            }
        } catch {
            metrics.count(error)
            throw error
        }
    }

    /// Uses the machine. The gate has let one call in only, so the lock is free: it is how the compiler can see that.
    private func runMachine(
        _ call: borrowing GuestCall, _ encode: (inout MessageWriter) throws(WireError) -> Void,
        _ decode: (EncodedValue) throws(WireError) -> Void
    ) throws(SandboxError) {
        try machine.withLock { (machine: inout SandboxMachine) throws(SandboxError) in
            defer { if machine.poison != nil { notePoison() } }
            try machine.call(call, encode: encode, decode: decode)
        }
    }
}
