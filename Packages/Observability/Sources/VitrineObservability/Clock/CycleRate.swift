// SPDX-License-Identifier: MIT OR Apache-2.0

/// How many nanoseconds a cycle takes, measured between two readings that are as far apart as is good: close ones would say it
/// badly, those long ago would not know that the kernel has changed the pace of its clock since.
struct CycleRate: Hashable, Sendable {
    /// Cycles between readings that say something: each is off by 20 ns, which over 8 ms are 5 ppm.
    static let shortest: UInt64 = 1 << 25
    /// Cycles after which a reading is old.
    static let long: UInt64 = 1 << 27
    /// Cycles after which it is of no use.
    static let longest: UInt64 = 1 << 31
    /// A rate is not believed at once if it differs from the one before by more than one part in so many: one of both clocks may
    /// have stopped or been set. If the next is like it the kernel's clock runs at another pace by now; `adjtimex` may slew it by a
    /// tenth.
    static let believedChange: UInt64 = 1_000
    /// After so many in a row that are not believed the counter is given up.
    static let patience = 8

    private var older: CycleReading
    private var newer: CycleReading
    /// Nanoseconds per cycle, 32.32; nil before it is known.
    private(set) var value: UInt64?
    /// The last that was not believed.
    private var doubted: UInt64?
    private var unbelievedCount = 0

    /// Whether the counter is of no use.
    var isHopeless: Bool { unbelievedCount >= Self.patience }

    /// Begins at a reading.
    init(from reading: CycleReading) {
        older = reading
        newer = reading
    }

    /// Takes a later reading in.
    mutating func add(_ reading: CycleReading) {
        let elapsed = reading.cycles &- older.cycles
        let nanoseconds = reading.nanoseconds &- older.nanoseconds
        if elapsed > Self.longest || nanoseconds >> 31 != 0 { return begin(reading) }
        guard elapsed >= Self.shortest else { return }
        let measured = (nanoseconds << 32) / elapsed
        guard isBelievable(measured) else {
            unbelievedCount += 1
            doubted = measured
            return begin(reading)
        }
        unbelievedCount = 0
        value = measured
        guard reading.cycles &- newer.cycles >= Self.long else { return }
        older = newer
        newer = reading
    }

    private func isBelievable(_ measured: UInt64) -> Bool {
        // Outside of 500 MHz to 10 GHz it is no counter of cycles.
        guard measured >> 33 == 0, measured > (1 << 32) / 10 else { return false }
        guard let value else { return true }
        return [value, doubted ?? value].contains { max(measured, $0) - min(measured, $0) <= $0 / Self.believedChange }
    }

    private mutating func begin(_ reading: CycleReading) {
        older = reading
        newer = reading
    }
}
