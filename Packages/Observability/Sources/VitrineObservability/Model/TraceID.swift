// SPDX-License-Identifier: MIT OR Apache-2.0

/// The 128-bit identifier of a trace, as W3C trace context defines it. Never zero.
///
/// https://www.w3.org/TR/trace-context/#trace-id
@frozen
public struct TraceID: Hashable, Sendable {
    /// The first eight bytes, in the order they are written.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// An identifier of two halves, or nil when both are zero, which W3C calls invalid.
    public init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// Reads 32 lower-case hexadecimal digits; nil for anything else and for all zeros.
    public init?(_ description: String) {
        let utf8 = description.utf8
        guard utf8.count == 32,
            let high = Hexadecimal.value(description[..<utf8.index(utf8.startIndex, offsetBy: 16)].utf8),
            let low = Hexadecimal.value(description[utf8.index(utf8.startIndex, offsetBy: 16)...].utf8)
        else { return nil }
        self.init(high: high, low: low)
    }

    @inline(__always)
    init(unchecked high: UInt64, _ low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new identifier from the calling thread's generator: a few nanoseconds, no system call after the first.
    ///
    /// Unique, not secret: the generator is not a cryptographic one.
    public static func random() -> TraceID {
        TraceID(randomOf: .current)
    }
}

extension TraceID: LosslessStringConvertible {
    /// The 32 lower-case hexadecimal digits of W3C trace context.
    public var description: String { Hexadecimal.string(high) + Hexadecimal.string(low) }
}
