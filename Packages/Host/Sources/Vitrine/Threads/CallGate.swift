// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Lets one call at a time into a sandbox, in the order of arrival, and knows which one is in.
///
/// A thread that has to wait blocks; an asynchronous call leaves a continuation instead and blocks nobody. The
/// uncontended way in and out is an atomic exchange each.
final class CallGate: Sendable {
    /// A call that waits: exactly one of `admit` and `giveUp` is called, once, outside the lock.
    struct Waiter: Sendable {
        let ticket: Ticket
        let admit: @Sendable () -> Void
        let giveUp: @Sendable () -> Void
    }

    /// Names one call to the gate, from before it queues until it is done.
    final class Ticket: Sendable {
        /// Set by `cancel`, maybe before the call has reached the gate; read and written under the gate's lock.
        fileprivate let isCancelled = Atomic<Bool>(false)
    }

    /// What the door shows. Behind `guarded` the state under the lock says more, and every change goes through it.
    private enum Door {
        static let open: UInt8 = 0
        /// A call is in, and nothing else is to be known of it.
        static let taken: UInt8 = 1
        static let guarded: UInt8 = 2
    }

    private struct State {
        /// The thread that runs the call that is in, if it has said so.
        var thread: pthread_t?
        /// The asynchronous call that is in; nil for a synchronous one, which needs no name.
        var current: Ticket?
        /// Whether the call that is in was cancelled.
        var isCancelled = false
        var waiters = WaitingLine<Waiter>()
    }

    // The door alone lets an uncontended call in and out, by one atomic exchange each: more of them would each wait, right
    // behind an exit, for all stores before it.
    private let door = Atomic<UInt8>(Door.open)
    private let state = Mutex(State())

    /// Goes in if nobody is in or waits.
    @inline(__always)
    func tryEnter() -> Bool {
        door.compareExchange(expected: Door.open, desired: Door.taken, ordering: .acquiring).exchanged
    }

    /// Goes out if nobody waits and nothing is known of this call: if there is nothing else to do.
    @inline(__always)
    func tryLeave() -> Bool {
        door.compareExchange(expected: Door.taken, desired: Door.open, ordering: .releasing).exchanged
    }

    /// Under the lock: makes the call that is in leave through the lock too; false if nobody is in.
    private func guardDoor() -> Bool {
        let seen = door.compareExchange(expected: Door.taken, desired: Door.guarded, ordering: .acquiring)
        return seen.original != Door.open
    }

    /// Calls that wait for their turn now.
    var waiterCount: Int { state.withLock { $0.waiters.count } }

    /// Whether the call that is in is known to run on the calling thread: to wait for it would be to wait for ever.
    var isHeldByThisThread: Bool { state.withLock { $0.thread == pthread_self() } }

    /// Goes in, blocking the thread until it is this call's turn.
    func enter() {
        let semaphore = DispatchSemaphore(value: 0)
        let waiter = Waiter(ticket: Ticket(), admit: { semaphore.signal() }, giveUp: {})
        let mustWait = state.withLock { state in
            while !tryEnter() {
                guard guardDoor() else { continue }
                state.waiters.append(waiter)
                return true
            }
            return false
        }
        if mustWait { semaphore.wait() }
    }

    /// Says that the calling thread runs the call that was admitted; false if that was cancelled meanwhile.
    ///
    /// Needed where code that is not ours, a subscriber for example, may run on this thread during the call.
    @discardableResult
    func start() -> Bool {
        state.withLock { state in
            _ = guardDoor()
            state.thread = pthread_self()
            return !state.isCancelled
        }
    }

    /// Goes in when it is this call's turn: `waiter.admit` is called at once or later, by the thread that leaves.
    func enter(_ waiter: Waiter) {
        let next = state.withLock { state -> (@Sendable () -> Void)? in
            if waiter.ticket.isCancelled.load(ordering: .relaxed) { return waiter.giveUp }
            while !tryEnter() {
                guard guardDoor() else { continue }
                state.waiters.append(waiter)
                return nil
            }
            _ = guardDoor()
            state.current = waiter.ticket
            return waiter.admit
        }
        next?()
    }

    /// Goes out and lets the next one in.
    ///
    /// - Parameter forgetCancellation: called under the lock if this call was cancelled, so that what the cancellation
    ///   left behind cannot reach the next call.
    func leave(forgetCancellation: () -> Void) {
        let next = state.withLock { state -> Waiter? in
            if state.isCancelled {
                state.isCancelled = false
                forgetCancellation()
            }
            state.thread = nil
            let next = state.waiters.popFirst()
            state.current = next?.ticket
            door.store(next == nil ? Door.open : Door.guarded, ordering: .releasing)
            return next
        }
        next?.admit()
    }

    /// Cancels the call that is in; false if there is none.
    ///
    /// - Parameter interrupt: called under the lock, so that it always means the call that is in.
    func cancelCurrent(interrupt: () -> Void) -> Bool {
        state.withLock { state in
            guard guardDoor() else { return false }
            state.isCancelled = true
            interrupt()
            return true
        }
    }

    /// Cancels one asynchronous call, wherever it is: takes it out of the queue, or interrupts it if it is in.
    func cancel(_ ticket: Ticket, interrupt: () -> Void) {
        let queued = state.withLock { state -> Waiter? in
            ticket.isCancelled.store(true, ordering: .relaxed)
            if state.current === ticket {
                state.isCancelled = true
                interrupt()
                return nil
            }
            return state.waiters.remove { $0.ticket === ticket }
        }
        queued?.giveUp()
    }
}
