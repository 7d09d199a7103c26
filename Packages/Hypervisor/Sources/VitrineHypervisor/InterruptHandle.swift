// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKick
internal import Glibc
internal import Synchronization

/// Stops one machine's run from any thread.
///
/// A cancellation is sticky: before, during or after a run, the next or current run consumes it exactly once, and no
/// other machine is affected.
public final class InterruptHandle: Sendable {
    /// The parts of the state word.
    private enum Bits {
        /// The kernel's id of the thread inside `run`, 0 between runs.
        static let thread: UInt64 = 0xFFFF_FFFF
        /// A cancellation that no run has consumed.
        static let cancelled: UInt64 = 1 << 32
        /// This run was kicked already: one signal is enough.
        static let kicked: UInt64 = 1 << 33
        /// The signal is on its way: the thread may neither leave the run nor end before it is.
        static let kicking: UInt64 = 1 << 34
    }

    // One word, so that a run begins and ends by one atomic exchange each: right behind an exit each of them waits for
    // all stores before it.
    private let state = Atomic<UInt64>(0)
    private let erroneousKicks = Atomic<UInt64>(0)
    private let refusedRuns = Atomic<UInt64>(0)
    private let sendKick: @Sendable (_ thread: Int32) -> Int32

    /// Makes a handle for one machine; backends do.
    @_spi(Backend) public convenience init() { self.init(sendKick: vitrine_kick_send) }

    /// - Parameter sendKick: kicks a thread, for 0 or an error.
    init(sendKick: @escaping @Sendable (_ thread: Int32) -> Int32) { self.sendKick = sendKick }

    /// Changes the state word; gives what it was.
    @discardableResult
    @inline(__always)
    private func update(_ change: (UInt64) -> UInt64) -> UInt64 {
        var seen = state.load(ordering: .relaxed)
        while true {
            let attempt = state.weakCompareExchange(
                expected: seen, desired: change(seen), ordering: .sequentiallyConsistent)
            if attempt.exchanged { return seen }
            seen = attempt.original
        }
    }

    /// Ends the current run, or the next one before it begins, with `.cancelled`. Costs a signal when the guest runs.
    public func cancel() {
        // While one signal is on its way, or has been sent, it finds this cancellation too.
        func needsKick(_ word: UInt64) -> Bool {
            word & Bits.cancelled != 0 && word & Bits.thread != 0 && word & (Bits.kicked | Bits.kicking) == 0
        }
        func claim(_ word: UInt64) -> UInt64 { needsKick(word) ? word | Bits.kicked | Bits.kicking : word }

        var word = update { claim($0 | Bits.cancelled) } | Bits.cancelled
        while needsKick(word) {
            guard sendKick(Int32(truncatingIfNeeded: word & Bits.thread)) == 0 else {
                update { $0 & ~(Bits.kicking | Bits.kicked) }
                return
            }
            // `clear` may have made the run take this signal for an erroneous one. Who cancelled after that saw a signal on
            // its way and sent none: it is owed another.
            word = update { claim($0 & ~Bits.kicking) } & ~Bits.kicking
        }
    }

    /// Whether the calling thread is inside this machine's run: in its exit handler, that is. Costs a system call.
    public var isRunningOnThisThread: Bool {
        state.load(ordering: .relaxed) & Bits.thread == UInt64(UInt32(bitPattern: vitrine_kick_thread()))
    }

    /// Forgets a cancellation that no run has consumed.
    public func clear() { update { $0 & ~Bits.cancelled } }

    /// What was counted here, and the exits that the machine has counted.
    @_spi(Backend) public func counters(exits: UInt64) -> MachineCounters {
        MachineCounters(
            erroneousKicks: erroneousKicks.load(ordering: .relaxed), refusedRuns: refusedRuns.load(ordering: .relaxed),
            exits: exits)
    }

    /// Begins a run on this thread: from now on a kick sets the byte.
    /// - Parameters:
    ///   - kickByte: set to 1 by a signal handler on this thread until `endRun`; the backend's loop watches it.
    ///   - deadline: when the thread is to be kicked.
    /// - Returns: an outcome when the run is over before it begins, which is counted; `endRun` must not be called then.
    /// SAFETY: the byte stays valid until `endRun`; the caller sees to it.
    @_spi(Backend) @unsafe public func beginRun(
        kickByte: UnsafeMutablePointer<UInt8>, deadline: HostInstant?
    ) throws(HypervisorError) -> RunOutcome? {
        if let deadline, HostInstant.now >= deadline {
            countRefusal()
            return update { $0 & ~Bits.cancelled } & Bits.cancelled != 0 ? .cancelled : .deadlineExceeded
        }
        // SAFETY: the caller keeps the byte alive until `endRun`; nobody else is registered for this run yet.
        unsafe kickByte.pointee = 0
        // A deadline of 0 has passed, so 0 can mean none.
        let thread = unsafe vitrine_kick_enter(kickByte, deadline?.nanoseconds ?? 0)
        guard thread > 0 else {
            countRefusal()
            throw thread == -kickNestedTooDeep ? .runsNestedTooDeep : .systemCall(name: "timer_create", errno: -thread)
        }
        let mark = UInt64(UInt32(bitPattern: thread))
        let before = update { $0 & Bits.cancelled != 0 ? $0 & ~Bits.cancelled : $0 | mark }
        guard before & Bits.cancelled != 0 else { return nil }
        countRefusal()
        vitrine_kick_leave()
        return .cancelled
    }

    @inline(never)
    private func countRefusal() { refusedRuns.wrappingAdd(1, ordering: .relaxed) }

    /// Asks for the cause of a kick, after the backend has reset the byte.
    /// - Returns: nil when there is none: the kick is counted as erroneous, and the deadline stays in force.
    @_spi(Backend) public func causeOfKick(deadline: HostInstant?) -> RunOutcome? {
        let isPastDeadline = deadline.map { HostInstant.now >= $0 } ?? false
        let before = update { $0 & ~(isPastDeadline ? Bits.cancelled : Bits.cancelled | Bits.kicked) }
        if before & Bits.cancelled != 0 { return .cancelled }
        if isPastDeadline { return .deadlineExceeded }
        erroneousKicks.wrappingAdd(1, ordering: .relaxed)
        if deadline != nil { vitrine_kick_rearm() }
        return nil
    }

    /// Ends the run on this thread. The byte is not written any more.
    @_spi(Backend) public func endRun() {
        while true {
            let seen = state.load(ordering: .relaxed)
            if seen & Bits.kicking != 0 {
                // Another thread is between its decision and its signal: as good as holding a lock.
                sched_yield()
                continue
            }
            let ended = seen & ~(Bits.thread | Bits.kicked)
            let attempt = state.weakCompareExchange(expected: seen, desired: ended, ordering: .sequentiallyConsistent)
            if attempt.exchanged { break }
        }
        vitrine_kick_leave()
    }
}

/// EAGAIN, what `vitrine_kick_enter` answers when too many runs are nested.
private let kickNestedTooDeep: Int32 = 11
