// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability

/// Turns a guest's ticks into host time, within the stretch of the call that they can come from.
///
/// The guest writes its ticks itself, so they may be anything: each is held between the last moment known to be before
/// it and the drain, so time never runs backwards and never leaves the call.
struct CallClock: Sendable {
    private var clock: GuestClock?
    private var floor: UInt64 = 0
    private var ceiling: UInt64 = 0

    /// The guest starts to run now.
    mutating func begin(_ clock: GuestClock) {
        self.clock = clock
        floor = MonotonicInstant.now.nanoseconds
        ceiling = floor
    }

    /// The guest has stopped: nothing it wrote is later than now.
    mutating func stop() {
        ceiling = max(floor, MonotonicInstant.now.nanoseconds)
    }

    /// The guest goes on: nothing it writes from now on is earlier.
    mutating func resume() {
        floor = max(floor, MonotonicInstant.now.nanoseconds)
    }

    /// The moment of a record, in monotonic nanoseconds.
    mutating func nanoseconds(ofTicks ticks: UInt64) -> UInt64 {
        let claimed = clock?.nanoseconds(ofTicks: ticks) ?? floor
        floor = min(max(claimed, floor), max(ceiling, floor))
        return floor
    }

    /// The end of what is known: where open spans end.
    var end: Timestamp { Timestamp(MonotonicInstant(nanoseconds: max(floor, ceiling))) }
}
