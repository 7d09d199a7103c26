// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
internal import VitrineHypervisor

/// Cancellation and deadlines.
enum InterruptChecks {
    static let all = [
        ConformanceCheck("a cancellation before a run ends it before the guest goes on", cancelBefore),
        ConformanceCheck("a cancellation from another thread stops a spinning guest", cancelDuring),
        ConformanceCheck("a cancellation from the exit handler ends the run", cancelInHandler),
        ConformanceCheck("a cancellation after a run ends the next one", cancelAfter),
        ConformanceCheck("a cleared cancellation is forgotten", cleared),
        ConformanceCheck("a cancellation stops a guest whose every exit is resumed", cancelExits),
        ConformanceCheck("a cancellation leaves other machines alone", cancelOther),
        ConformanceCheck("no cancellation at any moment is lost", manyCancellations),
        ConformanceCheck("a deadline stops a spinning guest", relaxedBy: [.coarseDeadline], deadline),
        ConformanceCheck("a deadline stops a guest whose every exit is resumed", deadlineOfExits),
        ConformanceCheck("a deadline that has passed ends the run before the guest goes on", passedDeadline),
        ConformanceCheck("a deadline that is not reached changes nothing", laterDeadline),
        ConformanceCheck("a guest stopped by force goes on where it was", goesOn),
    ]

    /// mov $data, %rdi; 1: incq (%rdi); jmp 1b
    static let counting = MachineCode.loadRDI(TinyGuest.data) + [0x48, 0xFF, 0x07, 0xEB, 0xFB]
    /// mov $data, %rdi; 1: incq (%rdi); ring; jmp 1b
    static let ringing =
        MachineCode.loadRDI(TinyGuest.data) + [0x48, 0xFF, 0x07] + MachineCode.ring(0xE0) + [0xEB, 0xF7]

    @Sendable private static func cancelBefore(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        guest.machine.interruptHandle.cancel()
        guest.machine.interruptHandle.cancel()
        try expect("outcome", try guest.run(deadline: nil) { _, _ in .stop }, is: .cancelled)
        try expect("count", try guest.word(at: TinyGuest.data), is: 0)
        try expect("refused runs", guest.machine.counters.refusedRuns, is: 1)
        // Consumed by exactly one run.
        try guest.expectPort(0xE0)
    }

    @Sendable private static func cancelDuring(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, counting)
        var rounds: UInt64 = 0
        // Later and later, until one has come while the guest ran: a busy machine may let the other thread go first.
        for microseconds in [0, 50, 500, 5_000, 50_000, 500_000, 5_000_000] {
            if rounds >= 4, guest.machine.counters.refusedRuns < rounds, try guest.word(at: TinyGuest.data) > 0 {
                break
            }
            rounds += 1
            let handle = guest.machine.interruptHandle
            let thread = HostThread {
                HostThread.sleep(microseconds: microseconds)
                handle.cancel()
            }
            try expect("outcome", try guest.run(deadline: nil) { _, _ in .resume }, is: .cancelled)
            thread?.join()
        }
        // One that comes before the run is refused.
        guard guest.machine.counters.refusedRuns < rounds else {
            throw .value(
                of: "refused runs", expected: "fewer than \(rounds)", actual: "\(guest.machine.counters.refusedRuns)")
        }
        guard try guest.word(at: TinyGuest.data) > 0 else {
            throw .value(of: "count", expected: "more than 0", actual: "0")
        }
    }

    @Sendable private static func cancelInHandler(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        let handle = guest.machine.interruptHandle
        var exits = 0
        let outcome = try guest.run(deadline: nil) { _, _ in
            exits += 1
            if exits == 3 { handle.cancel() }
            return exits < 1000 ? .resume : .stop
        }
        try expect("outcome", outcome, is: .cancelled)
        try expect("exits", exits, is: 3)
        try guest.expectPort(0xE0)
    }

    @Sendable private static func cancelAfter(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        let handle = guest.machine.interruptHandle
        // With the handler's last word, and after the run.
        let outcome = try guest.run(deadline: nil) { _, _ in
            handle.cancel()
            return .stop
        }
        try expect("outcome", outcome, is: .stopped)
        try expect("outcome", try guest.run(deadline: nil) { _, _ in .stop }, is: .cancelled)
        try guest.expectPort(0xE0)
        handle.cancel()
        try expect("outcome", try guest.run(deadline: nil) { _, _ in .stop }, is: .cancelled)
        try guest.expectPort(0xE0)
        try expect("count", try guest.word(at: TinyGuest.data), is: 3)
    }

    @Sendable private static func cleared(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        guest.machine.interruptHandle.cancel()
        guest.machine.interruptHandle.clear()
        try guest.expectPort(0xE0)
    }

    @Sendable private static func cancelExits(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        let handle = guest.machine.interruptHandle
        let thread = HostThread {
            HostThread.sleep(microseconds: 2000)
            handle.cancel()
        }
        try expect("outcome", try guest.run(deadline: nil) { _, _ in .resume }, is: .cancelled)
        thread?.join()
    }

    @Sendable private static func cancelOther(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let idle = try TinyGuest(hypervisor, ringing)
        var guest = try TinyGuest(hypervisor, ringing)
        idle.machine.interruptHandle.cancel()
        for _ in 0..<50 { try guest.expectPort(0xE0) }
        try expect("count", try guest.word(at: TinyGuest.data), is: 50)
    }

    @Sendable private static func manyCancellations(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        let handle = guest.machine.interruptHandle
        let rounds = 300
        let pending = PendingRounds()
        // The other thread cancels once a round, at a moment that varies; each must be seen before the next is sent.
        let thread = HostThread {
            for round in 1...rounds {
                while pending.seen.load(ordering: .acquiring) != round - 1 { HostThread.sleep(microseconds: 1) }
                HostThread.sleep(microseconds: round * 37 % 101)
                handle.cancel()
            }
        }
        guard let thread else { throw .hypervisor(.systemCall(name: "pthread_create", errno: 0)) }
        var cancelled = 0
        let end = HostInstant.now.advanced(by: .seconds(300))
        while cancelled < rounds, HostInstant.now < end {
            var exits = 0
            // Short runs, so that cancellations fall before, into and behind them.
            let outcome = try guest.run(deadline: nil) { _, _ in
                exits += 1
                return exits < 3 ? .resume : .stop
            }
            if outcome == .cancelled {
                cancelled += 1
                pending.seen.store(cancelled, ordering: .releasing)
            }
        }
        pending.seen.store(rounds, ordering: .releasing)
        thread.join()
        try expect("cancelled runs", cancelled, is: rounds)
        try guest.expectPort(0xE0)
    }

    private final class PendingRounds: Sendable { let seen = Atomic<Int>(0) }

    @Sendable private static func deadline(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, counting)
        var shortest = Duration.seconds(10)
        // The machine that runs the suite may be busy, so only the best is held to a limit, and is given many tries.
        let limit: Duration = guest.differences.contains(.coarseDeadline) ? .milliseconds(100) : .milliseconds(1)
        for round in 0..<1_000 where round < 4 || shortest >= limit {
            let deadline = HostInstant.now.advanced(by: .milliseconds([1, 2, 3, 5][round % 4]))
            try expect("outcome", try guest.run(deadline: deadline) { _, _ in .resume }, is: .deadlineExceeded)
            let overshoot = deadline.duration(to: .now)
            guard overshoot >= .zero else {
                throw .value(of: "overshoot", expected: "0 or more", actual: "\(overshoot)")
            }
            shortest = min(shortest, overshoot)
        }
        guard shortest < limit else {
            throw .value(of: "overshoot", expected: "below \(limit)", actual: "\(shortest)")
        }
    }

    @Sendable private static func deadlineOfExits(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        let deadline = HostInstant.now.advanced(by: .milliseconds(3))
        try expect("outcome", try guest.run(deadline: deadline) { _, _ in .resume }, is: .deadlineExceeded)
        try guest.expectPort(0xE0)
    }

    @Sendable private static func passedDeadline(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        for deadline in [HostInstant(nanoseconds: 0), .now] {
            try expect("outcome", try guest.run(deadline: deadline) { _, _ in .stop }, is: .deadlineExceeded)
        }
        try expect("count", try guest.word(at: TinyGuest.data), is: 0)
        try expect("refused runs", guest.machine.counters.refusedRuns, is: 2)
        try guest.expectPort(0xE0)
    }

    @Sendable private static func laterDeadline(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        // A busy machine may not come to the first ring in 20 ms.
        for milliseconds in [20, 200, 2_000] where try isNotReached(milliseconds, hypervisor) { return }
        guard try isNotReached(20_000, hypervisor) else {
            throw .outcome(expected: .stopped, actual: .deadlineExceeded)
        }
    }

    /// Whether the guest came to each ring before the deadline; what a deadline does that it did not reach is checked.
    private static func isNotReached(_ milliseconds: Int, _ hypervisor: any Hypervisor) throws(ConformanceFailure)
        -> Bool
    {
        var guest = try TinyGuest(hypervisor, ringing)
        for count: UInt64 in 1...20 {
            // The first deadlines pass while the guest rests, and must not reach a later run.
            let deadline = HostInstant.now.advanced(by: .milliseconds(count < 10 ? milliseconds : 1_000_000))
            let outcome = try guest.run(deadline: deadline) { _, _ in .stop }
            if outcome == .deadlineExceeded, HostInstant.now >= deadline { return false }
            try expect("outcome", outcome, is: .stopped)
            try expect("count", try guest.word(at: TinyGuest.data), is: count)
        }
        HostThread.sleep(microseconds: milliseconds * 1_250)
        try guest.expectPort(0xE0)
        try expect("erroneous kicks", guest.machine.counters.erroneousKicks, is: 0)
        try expect("refused runs", guest.machine.counters.refusedRuns, is: 0)
        return true
    }

    @Sendable private static func goesOn(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, counting)
        var before: UInt64 = 0
        for _ in 0..<5 {
            var count = before
            // A busy machine may let the time pass before the guest has had any.
            for _ in 0..<100 where count == before {
                let deadline = HostInstant.now.advanced(by: .milliseconds(3))
                try expect("outcome", try guest.run(deadline: deadline) { _, _ in .resume }, is: .deadlineExceeded)
                count = try guest.word(at: TinyGuest.data)
            }
            guard count > before else { throw .value(of: "count", expected: "above \(before)", actual: "\(count)") }
            before = count
        }
    }
}
