// SPDX-License-Identifier: MIT OR Apache-2.0

/// A sum that goes up and down by whole amounts, such as sandboxes alive.
///
/// Costs and rules are those of `Counter`. It may be added to in one thread and taken from in another.
public struct UpDownCounter: Sendable {
    @usableFromInline let address: CellAddress
    /// Another recorder's handler, or the lease that keeps the cells.
    @usableFromInline let handler: (any UpDownCounterHandler)?

    /// A counter that counts nothing.
    public init() {
        address = .none
        handler = nil
    }

    /// A counter of a recorder of your own: each addition goes to the handler.
    public init(handler: any UpDownCounterHandler) {
        address = .none
        self.handler = handler
    }

    init(_ lease: CellLease) {
        address = lease.address
        handler = lease
    }

    /// Adds `amount`, which may be negative; wraps around beyond the range of Int64.
    @inlinable
    @inline(__always)
    public func add(_ amount: Int64) {
        if address.isSome {
            ThreadCells.add(UInt64(bitPattern: amount), at: address)
        } else if let handler {
            handler.add(amount)
        }
    }

    /// Adds 1.
    @inlinable
    @inline(__always)
    public func increment() { add(1) }

    /// Takes 1 away.
    @inlinable
    @inline(__always)
    public func decrement() { add(-1) }

    /// The sum now; 0 for a counter of another recorder. Adds up all threads under a lock.
    public var value: Int64 { Int64(bitPattern: (handler as? CellLease)?.total ?? 0) }
}
