// SPDX-License-Identifier: MIT OR Apache-2.0

public import Synchronization

/// A number that is set, such as a temperature or a share.
///
/// A copy is the same gauge. It is one atomic word for all threads, since the last value set has to win: setting it is a
/// plain store, about a nanosecond; adding is a loop of compare and exchange.
@safe
public struct Gauge: @unchecked Sendable {
    /// The registry's word; nil for other gauges.
    @usableFromInline let word: UnsafeMutablePointer<Atomic<UInt64>>?
    /// Another recorder's handler, or the owner of the word.
    @usableFromInline let handler: (any GaugeHandler)?

    /// A gauge that shows nothing.
    public init() {
        // SAFETY: no pointer.
        unsafe word = nil
        handler = nil
    }

    /// A gauge of a recorder of your own: everything goes to the handler.
    public init(handler: any GaugeHandler) {
        // SAFETY: no pointer.
        unsafe word = nil
        self.handler = handler
    }

    init(_ cell: GaugeCell) {
        // SAFETY: kept by the cell, which the handler refers to.
        unsafe word = cell.word
        handler = cell
    }

    /// Makes the value another one, any Double.
    @inlinable
    @inline(__always)
    public func set(_ value: Double) {
        // SAFETY: the word lives as long as its owner, which the handler refers to.
        if let word = unsafe word {
            unsafe word.pointee.store(value.bitPattern, ordering: .relaxed)
        } else if let handler {
            handler.set(value)
        }
    }

    /// Adds to the value; no addition is lost to another one.
    @inlinable
    public func add(_ amount: Double) {
        // SAFETY: as above.
        guard let word = unsafe word else {
            handler?.add(amount)
            return
        }
        var old = unsafe word.pointee.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (isExchanged, seen) = unsafe word.pointee.weakCompareExchange(
                expected: old, desired: new, ordering: .relaxed)
            if isExchanged { return }
            old = seen
        }
    }

    /// The value now; 0 for a gauge of another recorder.
    public var value: Double { (handler as? GaugeCell)?.value ?? 0 }
}

/// The word of a gauge, 0 at first.
@safe
final class GaugeCell: GaugeHandler, @unchecked Sendable {
    fileprivate let word: UnsafeMutablePointer<Atomic<UInt64>>

    init() {
        // SAFETY: a word of its own, which nobody uses without a reference to this object.
        unsafe word = .allocate(capacity: 1)
        unsafe word.initialize(to: Atomic(0))
    }

    deinit {
        // SAFETY: the word of `init`.
        unsafe word.deinitialize(count: 1).deallocate()
    }

    var value: Double {
        // SAFETY: the word of `init`.
        unsafe Double(bitPattern: word.pointee.load(ordering: .relaxed))
    }

    func set(_ value: Double) { Gauge(self).set(value) }
    func add(_ amount: Double) { Gauge(self).add(amount) }
}
