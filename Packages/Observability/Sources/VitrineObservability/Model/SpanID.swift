// SPDX-License-Identifier: MIT OR Apache-2.0

/// The 64-bit identifier of a span, as W3C trace context defines it. Never zero.
///
/// https://www.w3.org/TR/trace-context/#parent-id
@frozen
public struct SpanID: Hashable, Sendable {
    /// The eight bytes, the first written one in the top bits.
    public let rawValue: UInt64

    /// An identifier of a value, or nil for zero, which W3C calls invalid.
    public init?(rawValue: UInt64) {
        guard rawValue != 0 else { return nil }
        self.rawValue = rawValue
    }

    /// Reads 16 lower-case hexadecimal digits; nil for anything else and for all zeros.
    public init?(_ description: String) {
        guard let value = Hexadecimal.value(description[...].utf8) else { return nil }
        self.init(rawValue: value)
    }

    @inline(__always)
    init(unchecked rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// A new identifier from the calling thread's generator: a few nanoseconds, no system call after the first.
    ///
    /// Unique, not secret: the generator is not a cryptographic one.
    public static func random() -> SpanID {
        SpanID(randomOf: .current)
    }
}

extension SpanID: LosslessStringConvertible {
    /// The 16 lower-case hexadecimal digits of W3C trace context.
    public var description: String { Hexadecimal.string(rawValue) }
}
