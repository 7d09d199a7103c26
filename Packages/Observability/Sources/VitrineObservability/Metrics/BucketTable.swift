// SPDX-License-Identifier: MIT OR Apache-2.0

/// How the bucket of a value is found, in a few instructions for any bounds.
///
/// The bits of doubles, with those below the sign flipped for negative ones, are integers in the same order. So the
/// leading bits of a value (its sign, exponent and the beginning of its mantissa) choose an entry of a table that says how
/// many bounds lie before all values with such bits; only the bounds with just these leading bits are left to be compared,
/// one as a rule.
@safe
@usableFromInline
struct BucketLayout {
    /// The bounds, and infinity behind them.
    @usableFromInline let bounds: UnsafeMutablePointer<Double>
    /// How many bounds lie before the values of the entry.
    @usableFromInline let entries: UnsafeMutablePointer<UInt16>
    /// The leading bits of the first entry.
    @usableFromInline let base: Int
    /// The number of the last entry.
    @usableFromInline let last: Int
    /// How many bits are not leading.
    @usableFromInline let shift: Int
    /// The most bounds of one entry.
    @usableFromInline let steps: Int
    /// The least value that is recorded; the greatest is the greatest finite one.
    @usableFromInline let lowest: Double

    /// The bits of a double as an integer of the same order.
    @inlinable
    @inline(__always)
    static func ordered(_ value: Double) -> Int {
        let bits = Int(bitPattern: UInt(value.bitPattern))
        return bits ^ ((bits &>> 63) & Int.max)
    }

    /// The number of the bucket of a value: how many bounds are below it. NaN gets any.
    @inlinable
    @inline(__always)
    func bucket(of value: Double) -> Int {
        let entry = min(max((Self.ordered(value) &>> shift) &- base, 0), last)
        // SAFETY: the entry was clamped to the table. An entry and the bounds counted in `steps` do not exceed the number of
        // bounds, and infinity behind them is below nothing.
        var bucket = unsafe Int(truncatingIfNeeded: entries[entry])
        var step = steps
        while step > 0 {
            bucket &+= unsafe value > bounds[bucket] ? 1 : 0
            step &-= 1
        }
        return bucket
    }
}

/// A layout and its memory, shared by all series of a family.
@safe
final class BucketTable: @unchecked Sendable {
    /// 8 KiB of entries: any bounds by their exponents, the usual ones by some more bits.
    static let maximumEntryCount = 4_096

    let bounds: [Double]
    let layout: UnsafeMutablePointer<BucketLayout>

    /// - Parameters:
    ///   - bounds: finite and strictly increasing.
    ///   - lowest: the least value that may be recorded.
    init(bounds: [Double], lowest: Double = -.greatestFiniteMagnitude) {
        self.bounds = bounds
        let (shift, steps) = Self.division(of: bounds)
        let cells = bounds.map { BucketLayout.ordered($0) &>> shift }
        let base = cells.first ?? 0
        let last = (cells.last ?? 0) - base
        // SAFETY: memory of its own and of the lengths that the layout speaks of, all initialized; it lives as long as the
        // object.
        let boundsMemory = UnsafeMutablePointer<Double>.allocate(capacity: bounds.count + 1)
        let entries = UnsafeMutablePointer<UInt16>.allocate(capacity: last + 1)
        for (number, bound) in bounds.enumerated() { unsafe (boundsMemory + number).initialize(to: bound) }
        unsafe (boundsMemory + bounds.count).initialize(to: .infinity)
        var before = 0
        for entry in 0...last {
            while before < cells.count, cells[before] < base + entry { before += 1 }
            unsafe (entries + entry).initialize(to: UInt16(before))
        }
        unsafe layout = .allocate(capacity: 1)
        unsafe layout.initialize(
            to: BucketLayout(
                bounds: boundsMemory, entries: entries, base: base, last: last, shift: shift, steps: steps,
                lowest: lowest))
    }

    deinit {
        // SAFETY: the memory of `init`; handles to it refer to this object. None of the types has anything to undo.
        unsafe layout.pointee.bounds.deallocate()
        unsafe layout.pointee.entries.deallocate()
        unsafe layout.deallocate()
    }

    /// The bucket of a value, for tests.
    func bucket(of value: Double) -> Int {
        // SAFETY: the layout of `init`.
        unsafe layout.pointee.bucket(of: value)
    }

    /// The most bounds that are compared for a value.
    var steps: Int {
        // SAFETY: the layout of `init`.
        unsafe layout.pointee.steps
    }

    /// How many bits to leave out: as many as leave one bound to an entry, or as few bounds as the largest table allows.
    private static func division(of bounds: [Double]) -> (shift: Int, steps: Int) {
        guard let first = bounds.first, let last = bounds.last else { return (52, 0) }
        var best = (shift: 52, steps: Int.max)
        // By sign and exponent alone even all finite doubles need no more entries than are allowed.
        for shift in (0...52).reversed() {
            let base = BucketLayout.ordered(first) &>> shift
            guard (BucketLayout.ordered(last) &>> shift) - base < maximumEntryCount else { break }
            var steps = 0
            var run = 0
            var previous: Int?
            for bound in bounds {
                let cell = BucketLayout.ordered(bound) &>> shift
                run = cell == previous ? run + 1 : 1
                previous = cell
                steps = max(steps, run)
            }
            if steps < best.steps { best = (shift, steps) }
            if steps == 1 { break }
        }
        return best
    }
}
