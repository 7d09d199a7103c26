// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a recorder of your own does with a counter's additions. Called from any thread, many at once.
public protocol CounterHandler: AnyObject, Sendable {
    /// Adds an amount to the total.
    func increment(by amount: UInt64)
}

/// What a recorder of your own does with an up-down counter's additions. Called from any thread, many at once.
public protocol UpDownCounterHandler: AnyObject, Sendable {
    /// Adds an amount, which may be negative, to the sum.
    func add(_ amount: Int64)
}

/// What a recorder of your own does with a gauge. Called from any thread, many at once.
public protocol GaugeHandler: AnyObject, Sendable {
    /// Makes the value another one.
    func set(_ value: Double)
    /// Adds to the value.
    func add(_ amount: Double)
}

/// What a recorder of your own does with a histogram's values. Called from any thread, many at once.
public protocol HistogramHandler: AnyObject, Sendable {
    /// Takes one value: any, also infinities and NaN.
    func record(_ value: Double)
}
