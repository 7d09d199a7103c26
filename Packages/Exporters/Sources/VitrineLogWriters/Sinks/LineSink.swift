// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// Where the lines of a log go: a descriptor, files that rotate, memory. Several writers may share one.
///
/// A sink does not throw: the code that logs could do nothing about it. It counts what it loses.
public protocol LineSink: AnyObject, Sendable {
    /// Takes whole lines, each with its line feed, and lets those of no other call come between.
    ///
    /// - Parameters:
    ///   - lines: UTF-8, gone when the call returns.
    ///   - level: how much they matter; of several lines the most important.
    func write(_ lines: Swift.Span<UInt8>, level: Level)

    /// Writes what is held back, and returns when that is done or has failed.
    func flush()

    /// What was lost so far.
    var losses: LineLosses { get }
}

extension Swift.Span<UInt8> {
    /// How many lines end in it.
    var lineCount: Int {
        var count = 0
        for index in indices where self[index] == UInt8(ascii: "\n") { count += 1 }
        return count
    }
}
