// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// An operation done so many times in a row and measured as one: what takes a nanosecond cannot be timed alone.
public enum Loop: Sendable {
    /// On the calling thread.
    case plain(@Sendable (Int) -> Void)
    /// In a task.
    case asynchronous(@Sendable (Int) async -> Void)
    /// On two threads at once, so many times on each.
    case onTwoThreads(@Sendable (Int) -> Void)

    /// Reads something that only grows: a clock, a count of allocations.
    public typealias Meter = @Sendable () -> UInt64

    /// Does it `count` times and returns by how much the meter went on meanwhile: one number, or one for each thread.
    ///
    /// What a task or a thread does for the first time is not measured: `warmUp` operations come before, in the same one.
    public func measure(_ count: Int, warmUp: Int, by meter: @escaping Meter) -> [UInt64] {
        switch self {
        case .plain(let body):
            body(warmUp)
            let start = meter()
            body(count)
            // Not in the array's literal, which allocates before it has its elements.
            let end = meter()
            return [end - start]
        case .asynchronous(let body):
            let meeting = Meeting()
            Task.detached {
                await body(warmUp)
                let start = meter()
                await body(count)
                meeting.end(meter() - start)
            }
            return [meeting.wait()]
        case .onTwoThreads(let body):
            let meeting = Meeting()
            Thread.detachNewThread {
                body(warmUp)
                meeting.start()
                let start = meter()
                body(count)
                meeting.end(meter() - start)
            }
            body(warmUp)
            meeting.start()
            let start = meter()
            body(count)
            let own = meter() - start
            return [own, meeting.wait()]
        }
    }

    /// Does it `count` times.
    public func run(_ count: Int) {
        _ = measure(count, warmUp: 0) { 0 }
    }

    /// How many operations take about `duration`, by a clock of the same unit: a power of two, at most 2²⁴.
    func operationCount(for duration: UInt64, by clock: @escaping Meter) -> Int {
        var count = 1
        while count < 1 << 24, (measure(count, warmUp: 1, by: clock).max() ?? duration) < duration { count *= 2 }
        return count
    }
}

/// Where two threads wait for each other.
private final class Meeting: Sendable {
    private let arrivals = Atomic<Int>(0)
    private let result = Atomic<UInt64>(0)
    private let isOver = DispatchSemaphore(value: 0)

    /// Returns on both threads at the same moment: they spin, for waking up takes longer than many a loop.
    func start() {
        arrivals.wrappingAdd(1, ordering: .acquiringAndReleasing)
        while arrivals.load(ordering: .acquiring) < 2 {}
    }

    func end(_ value: UInt64) {
        result.store(value, ordering: .releasing)
        isOver.signal()
    }

    func wait() -> UInt64 {
        isOver.wait()
        return result.load(ordering: .acquiring)
    }
}
