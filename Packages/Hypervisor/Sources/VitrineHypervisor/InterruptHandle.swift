// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKick
internal import Synchronization

/// Stops one machine's run from any thread.
///
/// A cancellation is sticky: before, during or after a run, the next or current run consumes it exactly once, and no
/// other machine is affected.
public final class InterruptHandle: Sendable {
    private struct State {
        var isCancelRequested = false
        /// The kernel's id of the thread inside `run`, 0 between runs.
        var thread: Int32 = 0
        /// Whether this run was kicked already: one signal is enough.
        var isKicked = false
        var erroneousKicks: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Makes a handle for one machine; backends do.
    @_spi(Backend) public init() {}

    /// Ends the current run, or the next one before it begins, with `.cancelled`. Costs a signal when the guest runs.
    public func cancel() {
        state.withLock { state in
            state.isCancelRequested = true
            guard state.thread != 0, !state.isKicked else { return }
            // Under the lock: the thread cannot leave the run, nor end, before the signal is on its way.
            state.isKicked = vitrine_kick_send(state.thread) == 0
        }
    }

    /// Whether the calling thread is inside this machine's run: in its exit handler, that is. Costs a system call.
    public var isRunningOnThisThread: Bool {
        let thread = vitrine_kick_thread()
        return state.withLock { $0.thread == thread }
    }

    /// Forgets a cancellation that no run has consumed.
    public func clear() { state.withLock { $0.isCancelRequested = false } }

    /// What was counted.
    @_spi(Backend) public var counters: MachineCounters {
        MachineCounters(erroneousKicks: state.withLock { $0.erroneousKicks })
    }

    /// Begins a run on this thread: from now on a kick sets the byte.
    /// - Parameters:
    ///   - kickByte: set to 1 by a signal handler on this thread until `endRun`; the backend's loop watches it.
    ///   - deadline: when the thread is to be kicked.
    /// - Returns: an outcome when the run is over before it begins; `endRun` must not be called then.
    /// SAFETY: the byte stays valid until `endRun`; the caller sees to it.
    @_spi(Backend) @unsafe public func beginRun(
        kickByte: UnsafeMutablePointer<UInt8>, deadline: HostInstant?
    ) throws(HypervisorError) -> RunOutcome? {
        if let deadline, HostInstant.now >= deadline {
            return state.withLock { Self.consumeCancel(&$0) } ? .cancelled : .deadlineExceeded
        }
        // SAFETY: the caller keeps the byte alive until `endRun`; nobody else is registered for this run yet.
        unsafe kickByte.pointee = 0
        // A deadline of 0 has passed, so 0 can mean none.
        let thread = unsafe vitrine_kick_enter(kickByte, deadline?.nanoseconds ?? 0)
        guard thread > 0 else {
            throw thread == -kickNestedTooDeep ? .runsNestedTooDeep : .systemCall(name: "timer_create", errno: -thread)
        }
        let isCancelled = state.withLock { state in
            if Self.consumeCancel(&state) { return true }
            state.thread = thread
            state.isKicked = false
            return false
        }
        guard isCancelled else { return nil }
        vitrine_kick_leave()
        return .cancelled
    }

    /// Asks for the cause of a kick, after the backend has reset the byte.
    /// - Returns: nil when there is none: the kick is counted as erroneous, and the deadline stays in force.
    @_spi(Backend) public func causeOfKick(deadline: HostInstant?) -> RunOutcome? {
        let isPastDeadline = deadline.map { HostInstant.now >= $0 } ?? false
        let outcome: RunOutcome? = state.withLock { state in
            if Self.consumeCancel(&state) { return .cancelled }
            if isPastDeadline { return .deadlineExceeded }
            state.isKicked = false
            state.erroneousKicks &+= 1
            return nil
        }
        if outcome == nil, deadline != nil { vitrine_kick_rearm() }
        return outcome
    }

    /// Ends the run on this thread. The byte is not written any more.
    @_spi(Backend) public func endRun() {
        state.withLock { $0.thread = 0 }
        vitrine_kick_leave()
    }

    private static func consumeCancel(_ state: inout State) -> Bool {
        defer { state.isCancelRequested = false }
        return state.isCancelRequested
    }
}

/// EAGAIN, what `vitrine_kick_enter` answers when too many runs are nested.
private let kickNestedTooDeep: Int32 = 11
