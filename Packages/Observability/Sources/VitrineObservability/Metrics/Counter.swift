// SPDX-License-Identifier: MIT OR Apache-2.0

/// A number that only grows, registered once and then incremented without any look-up.
///
/// A copy is the same counter. Get it from a `MetricsRecorder` and keep it. An increment of a registry's counter adds to
/// a cell of the calling thread, about a nanosecond, also while other threads increment the same counter; one of the
/// no-op recorder costs less. Not for signal handlers, which may interrupt an addition.
public struct Counter: Sendable {
    @usableFromInline let address: CellAddress
    /// Another recorder's handler, or the lease that keeps the cells.
    @usableFromInline let handler: (any CounterHandler)?

    /// A counter that counts nothing.
    public init() {
        address = .none
        handler = nil
    }

    /// A counter of a recorder of your own: each increment goes to the handler.
    public init(handler: any CounterHandler) {
        address = .none
        self.handler = handler
    }

    init(_ lease: CellLease) {
        // Where there is an exemplar every increment goes to the handler, so that nobody else has to look for it.
        address = lease.exemplars == nil ? lease.address : .none
        handler = lease
    }

    /// Adds `amount`; wraps around after 2⁶⁴, which Prometheus reads as a restart.
    @inlinable
    @inline(__always)
    public func increment(by amount: UInt64 = 1) {
        if address.isSome {
            ThreadCells.add(amount, at: address)
        } else if let handler {
            handler.increment(by: amount)
        }
    }

    /// The total now; 0 for a counter of another recorder, which alone knows it.
    ///
    /// Adds up all threads under a lock: for tests and exporters. It has every increment that happened before, as far as
    /// the program itself orders the two.
    public var value: UInt64 { (handler as? CellLease)?.total ?? 0 }
}
