// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// When a host function was called: the time from one call to the next is one host call, there and back.
final class ArrivalTimes: Sendable {
    private let times: Mutex<[UInt64]>

    /// Room for `capacity` arrivals without an allocation.
    init(capacity: Int) {
        var empty: [UInt64] = []
        empty.reserveCapacity(capacity)
        times = Mutex(empty)
    }

    /// Notes that the host function was called now.
    func note() {
        let now = Stopwatch.now
        times.withLock { $0.append(now) }
    }

    /// Gives the arrivals so far and forgets them.
    func take() -> [UInt64] {
        times.withLock { times in
            let taken = times
            times.removeAll(keepingCapacity: true)
            return taken
        }
    }

    /// The time from each arrival to the next.
    static func intervals(_ times: [UInt64]) -> [UInt64] {
        zip(times, times.dropFirst()).map { $1 - $0 }
    }
}
