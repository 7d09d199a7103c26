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
        readings(count, warmUp: warmUp, by: meter).map(\.difference)
    }

    /// The same with the readings of the meter.
    func readings(_ count: Int, warmUp: Int, by meter: @escaping Meter) -> [Readings] {
        switch self {
        case .plain(let body):
            body(warmUp)
            let start = meter()
            body(count)
            // Not in the array's literal, which allocates before it has its elements.
            let end = meter()
            return [Readings(start: start, end: end)]
        case .asynchronous(let body):
            let meeting = Meeting()
            Task.detached {
                await body(warmUp)
                let start = meter()
                await body(count)
                meeting.end(Readings(start: start, end: meter()))
            }
            return [meeting.wait()]
        case .onTwoThreads(let body):
            let meeting = Meeting()
            Thread.detachNewThread {
                body(warmUp)
                meeting.start()
                let start = meter()
                body(count)
                meeting.end(Readings(start: start, end: meter()))
            }
            body(warmUp)
            meeting.start()
            let start = meter()
            body(count)
            let own = Readings(start: start, end: meter())
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

/// What a meter shows before and after a loop.
struct Readings: Hashable, Sendable {
    let start: UInt64
    let end: UInt64

    var difference: UInt64 { end - start }

    /// Whether loops that a clock has measured ran at once for most of each. Two threads on a busy machine often take turns
    /// on one processor, and then do not disturb each other at all.
    static func areSimultaneous(_ readings: [Readings]) -> Bool {
        guard let start = readings.map(\.start).max(), let end = readings.map(\.end).min() else { return false }
        return readings.allSatisfy { start < end && 2 * (end - start) > $0.difference } || readings.count == 1
    }
}

/// Where two threads wait for each other.
private final class Meeting: Sendable {
    private let arrivals = Atomic<Int>(0)
    private let result = Mutex(Readings(start: 0, end: 0))
    private let isOver = DispatchSemaphore(value: 0)

    /// Returns on both threads at the same moment: they spin, for waking up takes longer than many a loop.
    func start() {
        arrivals.wrappingAdd(1, ordering: .acquiringAndReleasing)
        while arrivals.load(ordering: .acquiring) < 2 {}
    }

    func end(_ readings: Readings) {
        result.withLock { $0 = readings }
        isOver.signal()
    }

    func wait() -> Readings {
        isOver.wait()
        return result.withLock { $0 }
    }
}
