// SPDX-License-Identifier: MIT OR Apache-2.0

public import Synchronization

/// A number that only grows, registered once and then incremented without any look-up.
///
/// A copy is the same counter. Get it from `MetricsRegistry.counter` and keep it: the increment is one relaxed atomic
/// addition, the registration is not.
public struct Counter: Sendable {
    @usableFromInline
    let cell: CounterCell

    init(_ cell: CounterCell) {
        self.cell = cell
    }

    /// Adds `amount`; wraps around after 2⁶⁴, which Prometheus reads as a restart.
    @inlinable
    public func increment(by amount: UInt64 = 1) {
        cell.value.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The total now.
    @inlinable
    public var value: UInt64 { cell.value.load(ordering: .relaxed) }
}

/// The shared storage of a counter.
@usableFromInline
final class CounterCell: Sendable {
    @usableFromInline
    let value = Atomic<UInt64>(0)

    init() {}
}
