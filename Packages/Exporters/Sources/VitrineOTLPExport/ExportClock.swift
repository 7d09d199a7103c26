// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// What the pipeline knows of the world outside: the time, and chance.
struct ExportClock: Sendable {
    /// Nanoseconds of a clock that never runs backwards.
    let now: @Sendable () -> UInt64
    /// The wall clock, which dates of receivers are compared with.
    let wallTime: @Sendable () -> Timestamp
    /// A number from 0 to 1.
    let random: @Sendable () -> Double

    /// The system's.
    static let system = ExportClock(
        now: { MonotonicInstant.now.nanoseconds }, wallTime: { .now }, random: { .random(in: 0...1) })
}
