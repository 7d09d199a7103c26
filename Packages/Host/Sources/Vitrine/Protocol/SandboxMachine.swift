// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
import VitrineWire

/// A guest in its virtual machine: runs calls, one at a time, and knows when the guest must not run any more.
struct SandboxMachine: ~Copyable, Sendable {
    private var machine: any VirtualMachine & ~Copyable
    private var session: GuestSession
    private let metrics: SandboxMetrics
    /// Of the call in progress, or of the last one.
    var statistics: CallStatistics { session.statistics }
    private var erroneousKicks: UInt64 = 0
    private var refusedRuns: UInt64 = 0
    /// The code of the error that ended the guest; nil while it is ready.
    private(set) var poison: SandboxError.Code?

    init(machine: consuming any VirtualMachine & ~Copyable, session: consuming GuestSession, metrics: SandboxMetrics) {
        self.machine = machine
        self.session = session
        self.metrics = metrics
    }

    /// Lets the guest initialize, up to its first READY.
    mutating func boot(deadline: Duration) throws(SandboxError) {
        machine.lendMemory { memory in session.telemetry.updateSwitches(isWatched: true, in: &memory) }
        if session.telemetry.needsClock { session.telemetry.begin(machine.guestClock) }
        try run(deadline: deadline) { _, _ in .answered }
    }

    /// Calls a guest function.
    ///
    /// - Parameters:
    ///   - encode: appends the parameters, straight into the guest's memory.
    ///   - decode: takes the result, straight out of it.
    @inline(__always)
    mutating func call(
        _ function: String, _ call: GuestCall, encode: (inout MessageWriter) throws(WireError) -> Void,
        decode: (EncodedValue) throws(WireError) -> Void
    ) throws(SandboxError) {
        session.statistics = CallStatistics()
        if let poison { throw .poisoned(by: poison) }
        var refusal: SandboxError?
        machine.lendMemory { memory in
            refusal = session.writeCall(function, call, into: &memory, encode)
            session.telemetry.updateSwitches(isWatched: call.isWatched, in: &memory)
        }
        if let refusal { throw refusal }
        session.statistics.hasRun = true
        defer { if session.statistics.hasRun { metrics.calls.count(session.statistics) } }
        if session.telemetry.needsClock { session.telemetry.begin(machine.guestClock) }
        try run(deadline: call.deadline) { (session: inout GuestSession, memory: inout GuestMemory) in
            session.readReply(to: function, in: memory, decode)
        }
    }

    /// Runs the guest until it is ready again; poisons it if it begins and does not get there.
    ///
    /// - Parameter onReady: reads the reply, while the memory is at hand.
    @inline(__always)
    private mutating func run(
        deadline: Duration?, _ onReady: (inout GuestSession, inout GuestMemory) -> GuestSession.End
    ) throws(SandboxError) {
        session.end = .none
        let outcome: RunOutcome
        do throws(HypervisorError) {
            let instant = deadline.map { HostInstant.now.advanced(by: $0) }
            outcome = try Self.run(&machine, &session, until: instant, onReady)
        } catch {
            throw failure(error)
        }
        if session.telemetry.hasWork || outcome != .stopped { finishTelemetry(outcome) }
        if session.wasKicked { countKicks() }
        if case .stopped = outcome, case .answered = session.end { return }
        throw failure(outcome, deadline)
    }

    /// What the telemetry of a run leaves to do.
    @inline(never)
    private mutating func finishTelemetry(_ outcome: RunOutcome) {
        if outcome != .stopped { machine.lendMemory { memory in session.telemetry.drain(&memory) } }
        session.telemetry.finish()
    }

    /// Why a run has brought no answer; notes that the guest must not run again, unless it can.
    @inline(never)
    private mutating func failure(_ outcome: RunOutcome, _ deadline: Duration?) -> SandboxError {
        if wasRefused() {
            // The request that was written stays unread: the next one takes its place.
            return outcome == .cancelled
                ? .cancelled(whileRunning: false) : .deadlineExceeded(deadline, whileRunning: false)
        }
        let error: SandboxError
        switch (outcome, session.end) {
        case (.stopped, .refused(let failure)): return failure
        case (.stopped, .failed(let failure)): error = failure
        case (.stopped, .none), (.stopped, .answered): error = .stopped("no exit says why")
        case (.cancelled, _): error = .cancelled(whileRunning: true)
        case (.deadlineExceeded, _): error = .deadlineExceeded(deadline, whileRunning: true)
        }
        poison = error.code
        return error
    }

    /// Why a run has failed; notes that the guest must not run again, if it has begun to.
    @inline(never)
    private mutating func failure(_ error: HypervisorError) -> SandboxError {
        session.telemetry.finish()
        if wasRefused() {
            return .system("the guest could not be run", underlying: error, advice: SandboxError.untouchedAdvice)
        }
        poison = .system
        return .system("the guest could not be run", underlying: error, advice: SandboxError.poisonedAdvice)
    }

    /// Whether the last run ended before it began. To be asked once.
    private mutating func wasRefused() -> Bool {
        let before = refusedRuns
        refusedRuns = machine.counters.refusedRuns
        guard refusedRuns != before else { return false }
        session.statistics.hasRun = false
        return true
    }

    /// Apart from `self`, so that the session can be used while the machine is.
    @inline(__always)
    private static func run(
        _ machine: inout any VirtualMachine & ~Copyable, _ session: inout GuestSession, until deadline: HostInstant?,
        _ onReady: (inout GuestSession, inout GuestMemory) -> GuestSession.End
    ) throws(HypervisorError) -> RunOutcome {
        try machine.run(deadline: deadline) { exit, memory in
            let action = session.handle(exit, &memory)
            if action == .stop, case .answered = session.end { session.end = onReady(&session, &memory) }
            return action
        }
    }

    @inline(never)
    private mutating func countKicks() {
        session.wasKicked = false
        let kicks = machine.counters.erroneousKicks
        metrics.countErroneousKicks(kicks &- erroneousKicks)
        erroneousKicks = kicks
    }
}
