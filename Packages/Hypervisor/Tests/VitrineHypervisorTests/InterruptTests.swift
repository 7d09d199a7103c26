// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineKick
import Synchronization
import Testing

@_spi(Backend) @testable import VitrineHypervisor

private let chained = Atomic<Int>(0)

@Suite("Interrupts", .serialized)
struct InterruptTests {
    @Test("takes a signal whose disposition is the default")
    func choice() {
        let signal = vitrine_kick_prepare()
        #expect(signal > 0)
        #expect(vitrine_kick_prepare() == signal)
        // Ours is not at its default any more, so another is chosen.
        #expect(vitrine_kick_choose(signal, signal + 1) == signal + 1)
        #expect(vitrine_kick_choose(signal, signal) == signal)
    }

    @Test("keeps an earlier handler for signals that are not kicks")
    func chaining() {
        // SIGRTMAX - 1 of Linux.
        let number: Int32 = 63
        KickByte.install(number) { _ in _ = chained.add(1, ordering: .relaxed) }
        #expect(vitrine_kick_install(number) == 0)
        #expect(vitrine_kick_install(number) == 0)
        KickByte.raiseForeign(number)
        #expect(chained.load(ordering: .relaxed) == 1)
        #expect(vitrine_kick_install(0) < 0)
        #expect(vitrine_kick_install(65) < 0)
    }

    @Test("takes a foreign signal of its number for no kick")
    func foreignSignal() throws {
        let handle = InterruptHandle()
        let byte = KickByte()
        #expect(try byte.begin(handle) == nil)
        KickByte.raiseForeign(vitrine_kick_prepare())
        #expect(!byte.isSet)
        handle.endRun()
    }

    @Test("sets the byte at a deadline, not before")
    func deadline() throws {
        let handle = InterruptHandle()
        let byte = KickByte()
        for milliseconds in [1, 2, 4] {
            let deadline = try #require(try byte.begin(handle, after: .milliseconds(milliseconds)))
            #expect(byte.wait())
            #expect(HostInstant.now >= deadline)
            #expect(handle.causeOfKick(deadline: deadline) == .deadlineExceeded)
            handle.endRun()
        }
        #expect(handle.counters(exits: 0).erroneousKicks == 0)
    }

    @Test("counts a kick without a cause, and keeps the deadline in force")
    func erroneousKick() throws {
        let handle = InterruptHandle()
        let byte = KickByte()
        // Far enough away for a busy machine to do the rest before.
        let deadline = try #require(try byte.begin(handle, after: .seconds(1)))
        #expect(vitrine_kick_send(vitrine_kick_thread()) == 0)
        #expect(byte.wait())
        byte.reset()
        #expect(handle.causeOfKick(deadline: deadline) == nil)
        #expect(handle.counters(exits: 0).erroneousKicks == 1)
        #expect(byte.wait())
        #expect(handle.causeOfKick(deadline: deadline) == .deadlineExceeded)
        handle.endRun()
    }

    @Test("nests eight runs, each with its own deadline")
    func nesting() throws {
        let handles = (0..<9).map { _ in InterruptHandle() }
        let bytes = (0..<9).map { _ in KickByte() }
        // Far enough away for a busy machine to begin the others before.
        let deadline = try #require(try bytes[0].begin(handles[0], after: .seconds(1)))
        for depth in 1..<8 { #expect(try bytes[depth].begin(handles[depth]) == nil) }
        #expect(throws: HypervisorError.runsNestedTooDeep) { try bytes[8].begin(handles[8]) }
        // The outer run's deadline kicks every run of the thread, and is the cause of one.
        #expect(bytes[0].wait())
        #expect(bytes[7].isSet)
        #expect(handles[7].causeOfKick(deadline: nil) == nil)
        for depth in (1..<8).reversed() { handles[depth].endRun() }
        #expect(handles[0].causeOfKick(deadline: deadline) == .deadlineExceeded)
        handles[0].endRun()
    }

    @Test("an inner deadline leaves the outer one in force")
    func nestedDeadlines() throws {
        let (outer, inner) = (InterruptHandle(), InterruptHandle())
        let (outerByte, innerByte) = (KickByte(), KickByte())
        // Far enough apart for a busy machine to end the inner run before the outer one's deadline.
        let later = try #require(try outerByte.begin(outer, after: .seconds(1)))
        let sooner = try #require(try innerByte.begin(inner, after: .milliseconds(2)))
        #expect(innerByte.wait())
        #expect(inner.causeOfKick(deadline: sooner) == .deadlineExceeded)
        inner.endRun()
        outerByte.reset()
        #expect(outerByte.wait())
        #expect(outer.causeOfKick(deadline: later) == .deadlineExceeded)
        outer.endRun()
    }

    @Test("touches nothing outside a run, and keeps a cancellation for the next")
    func afterRun() throws {
        let handle = InterruptHandle()
        let byte = KickByte()
        #expect(try byte.begin(handle) == nil)
        handle.endRun()
        #expect(vitrine_kick_send(vitrine_kick_thread()) == 0)
        #expect(!byte.isSet)
        handle.cancel()
        #expect(try byte.begin(handle) == .cancelled)
        #expect(try byte.begin(handle) == nil)
        handle.endRun()
        handle.cancel()
        handle.clear()
        #expect(try byte.begin(handle) == nil)
        handle.endRun()
    }

    @Test("counts the runs that end before they begin, and no other")
    func refusedRuns() throws {
        let handle = InterruptHandle()
        let byte = KickByte()
        #expect(try byte.begin(handle) == nil)
        handle.cancel()
        #expect(handle.causeOfKick(deadline: nil) == .cancelled)
        handle.endRun()
        #expect(handle.counters(exits: 0).refusedRuns == 0)
        handle.cancel()
        #expect(try byte.begin(handle) == .cancelled)
        #expect(handle.counters(exits: 0).refusedRuns == 1)
        #expect(try byte.begin(handle, deadline: .now) == .deadlineExceeded)
        #expect(handle.counters(exits: 0).refusedRuns == 2)
        let others = (0..<8).map { _ in InterruptHandle() }
        for other in others { #expect(try byte.begin(other) == nil) }
        #expect(throws: HypervisorError.runsNestedTooDeep) { try byte.begin(handle) }
        #expect(handle.counters(exits: 0).refusedRuns == 3)
        for other in others { other.endRun() }
    }

    @Test("sends another signal when the first was taken for nothing and a cancellation has relied on it")
    func clearedWhileKicking() throws {
        let byte = KickByte()
        let slot = Mutex<InterruptHandle?>(nil)
        let kicks = Atomic<Int>(0)
        let handle = InterruptHandle { thread in
            // A signal for this very thread has arrived when the call returns.
            let result = vitrine_kick_send(thread)
            guard kicks.add(1, ordering: .relaxed).newValue == 1, let handle = slot.withLock({ $0 }) else {
                return result
            }
            // Another thread clears, the run looks for the cause, a third thread cancels: all before the first one goes on.
            handle.clear()
            #expect(handle.causeOfKick(deadline: nil) == nil)
            handle.cancel()
            return result
        }
        slot.withLock { $0 = handle }
        #expect(try byte.begin(handle) == nil)
        handle.cancel()
        #expect(kicks.load(ordering: .relaxed) == 2)
        #expect(byte.isSet)
        #expect(handle.causeOfKick(deadline: nil) == .cancelled)
        handle.endRun()
        slot.withLock { $0 = nil }
        // One signal is enough where nothing of that kind happens.
        #expect(try byte.begin(handle) == nil)
        handle.cancel()
        handle.cancel()
        #expect(kicks.load(ordering: .relaxed) == 3)
        #expect(handle.causeOfKick(deadline: nil) == .cancelled)
        handle.endRun()
    }
}
