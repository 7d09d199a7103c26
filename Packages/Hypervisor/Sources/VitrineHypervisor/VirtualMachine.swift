// SPDX-License-Identifier: MIT OR Apache-2.0

/// One vCPU and its memory. Used by one thread at a time, which may change between runs.
///
/// A machine begins at its entry point and runs until the exit handler stops it; the next run goes on behind that exit.
/// Dropping the machine frees everything; a backend may do that on a thread of its own.
public protocol VirtualMachine: ~Copyable, Sendable {
    /// Stops this machine's run from any thread, at any time.
    var interruptHandle: InterruptHandle { get }

    /// What the machine has counted so far.
    var counters: MachineCounters { get }

    /// Relates the guest's `rdtsc` to the host's monotonic clock, anchored at this moment. Costs about 0.1 µs.
    var guestClock: GuestClock { get }

    /// Lends the guest's memory while the guest is stopped. `withMemory` is the same with a result.
    ///
    /// Calls `body` exactly once. Not generic, so that a call through `any VirtualMachine` stays a plain one.
    mutating func lendMemory(to body: (inout GuestMemory) -> Void)

    /// Runs the guest, and asks the handler at each exit, until it stops, the deadline passes or `cancel()` is called.
    ///
    /// The handler runs on the calling thread. After an exit that is not resumable the machine is dead and the run ends
    /// whatever the handler says. A deadline that has already passed, or a pending cancellation, ends the run at once.
    /// - Parameter deadline: when to stop the guest, or nil. It costs a timer call before and after the run.
    mutating func run(
        deadline: HostInstant?, _ onExit: (borrowing VMExit, inout GuestMemory) -> ExitAction
    ) throws(HypervisorError) -> RunOutcome
}

extension VirtualMachine where Self: ~Copyable {
    /// Lends the guest's memory while the guest is stopped.
    @inlinable
    @inline(__always)
    public mutating func withMemory<R, Failure: Error>(
        _ body: (inout GuestMemory) throws(Failure) -> R
    ) throws(Failure) -> R {
        var outcome: Result<R, Failure>?
        lendMemory { memory in
            do throws(Failure) { outcome = .success(try body(&memory)) } catch { outcome = .failure(error) }
        }
        guard let outcome else { preconditionFailure("lendMemory calls its body") }
        return try outcome.get()
    }
}

/// What a machine counts.
public struct MachineCounters: Hashable, Sendable {
    /// Kicks that came without a cancellation or a passed deadline: late ones meant for an earlier run, mostly.
    public let erroneousKicks: UInt64
    /// Runs that ended before they began, by an outcome or an error: cancelled beforehand, past their deadline, nested
    /// too deep, or without a timer. The guest has not moved in them.
    public let refusedRuns: UInt64
    /// Exits that the handlers of runs were asked about.
    public let exits: UInt64

    /// Makes counters; backends do.
    public init(erroneousKicks: UInt64, refusedRuns: UInt64, exits: UInt64) {
        self.erroneousKicks = erroneousKicks
        self.refusedRuns = refusedRuns
        self.exits = exits
    }
}
