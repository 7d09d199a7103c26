// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing

@testable import Vitrine

/// Counts who is in at a time.
private final class Tally: Sendable {
    private let state = Mutex((inside: 0, most: 0, visits: 0))

    func visit() {
        state.withLock { state in
            state.inside += 1
            state.most = max(state.most, state.inside)
            state.visits += 1
        }
        state.withLock { $0.inside -= 1 }
    }

    var most: Int { state.withLock { $0.most } }
    var visits: Int { state.withLock { $0.visits } }
}

@Suite("CallGate")
struct CallGateTests {
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func waiter(_ name: String, _ log: Log, _ ticket: CallGate.Ticket = .init()) -> CallGate.Waiter {
        CallGate.Waiter(ticket: ticket) {
            log.add("\(name) in")
        } giveUp: {
            log.add("\(name) gives up")
        }
    }

    @Test("One is in at a time, the others follow in their order")
    func order() {
        let gate = CallGate()
        let log = Log()
        #expect(gate.tryEnter())
        #expect(!gate.tryEnter())
        for name in ["a", "b", "c"] { gate.enter(waiter(name, log)) }
        #expect(log.all.isEmpty)
        for _ in 0..<4 { gate.leave {} }
        #expect(log.all == ["a in", "b in", "c in"])
        #expect(gate.tryEnter())
    }

    @Test("A queued ticket can be taken out, an unknown one is harmless, one cancelled early never queues")
    func cancelQueued() {
        let gate = CallGate()
        let log = Log()
        let tickets = (0..<3).map { _ in CallGate.Ticket() }
        #expect(gate.tryEnter())
        gate.enter(waiter("a", log, tickets[0]))
        gate.enter(waiter("b", log, tickets[1]))
        gate.cancel(tickets[0]) { log.add("interrupt") }
        gate.cancel(tickets[2]) { log.add("interrupt") }
        gate.enter(waiter("c", log, tickets[2]))
        gate.leave {}
        #expect(log.all == ["a gives up", "c gives up", "b in"])
    }

    @Test("Nothing of a call is kept once it has left the queue, whatever else was cancelled")
    func keepsNothing() {
        final class Parameters: Sendable {}
        let gate = CallGate()
        weak var admitted: Parameters?
        weak var cancelled: Parameters?
        let ticket = CallGate.Ticket()
        do {
            let (first, second) = (Parameters(), Parameters())
            (admitted, cancelled) = (first, second)
            #expect(gate.tryEnter())
            gate.enter(
                CallGate.Waiter(ticket: CallGate.Ticket()) {
                    _ = first
                } giveUp: {
                    _ = first
                })
            gate.enter(
                CallGate.Waiter(ticket: ticket) {
                    _ = second
                } giveUp: {
                    _ = second
                })
        }
        #expect(admitted != nil)
        gate.leave {}
        #expect(admitted == nil)
        #expect(cancelled != nil)
        gate.cancel(ticket) {}
        #expect(cancelled == nil)
        gate.leave {}
        #expect(gate.tryEnter())
    }

    @Test("A cancellation means the call that is in, and is forgotten when it leaves")
    func cancelCurrent() {
        let gate = CallGate()
        let log = Log()
        #expect(!gate.cancelCurrent { log.add("interrupt") })
        #expect(gate.tryEnter())
        #expect(gate.cancelCurrent { log.add("interrupt") })
        gate.leave { log.add("forget") }
        #expect(gate.tryEnter())
        gate.leave { log.add("forget") }
        #expect(log.all == ["interrupt", "forget"])
    }

    @Test("An admitted call that is cancelled before it starts is told so")
    func cancelAdmitted() {
        let gate = CallGate()
        let log = Log()
        let ticket = CallGate.Ticket()
        gate.enter(waiter("a", log, ticket))
        #expect(log.all == ["a in"])
        gate.cancel(ticket) { log.add("interrupt") }
        #expect(!gate.start())
        gate.leave { log.add("forget") }
        #expect(log.all == ["a in", "interrupt", "forget"])
    }

    @Test("The thread that is in is known once it has said so")
    func thread() async throws {
        let gate = CallGate()
        #expect(!gate.isHeldByThisThread)
        #expect(gate.tryEnter())
        #expect(!gate.isHeldByThisThread)
        #expect(gate.start())
        #expect(gate.isHeldByThisThread)
        #expect(try await TestThread.run { !gate.isHeldByThisThread })
    }

    @Test("A thousand waiters on several threads all get through")
    func many() async throws {
        let gate = CallGate()
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try? await TestThread.run {
                        for _ in 0..<125 {
                            gate.enter()
                            tally.visit()
                            gate.leave {}
                        }
                    }
                }
            }
        }
        #expect(tally.visits == 1_000)
        #expect(tally.most == 1)
    }
}
