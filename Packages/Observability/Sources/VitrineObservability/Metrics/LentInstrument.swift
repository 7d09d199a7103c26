// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// An instrument used where it lies, in an entry of a table: to take it out would count a reference, and all threads would
/// write to that count.
@safe
struct LentInstrument<Instrument> {
    private let pointer: UnsafePointer<Instrument>

    /// To be used only while the instrument lies there.
    @inline(__always)
    init(_ pointer: UnsafePointer<Instrument>) {
        // SAFETY: the caller's pointer, of which it says that it is valid for as long as this is used.
        unsafe self.pointer = unsafe pointer
    }
}

extension LentInstrument<Counter> {
    @inline(__always)
    func increment(by amount: UInt64) {
        // SAFETY: see `init`.
        let address = unsafe pointer.pointee.address
        if address.isSome { return ThreadCells.add(amount, at: address) }
        unsafe pointer.pointee.increment(by: amount)
    }
}

extension LentInstrument<UpDownCounter> {
    @inline(__always)
    func add(_ amount: Int64) {
        // SAFETY: see `init`.
        let address = unsafe pointer.pointee.address
        if address.isSome { return ThreadCells.add(UInt64(bitPattern: amount), at: address) }
        unsafe pointer.pointee.add(amount)
    }
}

extension LentInstrument<Gauge> {
    @inline(__always)
    func set(_ value: Double) {
        // SAFETY: see `init`; a gauge's word lives as long as the gauge.
        if let word = unsafe pointer.pointee.word {
            return unsafe word.pointee.store(value.bitPattern, ordering: .relaxed)
        }
        unsafe pointer.pointee.set(value)
    }
}

extension LentInstrument<Histogram> {
    @inline(__always)
    func record(_ value: Double) {
        // SAFETY: see `init`; a histogram's layout lives as long as the histogram.
        if let layout = unsafe pointer.pointee.layout,
            unsafe Histogram.record(value, layout, pointer.pointee.address)
        {
            return
        }
        unsafe pointer.pointee.recordElsewhere(value)
    }
}
