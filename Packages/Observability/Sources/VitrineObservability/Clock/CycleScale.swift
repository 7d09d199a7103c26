// SPDX-License-Identifier: MIT OR Apache-2.0

/// A count of cycles, and what the kernel's monotonic clock said at that moment.
struct CycleReading: Hashable, Sendable {
    var cycles: UInt64
    var nanoseconds: UInt64
}

/// A straight line from cycles to nanoseconds, for a short while: what the counter is read by between two looks at the kernel's
/// clock.
///
/// One line goes over into the next without a step back, and so that at the end of the next the clock would be right: what it
/// was ahead by is made up for by a smaller rate.
struct CycleScale: Hashable, Sendable {
    /// For how many cycles a line is to be used, 8 to 34 ms at 4 to 1 GHz.
    static let span: UInt64 = 1 << 25
    /// For how many it is used while nobody has the time to draw the next one.
    static let longestSpan: UInt64 = 1 << 31

    /// By how many cycles the counter of another processor may be behind: the kernel bears no more than it can't measure.
    private static let skew: UInt64 = 1 << 12

    /// Where the line begins.
    var origin: CycleReading
    /// Nanoseconds per cycle, 32.32 fixed point.
    var rate: UInt64

    /// Whether the line is to be used at a count, which may be of a processor whose counter is a little behind.
    func isGood(at cycles: UInt64) -> Bool { cycles &- origin.cycles &+ Self.skew < Self.span }

    /// The clock at a count of the line.
    @inline(__always)
    func nanoseconds(at cycles: UInt64) -> UInt64 {
        Self.nanoseconds(elapsed: cycles &- origin.cycles, from: origin.nanoseconds, rate)
    }

    /// The same of its parts. No product of a line is too large: its cycles are below 2^31, its rate below 2^33.
    @inline(__always)
    static func nanoseconds(elapsed: UInt64, from start: UInt64, _ rate: UInt64) -> UInt64 {
        start &+ (elapsed &* rate) &>> 32
    }

    /// The latest time that anybody may have read until then.
    func given(by cycles: UInt64) -> UInt64 {
        let elapsed = cycles &- origin.cycles
        if elapsed < Self.longestSpan { return nanoseconds(at: cycles) }
        // Before the line began: on another processor, whose counter is some cycles behind, or the counter was set.
        if Int64(bitPattern: elapsed) < 0 { return origin.nanoseconds }
        return nanoseconds(at: origin.cycles &+ (Self.longestSpan - 1))
    }

    /// The line that goes on from this one where the kernel's clock was read.
    ///
    /// - Parameters:
    ///   - reading: a later moment.
    ///   - measured: nanoseconds per cycle of late, 32.32.
    func next(at reading: CycleReading, measured: UInt64) -> CycleScale {
        let start = max(reading.nanoseconds, given(by: reading.cycles))
        let ahead = min(start - reading.nanoseconds, 1 << 31)
        // Half the rate at least: a clock that stands still would be no clock.
        let less = min((ahead << 32) / Self.span, measured / 2)
        return CycleScale(origin: CycleReading(cycles: reading.cycles, nanoseconds: start), rate: measured - less)
    }
}
