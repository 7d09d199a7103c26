// SPDX-License-Identifier: MIT OR Apache-2.0

// Counting with values of labels: for one to three of them without an allocation, and for any number.

extension InstrumentFamily {
    /// Lends the instrument of one value.
    @inline(__always)
    func lend(_ first: borrowing String, _ body: (LentInstrument<Instrument>) -> Void) {
        // SAFETY: the bytes are read during the call only; an entry lives as long as its table.
        let entry =
            unsafe table.only
            ?? first.utf8.span.withUnsafeBytes { first in
                unsafe table.find(min(1, labelNames.count), first, noBytes, noBytes)
            }
        if let entry = unsafe entry { return unsafe body(LentInstrument(entry.pointee.instrument)) }
        unsafe withUnsafePointer(to: instrument(values: [copy first])) { unsafe body(LentInstrument($0)) }
    }

    /// Lends the instrument of two values.
    @inline(__always)
    func lend(_ first: borrowing String, _ second: borrowing String, _ body: (LentInstrument<Instrument>) -> Void) {
        // SAFETY: as above.
        let entry =
            unsafe table.only
            ?? first.utf8.span.withUnsafeBytes { first in
                unsafe second.utf8.span.withUnsafeBytes { second in
                    unsafe table.find(min(2, labelNames.count), first, second, noBytes)
                }
            }
        if let entry = unsafe entry { return unsafe body(LentInstrument(entry.pointee.instrument)) }
        unsafe withUnsafePointer(to: instrument(values: [copy first, copy second])) { unsafe body(LentInstrument($0)) }
    }

    /// Lends the instrument of three values.
    @inline(__always)
    func lend(
        _ first: borrowing String, _ second: borrowing String, _ third: borrowing String,
        _ body: (LentInstrument<Instrument>) -> Void
    ) {
        // SAFETY: as above.
        let entry =
            unsafe table.only
            ?? first.utf8.span.withUnsafeBytes { first in
                unsafe second.utf8.span.withUnsafeBytes { second in
                    unsafe third.utf8.span.withUnsafeBytes { third in
                        unsafe table.find(min(3, labelNames.count), first, second, third)
                    }
                }
            }
        if let entry = unsafe entry { return unsafe body(LentInstrument(entry.pointee.instrument)) }
        unsafe withUnsafePointer(to: instrument(values: [copy first, copy second, copy third])) {
            unsafe body(LentInstrument($0))
        }
    }

    // SAFETY: no bytes, and no pointer to any.
    private var noBytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
}

extension CounterFamily {
    /// Adds to the counter of one value.
    public func increment(by amount: UInt64 = 1, _ first: borrowing String) {
        lend(first) { $0.increment(by: amount) }
    }

    /// Adds to the counter of two values.
    public func increment(by amount: UInt64 = 1, _ first: borrowing String, _ second: borrowing String) {
        lend(first, second) { $0.increment(by: amount) }
    }

    /// Adds to the counter of three values.
    public func increment(
        by amount: UInt64 = 1, _ first: borrowing String, _ second: borrowing String, _ third: borrowing String
    ) {
        lend(first, second, third) { $0.increment(by: amount) }
    }

    /// Adds to the counter of as many values as there are names.
    public func increment(by amount: UInt64 = 1, values: [String]) {
        instrument(values: values).increment(by: amount)
    }
}

extension UpDownCounterFamily {
    /// Adds to the up-down counter of one value.
    public func add(_ amount: Int64, _ first: borrowing String) {
        lend(first) { $0.add(amount) }
    }

    /// Adds to the up-down counter of two values.
    public func add(_ amount: Int64, _ first: borrowing String, _ second: borrowing String) {
        lend(first, second) { $0.add(amount) }
    }

    /// Adds to the up-down counter of three values.
    public func add(_ amount: Int64, _ first: borrowing String, _ second: borrowing String, _ third: borrowing String) {
        lend(first, second, third) { $0.add(amount) }
    }

    /// Adds to the up-down counter of as many values as there are names.
    public func add(_ amount: Int64, values: [String]) {
        instrument(values: values).add(amount)
    }
}

extension GaugeFamily {
    /// Sets the gauge of one value.
    public func set(_ value: Double, _ first: borrowing String) {
        lend(first) { $0.set(value) }
    }

    /// Sets the gauge of two values.
    public func set(_ value: Double, _ first: borrowing String, _ second: borrowing String) {
        lend(first, second) { $0.set(value) }
    }

    /// Sets the gauge of three values.
    public func set(_ value: Double, _ first: borrowing String, _ second: borrowing String, _ third: borrowing String) {
        lend(first, second, third) { $0.set(value) }
    }

    /// Sets the gauge of as many values as there are names.
    public func set(_ value: Double, values: [String]) {
        instrument(values: values).set(value)
    }
}

extension HistogramFamily {
    /// Records in the histogram of one value.
    public func record(_ value: Double, _ first: borrowing String) {
        lend(first) { $0.record(value) }
    }

    /// Records in the histogram of two values.
    public func record(_ value: Double, _ first: borrowing String, _ second: borrowing String) {
        lend(first, second) { $0.record(value) }
    }

    /// Records in the histogram of three values.
    public func record(
        _ value: Double, _ first: borrowing String, _ second: borrowing String, _ third: borrowing String
    ) {
        lend(first, second, third) { $0.record(value) }
    }

    /// Records in the histogram of as many values as there are names.
    public func record(_ value: Double, values: [String]) {
        instrument(values: values).record(value)
    }
}
